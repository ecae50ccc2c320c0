// Tests of PencilBeam.
