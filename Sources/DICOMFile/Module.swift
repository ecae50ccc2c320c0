enum DICOMFileModule {}
