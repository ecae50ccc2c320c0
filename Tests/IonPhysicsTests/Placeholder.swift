// Tests of IonPhysics.
