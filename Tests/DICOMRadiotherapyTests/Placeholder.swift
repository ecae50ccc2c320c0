// Tests of DICOMRadiotherapy.
