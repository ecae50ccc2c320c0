enum CaseFilesModule {}
