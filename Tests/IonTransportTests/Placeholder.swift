// Tests of IonTransport.
