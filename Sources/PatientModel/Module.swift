enum PatientModelModule {}
