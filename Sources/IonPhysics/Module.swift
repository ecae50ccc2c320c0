enum IonPhysicsModule {}
