// Tests of PatientModel.
