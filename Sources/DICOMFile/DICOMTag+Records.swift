// Elements of treatment records; names and numbers after the data dictionary of DICOM PS3.6 as DCMTK 3.6.7 ships it; a test compares them.

extension DICOMTag {
    public static let treatmentDate = DICOMTag(0x3008, 0x0250)
    public static let treatmentTime = DICOMTag(0x3008, 0x0251)
    public static let treatmentMachineSequence = DICOMTag(0x300A, 0x0206)
    public static let treatmentSessionIonBeamSequence = DICOMTag(0x3008, 0x0021)
    public static let currentFractionNumber = DICOMTag(0x3008, 0x0022)
    public static let treatmentTerminationStatus = DICOMTag(0x3008, 0x002A)
    public static let treatmentTerminationDescription = DICOMTag(0x300A, 0x0730)
    public static let treatmentVerificationStatus = DICOMTag(0x3008, 0x002C)
    public static let specifiedPrimaryMeterset = DICOMTag(0x3008, 0x0032)
    public static let specifiedSecondaryMeterset = DICOMTag(0x3008, 0x0033)
    public static let deliveredPrimaryMeterset = DICOMTag(0x3008, 0x0036)
    public static let deliveredSecondaryMeterset = DICOMTag(0x3008, 0x0037)
    public static let deliveredTreatmentTime = DICOMTag(0x3008, 0x003B)
    public static let ionControlPointDeliverySequence = DICOMTag(0x3008, 0x0041)
    public static let referencedControlPointIndex = DICOMTag(0x300C, 0x00F0)
    public static let treatmentControlPointDate = DICOMTag(0x3008, 0x0024)
    public static let treatmentControlPointTime = DICOMTag(0x3008, 0x0025)
    public static let specifiedMeterset = DICOMTag(0x3008, 0x0042)
    public static let deliveredMeterset = DICOMTag(0x3008, 0x0044)
    public static let scanSpotMetersetsDelivered = DICOMTag(0x3008, 0x0047)
    public static let scanSpotPrescribedIndices = DICOMTag(0x300A, 0x0391)
    public static let scanSpotReordered = DICOMTag(0x300A, 0x0393)
    public static let scanSpotTimeOffset = DICOMTag(0x300A, 0x038F)
    public static let recordedRangeShifterSequence = DICOMTag(0x3008, 0x00F2)
    public static let recordedLateralSpreadingDeviceSequence = DICOMTag(0x3008, 0x00F4)
    public static let recordedRangeModulatorSequence = DICOMTag(0x3008, 0x00F6)
    public static let interlockSequence = DICOMTag(0x300A, 0x0740)
    public static let interlockDateTime = DICOMTag(0x300A, 0x0741)
    public static let interlockDescription = DICOMTag(0x300A, 0x0742)
    public static let interlockCodeSequence = DICOMTag(0x300A, 0x0744)
    public static let interlockResolutionCodeSequence = DICOMTag(0x300A, 0x0745)
    public static let interlockResolutionUserSequence = DICOMTag(0x300A, 0x0746)
    public static let interlockOriginDescription = DICOMTag(0x300A, 0x0783)
    public static let overrideSequence = DICOMTag(0x3008, 0x0060)
    public static let overrideParameterPointer = DICOMTag(0x3008, 0x0062)
    public static let overrideReason = DICOMTag(0x3008, 0x0066)
    public static let referencedSetupImageSequence = DICOMTag(0x300A, 0x0401)
    public static let codeValue = DICOMTag(0x0008, 0x0100)
    public static let codingSchemeDesignator = DICOMTag(0x0008, 0x0102)
    public static let codeMeaning = DICOMTag(0x0008, 0x0104)
    public static let personIdentificationCodeSequence = DICOMTag(0x0040, 0x1101)

    /// Every tag above with its keyword, for the test against the dictionary.
    package static let namedOfRecords: [(tag: DICOMTag, keyword: String)] = [
        (.treatmentDate, "TreatmentDate"),
        (.treatmentTime, "TreatmentTime"),
        (.treatmentMachineSequence, "TreatmentMachineSequence"),
        (.treatmentSessionIonBeamSequence, "TreatmentSessionIonBeamSequence"),
        (.currentFractionNumber, "CurrentFractionNumber"),
        (.treatmentTerminationStatus, "TreatmentTerminationStatus"),
        (.treatmentTerminationDescription, "TreatmentTerminationDescription"),
        (.treatmentVerificationStatus, "TreatmentVerificationStatus"),
        (.specifiedPrimaryMeterset, "SpecifiedPrimaryMeterset"),
        (.specifiedSecondaryMeterset, "SpecifiedSecondaryMeterset"),
        (.deliveredPrimaryMeterset, "DeliveredPrimaryMeterset"),
        (.deliveredSecondaryMeterset, "DeliveredSecondaryMeterset"),
        (.deliveredTreatmentTime, "DeliveredTreatmentTime"),
        (.ionControlPointDeliverySequence, "IonControlPointDeliverySequence"),
        (.referencedControlPointIndex, "ReferencedControlPointIndex"),
        (.treatmentControlPointDate, "TreatmentControlPointDate"),
        (.treatmentControlPointTime, "TreatmentControlPointTime"),
        (.specifiedMeterset, "SpecifiedMeterset"),
        (.deliveredMeterset, "DeliveredMeterset"),
        (.scanSpotMetersetsDelivered, "ScanSpotMetersetsDelivered"),
        (.scanSpotPrescribedIndices, "ScanSpotPrescribedIndices"),
        (.scanSpotReordered, "ScanSpotReordered"),
        (.scanSpotTimeOffset, "ScanSpotTimeOffset"),
        (.recordedRangeShifterSequence, "RecordedRangeShifterSequence"),
        (.recordedLateralSpreadingDeviceSequence, "RecordedLateralSpreadingDeviceSequence"),
        (.recordedRangeModulatorSequence, "RecordedRangeModulatorSequence"),
        (.interlockSequence, "InterlockSequence"),
        (.interlockDateTime, "InterlockDateTime"),
        (.interlockDescription, "InterlockDescription"),
        (.interlockCodeSequence, "InterlockCodeSequence"),
        (.interlockResolutionCodeSequence, "InterlockResolutionCodeSequence"),
        (.interlockResolutionUserSequence, "InterlockResolutionUserSequence"),
        (.interlockOriginDescription, "InterlockOriginDescription"),
        (.overrideSequence, "OverrideSequence"),
        (.overrideParameterPointer, "OverrideParameterPointer"),
        (.overrideReason, "OverrideReason"),
        (.referencedSetupImageSequence, "ReferencedSetupImageSequence"),
        (.codeValue, "CodeValue"),
        (.codingSchemeDesignator, "CodingSchemeDesignator"),
        (.codeMeaning, "CodeMeaning"),
        (.personIdentificationCodeSequence, "PersonIdentificationCodeSequence"),
    ]
}
