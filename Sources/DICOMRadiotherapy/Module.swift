enum DICOMRadiotherapyModule {}
