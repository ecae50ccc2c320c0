enum IonTransportModule {}
