// Tests of NumericKernels.
