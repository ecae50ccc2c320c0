enum RadiobiologyModule {}
