// Tests of DICOMFile.
