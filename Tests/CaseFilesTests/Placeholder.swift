// Tests of CaseFiles.
