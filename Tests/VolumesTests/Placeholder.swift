// Tests of Volumes.
