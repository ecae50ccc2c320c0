// Tests of BeamCommissioning.
