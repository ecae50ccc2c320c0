// Tests of BeamData.
