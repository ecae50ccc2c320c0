// Tests of Radiobiology.
