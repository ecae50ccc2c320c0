enum PencilBeamModule {}
