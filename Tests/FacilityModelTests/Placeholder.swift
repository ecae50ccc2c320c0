// Tests of FacilityModel.
