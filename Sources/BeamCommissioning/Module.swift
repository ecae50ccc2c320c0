enum BeamCommissioningModule {}
