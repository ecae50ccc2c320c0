// Names and numbers after the data dictionary of DICOM PS3.6 as DCMTK 3.6.7 ships it; a test compares them.

extension DICOMTag {
    // MARK: Identification and series
    public static let specificCharacterSet = DICOMTag(0x0008, 0x0005)
    public static let imageType = DICOMTag(0x0008, 0x0008)
    public static let instanceCreationDate = DICOMTag(0x0008, 0x0012)
    public static let instanceCreationTime = DICOMTag(0x0008, 0x0013)
    public static let sopClassUID = DICOMTag(0x0008, 0x0016)
    public static let sopInstanceUID = DICOMTag(0x0008, 0x0018)
    public static let studyDate = DICOMTag(0x0008, 0x0020)
    public static let seriesDate = DICOMTag(0x0008, 0x0021)
    public static let contentDate = DICOMTag(0x0008, 0x0023)
    public static let acquisitionDate = DICOMTag(0x0008, 0x0022)
    public static let studyTime = DICOMTag(0x0008, 0x0030)
    public static let seriesTime = DICOMTag(0x0008, 0x0031)
    public static let contentTime = DICOMTag(0x0008, 0x0033)
    public static let accessionNumber = DICOMTag(0x0008, 0x0050)
    public static let modality = DICOMTag(0x0008, 0x0060)
    public static let manufacturer = DICOMTag(0x0008, 0x0070)
    public static let institutionName = DICOMTag(0x0008, 0x0080)
    public static let institutionAddress = DICOMTag(0x0008, 0x0081)
    public static let institutionalDepartmentName = DICOMTag(0x0008, 0x1040)
    public static let referringPhysicianName = DICOMTag(0x0008, 0x0090)
    public static let stationName = DICOMTag(0x0008, 0x1010)
    public static let studyDescription = DICOMTag(0x0008, 0x1030)
    public static let seriesDescription = DICOMTag(0x0008, 0x103E)
    public static let operatorsName = DICOMTag(0x0008, 0x1070)
    public static let manufacturerModelName = DICOMTag(0x0008, 0x1090)
    public static let deviceSerialNumber = DICOMTag(0x0018, 0x1000)
    public static let softwareVersions = DICOMTag(0x0018, 0x1020)
    public static let referencedSOPClassUID = DICOMTag(0x0008, 0x1150)
    public static let referencedSOPInstanceUID = DICOMTag(0x0008, 0x1155)
    public static let transferSyntaxUID = DICOMTag(0x0002, 0x0010)
    public static let mediaStorageSOPClassUID = DICOMTag(0x0002, 0x0002)
    public static let mediaStorageSOPInstanceUID = DICOMTag(0x0002, 0x0003)
    public static let implementationVersionName = DICOMTag(0x0002, 0x0013)
    public static let implementationClassUID = DICOMTag(0x0002, 0x0012)
    public static let studyInstanceUID = DICOMTag(0x0020, 0x000D)
    public static let seriesInstanceUID = DICOMTag(0x0020, 0x000E)
    public static let studyID = DICOMTag(0x0020, 0x0010)
    public static let seriesNumber = DICOMTag(0x0020, 0x0011)
    public static let instanceNumber = DICOMTag(0x0020, 0x0013)
    public static let acquisitionNumber = DICOMTag(0x0020, 0x0012)
    public static let frameOfReferenceUID = DICOMTag(0x0020, 0x0052)
    public static let positionReferenceIndicator = DICOMTag(0x0020, 0x1040)
    public static let laterality = DICOMTag(0x0020, 0x0060)

    // MARK: Patient
    public static let patientName = DICOMTag(0x0010, 0x0010)
    public static let patientID = DICOMTag(0x0010, 0x0020)
    public static let patientBirthDate = DICOMTag(0x0010, 0x0030)
    public static let patientSex = DICOMTag(0x0010, 0x0040)
    public static let patientPosition = DICOMTag(0x0018, 0x5100)

    // MARK: Image
    public static let sliceThickness = DICOMTag(0x0018, 0x0050)
    public static let kvp = DICOMTag(0x0018, 0x0060)
    public static let gantryDetectorTilt = DICOMTag(0x0018, 0x1120)
    public static let imagePositionPatient = DICOMTag(0x0020, 0x0032)
    public static let imageOrientationPatient = DICOMTag(0x0020, 0x0037)
    public static let sliceLocation = DICOMTag(0x0020, 0x1041)
    public static let samplesPerPixel = DICOMTag(0x0028, 0x0002)
    public static let photometricInterpretation = DICOMTag(0x0028, 0x0004)
    public static let numberOfFrames = DICOMTag(0x0028, 0x0008)
    public static let frameIncrementPointer = DICOMTag(0x0028, 0x0009)
    public static let rows = DICOMTag(0x0028, 0x0010)
    public static let columns = DICOMTag(0x0028, 0x0011)
    public static let pixelSpacing = DICOMTag(0x0028, 0x0030)
    public static let bitsAllocated = DICOMTag(0x0028, 0x0100)
    public static let bitsStored = DICOMTag(0x0028, 0x0101)
    public static let highBit = DICOMTag(0x0028, 0x0102)
    public static let pixelRepresentation = DICOMTag(0x0028, 0x0103)
    public static let pixelPaddingValue = DICOMTag(0x0028, 0x0120)
    public static let rescaleIntercept = DICOMTag(0x0028, 0x1052)
    public static let rescaleSlope = DICOMTag(0x0028, 0x1053)
    public static let rescaleType = DICOMTag(0x0028, 0x1054)
    public static let lossyImageCompression = DICOMTag(0x0028, 0x2110)
    public static let modalityLUTSequence = DICOMTag(0x0028, 0x3000)
    public static let pixelData = DICOMTag(0x7FE0, 0x0010)

    // MARK: Structure set
    public static let structureSetLabel = DICOMTag(0x3006, 0x0002)
    public static let structureSetName = DICOMTag(0x3006, 0x0004)
    public static let structureSetDate = DICOMTag(0x3006, 0x0008)
    public static let structureSetTime = DICOMTag(0x3006, 0x0009)
    public static let referencedFrameOfReferenceSequence = DICOMTag(0x3006, 0x0010)
    public static let rtReferencedStudySequence = DICOMTag(0x3006, 0x0012)
    public static let rtReferencedSeriesSequence = DICOMTag(0x3006, 0x0014)
    public static let contourImageSequence = DICOMTag(0x3006, 0x0016)
    public static let structureSetROISequence = DICOMTag(0x3006, 0x0020)
    public static let roiNumber = DICOMTag(0x3006, 0x0022)
    public static let roiName = DICOMTag(0x3006, 0x0026)
    public static let roiDescription = DICOMTag(0x3006, 0x0028)
    public static let referencedFrameOfReferenceUID = DICOMTag(0x3006, 0x0024)
    public static let roiGenerationAlgorithm = DICOMTag(0x3006, 0x0036)
    public static let roiContourSequence = DICOMTag(0x3006, 0x0039)
    public static let roiDisplayColor = DICOMTag(0x3006, 0x002A)
    public static let contourSequence = DICOMTag(0x3006, 0x0040)
    public static let contourNumber = DICOMTag(0x3006, 0x0048)
    public static let contourGeometricType = DICOMTag(0x3006, 0x0042)
    public static let numberOfContourPoints = DICOMTag(0x3006, 0x0046)
    public static let contourData = DICOMTag(0x3006, 0x0050)
    public static let referencedROINumber = DICOMTag(0x3006, 0x0084)
    public static let rtROIObservationsSequence = DICOMTag(0x3006, 0x0080)
    public static let observationNumber = DICOMTag(0x3006, 0x0082)
    public static let roiObservationLabel = DICOMTag(0x3006, 0x0085)
    public static let rtROIInterpretedType = DICOMTag(0x3006, 0x00A4)
    public static let roiInterpreter = DICOMTag(0x3006, 0x00A6)

    // MARK: Dose
    public static let doseUnits = DICOMTag(0x3004, 0x0002)
    public static let doseType = DICOMTag(0x3004, 0x0004)
    public static let doseComment = DICOMTag(0x3004, 0x0006)
    public static let normalizationPoint = DICOMTag(0x3004, 0x0008)
    public static let doseSummationType = DICOMTag(0x3004, 0x000A)
    public static let gridFrameOffsetVector = DICOMTag(0x3004, 0x000C)
    public static let doseGridScaling = DICOMTag(0x3004, 0x000E)
    public static let tissueHeterogeneityCorrection = DICOMTag(0x3004, 0x0014)
    public static let referencedRTPlanSequence = DICOMTag(0x300C, 0x0002)
    public static let referencedStructureSetSequence = DICOMTag(0x300C, 0x0060)

    // MARK: Plan
    public static let rtPlanLabel = DICOMTag(0x300A, 0x0002)
    public static let rtPlanName = DICOMTag(0x300A, 0x0003)
    public static let rtPlanDescription = DICOMTag(0x300A, 0x0004)
    public static let rtPlanDate = DICOMTag(0x300A, 0x0006)
    public static let rtPlanTime = DICOMTag(0x300A, 0x0007)
    public static let rtPlanGeometry = DICOMTag(0x300A, 0x000C)
    public static let planIntent = DICOMTag(0x300A, 0x000A)
    public static let treatmentProtocols = DICOMTag(0x300A, 0x0009)
    public static let prescriptionDescription = DICOMTag(0x300A, 0x000E)
    public static let approvalStatus = DICOMTag(0x300E, 0x0002)
    public static let doseReferenceSequence = DICOMTag(0x300A, 0x0010)
    public static let doseReferenceNumber = DICOMTag(0x300A, 0x0012)
    public static let doseReferenceUID = DICOMTag(0x300A, 0x0013)
    public static let doseReferenceStructureType = DICOMTag(0x300A, 0x0014)
    public static let doseReferenceDescription = DICOMTag(0x300A, 0x0016)
    public static let doseReferenceType = DICOMTag(0x300A, 0x0020)
    public static let targetPrescriptionDose = DICOMTag(0x300A, 0x0026)
    public static let doseValuePurpose = DICOMTag(0x300A, 0x061D)
    public static let doseValueInterpretation = DICOMTag(0x300A, 0x068B)
    public static let fractionGroupSequence = DICOMTag(0x300A, 0x0070)
    public static let fractionGroupNumber = DICOMTag(0x300A, 0x0071)
    public static let fractionGroupDescription = DICOMTag(0x300A, 0x0072)
    public static let numberOfFractionsPlanned = DICOMTag(0x300A, 0x0078)
    public static let numberOfBeams = DICOMTag(0x300A, 0x0080)
    public static let numberOfBrachyApplicationSetups = DICOMTag(0x300A, 0x00A0)
    public static let referencedBeamSequence = DICOMTag(0x300C, 0x0004)
    public static let referencedBeamNumber = DICOMTag(0x300C, 0x0006)
    public static let referencedFractionGroupSequence = DICOMTag(0x300C, 0x0020)
    public static let referencedFractionGroupNumber = DICOMTag(0x300C, 0x0022)
    public static let beamDose = DICOMTag(0x300A, 0x0084)
    public static let beamDoseType = DICOMTag(0x300A, 0x0090)
    public static let beamMeterset = DICOMTag(0x300A, 0x0086)
    public static let patientSetupSequence = DICOMTag(0x300A, 0x0180)
    public static let patientSetupNumber = DICOMTag(0x300A, 0x0182)
    public static let patientSetupLabel = DICOMTag(0x300A, 0x0183)
    public static let setupTechnique = DICOMTag(0x300A, 0x01B0)
    public static let referencedPatientSetupNumber = DICOMTag(0x300C, 0x006A)

    // MARK: Ion beam
    public static let ionBeamSequence = DICOMTag(0x300A, 0x03A2)
    public static let treatmentMachineName = DICOMTag(0x300A, 0x00B2)
    public static let primaryDosimeterUnit = DICOMTag(0x300A, 0x00B3)
    public static let beamNumber = DICOMTag(0x300A, 0x00C0)
    public static let beamName = DICOMTag(0x300A, 0x00C2)
    public static let beamDescription = DICOMTag(0x300A, 0x00C3)
    public static let beamType = DICOMTag(0x300A, 0x00C4)
    public static let radiationType = DICOMTag(0x300A, 0x00C6)
    public static let radiationMassNumber = DICOMTag(0x300A, 0x0302)
    public static let radiationAtomicNumber = DICOMTag(0x300A, 0x0304)
    public static let radiationChargeState = DICOMTag(0x300A, 0x0306)
    public static let treatmentDeliveryType = DICOMTag(0x300A, 0x00CE)
    public static let numberOfWedges = DICOMTag(0x300A, 0x00D0)
    public static let numberOfCompensators = DICOMTag(0x300A, 0x00E0)
    public static let numberOfBoli = DICOMTag(0x300A, 0x00ED)
    public static let numberOfBlocks = DICOMTag(0x300A, 0x00F0)
    public static let finalCumulativeMetersetWeight = DICOMTag(0x300A, 0x010E)
    public static let numberOfControlPoints = DICOMTag(0x300A, 0x0110)
    public static let scanMode = DICOMTag(0x300A, 0x0308)
    public static let modulatedScanModeType = DICOMTag(0x300A, 0x0309)
    public static let virtualSourceAxisDistances = DICOMTag(0x300A, 0x030A)
    public static let snoutSequence = DICOMTag(0x300A, 0x030C)
    public static let snoutID = DICOMTag(0x300A, 0x030F)
    public static let numberOfRangeShifters = DICOMTag(0x300A, 0x0312)
    public static let rangeShifterSequence = DICOMTag(0x300A, 0x0314)
    public static let rangeShifterNumber = DICOMTag(0x300A, 0x0316)
    public static let rangeShifterID = DICOMTag(0x300A, 0x0318)
    public static let rangeShifterType = DICOMTag(0x300A, 0x0320)
    public static let rangeShifterDescription = DICOMTag(0x300A, 0x0322)
    public static let accessoryCode = DICOMTag(0x300A, 0x00F9)
    public static let numberOfLateralSpreadingDevices = DICOMTag(0x300A, 0x0330)
    public static let lateralSpreadingDeviceSequence = DICOMTag(0x300A, 0x0332)
    public static let lateralSpreadingDeviceNumber = DICOMTag(0x300A, 0x0334)
    public static let lateralSpreadingDeviceID = DICOMTag(0x300A, 0x0336)
    public static let lateralSpreadingDeviceType = DICOMTag(0x300A, 0x0338)
    public static let lateralSpreadingDeviceDescription = DICOMTag(0x300A, 0x033A)
    public static let numberOfRangeModulators = DICOMTag(0x300A, 0x0340)
    public static let rangeModulatorSequence = DICOMTag(0x300A, 0x0342)
    public static let rangeModulatorNumber = DICOMTag(0x300A, 0x0344)
    public static let rangeModulatorID = DICOMTag(0x300A, 0x0346)
    public static let rangeModulatorType = DICOMTag(0x300A, 0x0348)
    public static let rangeModulatorDescription = DICOMTag(0x300A, 0x034A)
    public static let patientSupportType = DICOMTag(0x300A, 0x0350)
    public static let patientSupportID = DICOMTag(0x300A, 0x0352)
    public static let referencedDoseReferenceSequence = DICOMTag(0x300C, 0x0050)
    public static let referencedDoseReferenceNumber = DICOMTag(0x300C, 0x0051)

    // MARK: Passive devices
    public static let ionBeamLimitingDeviceSequence = DICOMTag(0x300A, 0x03A4)
    public static let rtBeamLimitingDeviceType = DICOMTag(0x300A, 0x00B8)
    public static let isocenterToBeamLimitingDeviceDistance = DICOMTag(0x300A, 0x00BB)
    public static let numberOfLeafJawPairs = DICOMTag(0x300A, 0x00BC)
    public static let leafPositionBoundaries = DICOMTag(0x300A, 0x00BE)
    public static let beamLimitingDevicePositionSequence = DICOMTag(0x300A, 0x011A)
    public static let leafJawPositions = DICOMTag(0x300A, 0x011C)
    public static let ionRangeCompensatorSequence = DICOMTag(0x300A, 0x02EA)
    public static let compensatorNumber = DICOMTag(0x300A, 0x00E4)
    public static let materialID = DICOMTag(0x300A, 0x00E1)
    public static let compensatorID = DICOMTag(0x300A, 0x00E5)
    public static let compensatorDivergence = DICOMTag(0x300A, 0x02E0)
    public static let compensatorMountingPosition = DICOMTag(0x300A, 0x02E1)
    public static let isocenterToCompensatorTrayDistance = DICOMTag(0x300A, 0x02E4)
    public static let compensatorRows = DICOMTag(0x300A, 0x00E7)
    public static let compensatorColumns = DICOMTag(0x300A, 0x00E8)
    public static let compensatorPixelSpacing = DICOMTag(0x300A, 0x00E9)
    public static let compensatorPosition = DICOMTag(0x300A, 0x00EA)
    public static let compensatorThicknessData = DICOMTag(0x300A, 0x00EC)
    public static let compensatorRelativeStoppingPowerRatio = DICOMTag(0x300A, 0x02E7)
    public static let compensatorMillingToolDiameter = DICOMTag(0x300A, 0x02E8)

    // MARK: Ion control point
    public static let ionControlPointSequence = DICOMTag(0x300A, 0x03A8)
    public static let controlPointIndex = DICOMTag(0x300A, 0x0112)
    public static let nominalBeamEnergy = DICOMTag(0x300A, 0x0114)
    public static let gantryAngle = DICOMTag(0x300A, 0x011E)
    public static let gantryRotationDirection = DICOMTag(0x300A, 0x011F)
    public static let gantryPitchAngle = DICOMTag(0x300A, 0x014A)
    public static let gantryPitchRotationDirection = DICOMTag(0x300A, 0x014C)
    public static let beamLimitingDeviceAngle = DICOMTag(0x300A, 0x0120)
    public static let beamLimitingDeviceRotationDirection = DICOMTag(0x300A, 0x0121)
    public static let patientSupportAngle = DICOMTag(0x300A, 0x0122)
    public static let patientSupportRotationDirection = DICOMTag(0x300A, 0x0123)
    public static let tableTopVerticalPosition = DICOMTag(0x300A, 0x0128)
    public static let tableTopLongitudinalPosition = DICOMTag(0x300A, 0x0129)
    public static let tableTopLateralPosition = DICOMTag(0x300A, 0x012A)
    public static let tableTopPitchAngle = DICOMTag(0x300A, 0x0140)
    public static let tableTopPitchRotationDirection = DICOMTag(0x300A, 0x0142)
    public static let tableTopRollAngle = DICOMTag(0x300A, 0x0144)
    public static let tableTopRollRotationDirection = DICOMTag(0x300A, 0x0146)
    public static let isocenterPosition = DICOMTag(0x300A, 0x012C)
    public static let cumulativeMetersetWeight = DICOMTag(0x300A, 0x0134)
    public static let snoutPosition = DICOMTag(0x300A, 0x030D)
    public static let metersetRate = DICOMTag(0x300A, 0x035A)
    public static let rangeShifterSettingsSequence = DICOMTag(0x300A, 0x0360)
    public static let rangeShifterSetting = DICOMTag(0x300A, 0x0362)
    public static let isocenterToRangeShifterDistance = DICOMTag(0x300A, 0x0364)
    public static let rangeShifterWaterEquivalentThickness = DICOMTag(0x300A, 0x0366)
    public static let referencedRangeShifterNumber = DICOMTag(0x300C, 0x0100)
    public static let lateralSpreadingDeviceSettingsSequence = DICOMTag(0x300A, 0x0370)
    public static let lateralSpreadingDeviceSetting = DICOMTag(0x300A, 0x0372)
    public static let isocenterToLateralSpreadingDeviceDistance = DICOMTag(0x300A, 0x0374)
    public static let lateralSpreadingDeviceWaterEquivalentThickness = DICOMTag(0x300A, 0x033C)
    public static let referencedLateralSpreadingDeviceNumber = DICOMTag(0x300C, 0x0102)
    public static let rangeModulatorSettingsSequence = DICOMTag(0x300A, 0x0380)
    public static let isocenterToRangeModulatorDistance = DICOMTag(0x300A, 0x038A)
    public static let referencedRangeModulatorNumber = DICOMTag(0x300C, 0x0104)
    public static let rangeModulatorGatingStartValue = DICOMTag(0x300A, 0x0382)
    public static let rangeModulatorGatingStopValue = DICOMTag(0x300A, 0x0384)
    public static let scanSpotTuneID = DICOMTag(0x300A, 0x0390)
    public static let numberOfScanSpotPositions = DICOMTag(0x300A, 0x0392)
    public static let scanSpotPositionMap = DICOMTag(0x300A, 0x0394)
    public static let scanSpotMetersetWeights = DICOMTag(0x300A, 0x0396)
    public static let scanningSpotSize = DICOMTag(0x300A, 0x0398)
    public static let numberOfPaintings = DICOMTag(0x300A, 0x039A)
    public static let headFixationAngle = DICOMTag(0x300A, 0x0148)

    /// Every tag above with its keyword, for the test against the dictionary.
    package static let named: [(tag: DICOMTag, keyword: String)] = [
        (.specificCharacterSet, "SpecificCharacterSet"),
        (.imageType, "ImageType"),
        (.instanceCreationDate, "InstanceCreationDate"),
        (.instanceCreationTime, "InstanceCreationTime"),
        (.sopClassUID, "SOPClassUID"),
        (.sopInstanceUID, "SOPInstanceUID"),
        (.studyDate, "StudyDate"),
        (.seriesDate, "SeriesDate"),
        (.contentDate, "ContentDate"),
        (.acquisitionDate, "AcquisitionDate"),
        (.studyTime, "StudyTime"),
        (.seriesTime, "SeriesTime"),
        (.contentTime, "ContentTime"),
        (.accessionNumber, "AccessionNumber"),
        (.modality, "Modality"),
        (.manufacturer, "Manufacturer"),
        (.institutionName, "InstitutionName"),
        (.institutionAddress, "InstitutionAddress"),
        (.institutionalDepartmentName, "InstitutionalDepartmentName"),
        (.referringPhysicianName, "ReferringPhysicianName"),
        (.stationName, "StationName"),
        (.studyDescription, "StudyDescription"),
        (.seriesDescription, "SeriesDescription"),
        (.operatorsName, "OperatorsName"),
        (.manufacturerModelName, "ManufacturerModelName"),
        (.deviceSerialNumber, "DeviceSerialNumber"),
        (.softwareVersions, "SoftwareVersions"),
        (.referencedSOPClassUID, "ReferencedSOPClassUID"),
        (.referencedSOPInstanceUID, "ReferencedSOPInstanceUID"),
        (.transferSyntaxUID, "TransferSyntaxUID"),
        (.mediaStorageSOPClassUID, "MediaStorageSOPClassUID"),
        (.mediaStorageSOPInstanceUID, "MediaStorageSOPInstanceUID"),
        (.implementationVersionName, "ImplementationVersionName"),
        (.implementationClassUID, "ImplementationClassUID"),
        (.studyInstanceUID, "StudyInstanceUID"),
        (.seriesInstanceUID, "SeriesInstanceUID"),
        (.studyID, "StudyID"),
        (.seriesNumber, "SeriesNumber"),
        (.instanceNumber, "InstanceNumber"),
        (.acquisitionNumber, "AcquisitionNumber"),
        (.frameOfReferenceUID, "FrameOfReferenceUID"),
        (.positionReferenceIndicator, "PositionReferenceIndicator"),
        (.laterality, "Laterality"),
        (.patientName, "PatientName"),
        (.patientID, "PatientID"),
        (.patientBirthDate, "PatientBirthDate"),
        (.patientSex, "PatientSex"),
        (.patientPosition, "PatientPosition"),
        (.sliceThickness, "SliceThickness"),
        (.kvp, "KVP"),
        (.gantryDetectorTilt, "GantryDetectorTilt"),
        (.imagePositionPatient, "ImagePositionPatient"),
        (.imageOrientationPatient, "ImageOrientationPatient"),
        (.sliceLocation, "SliceLocation"),
        (.samplesPerPixel, "SamplesPerPixel"),
        (.photometricInterpretation, "PhotometricInterpretation"),
        (.numberOfFrames, "NumberOfFrames"),
        (.frameIncrementPointer, "FrameIncrementPointer"),
        (.rows, "Rows"),
        (.columns, "Columns"),
        (.pixelSpacing, "PixelSpacing"),
        (.bitsAllocated, "BitsAllocated"),
        (.bitsStored, "BitsStored"),
        (.highBit, "HighBit"),
        (.pixelRepresentation, "PixelRepresentation"),
        (.pixelPaddingValue, "PixelPaddingValue"),
        (.rescaleIntercept, "RescaleIntercept"),
        (.rescaleSlope, "RescaleSlope"),
        (.rescaleType, "RescaleType"),
        (.lossyImageCompression, "LossyImageCompression"),
        (.modalityLUTSequence, "ModalityLUTSequence"),
        (.pixelData, "PixelData"),
        (.structureSetLabel, "StructureSetLabel"),
        (.structureSetName, "StructureSetName"),
        (.structureSetDate, "StructureSetDate"),
        (.structureSetTime, "StructureSetTime"),
        (.referencedFrameOfReferenceSequence, "ReferencedFrameOfReferenceSequence"),
        (.rtReferencedStudySequence, "RTReferencedStudySequence"),
        (.rtReferencedSeriesSequence, "RTReferencedSeriesSequence"),
        (.contourImageSequence, "ContourImageSequence"),
        (.structureSetROISequence, "StructureSetROISequence"),
        (.roiNumber, "ROINumber"),
        (.roiName, "ROIName"),
        (.roiDescription, "ROIDescription"),
        (.referencedFrameOfReferenceUID, "ReferencedFrameOfReferenceUID"),
        (.roiGenerationAlgorithm, "ROIGenerationAlgorithm"),
        (.roiContourSequence, "ROIContourSequence"),
        (.roiDisplayColor, "ROIDisplayColor"),
        (.contourSequence, "ContourSequence"),
        (.contourNumber, "ContourNumber"),
        (.contourGeometricType, "ContourGeometricType"),
        (.numberOfContourPoints, "NumberOfContourPoints"),
        (.contourData, "ContourData"),
        (.referencedROINumber, "ReferencedROINumber"),
        (.rtROIObservationsSequence, "RTROIObservationsSequence"),
        (.observationNumber, "ObservationNumber"),
        (.roiObservationLabel, "ROIObservationLabel"),
        (.rtROIInterpretedType, "RTROIInterpretedType"),
        (.roiInterpreter, "ROIInterpreter"),
        (.doseUnits, "DoseUnits"),
        (.doseType, "DoseType"),
        (.doseComment, "DoseComment"),
        (.normalizationPoint, "NormalizationPoint"),
        (.doseSummationType, "DoseSummationType"),
        (.gridFrameOffsetVector, "GridFrameOffsetVector"),
        (.doseGridScaling, "DoseGridScaling"),
        (.tissueHeterogeneityCorrection, "TissueHeterogeneityCorrection"),
        (.referencedRTPlanSequence, "ReferencedRTPlanSequence"),
        (.referencedStructureSetSequence, "ReferencedStructureSetSequence"),
        (.rtPlanLabel, "RTPlanLabel"),
        (.rtPlanName, "RTPlanName"),
        (.rtPlanDescription, "RTPlanDescription"),
        (.rtPlanDate, "RTPlanDate"),
        (.rtPlanTime, "RTPlanTime"),
        (.rtPlanGeometry, "RTPlanGeometry"),
        (.planIntent, "PlanIntent"),
        (.treatmentProtocols, "TreatmentProtocols"),
        (.prescriptionDescription, "PrescriptionDescription"),
        (.approvalStatus, "ApprovalStatus"),
        (.doseReferenceSequence, "DoseReferenceSequence"),
        (.doseReferenceNumber, "DoseReferenceNumber"),
        (.doseReferenceUID, "DoseReferenceUID"),
        (.doseReferenceStructureType, "DoseReferenceStructureType"),
        (.doseReferenceDescription, "DoseReferenceDescription"),
        (.doseReferenceType, "DoseReferenceType"),
        (.targetPrescriptionDose, "TargetPrescriptionDose"),
        (.doseValuePurpose, "DoseValuePurpose"),
        (.doseValueInterpretation, "DoseValueInterpretation"),
        (.fractionGroupSequence, "FractionGroupSequence"),
        (.fractionGroupNumber, "FractionGroupNumber"),
        (.fractionGroupDescription, "FractionGroupDescription"),
        (.numberOfFractionsPlanned, "NumberOfFractionsPlanned"),
        (.numberOfBeams, "NumberOfBeams"),
        (.numberOfBrachyApplicationSetups, "NumberOfBrachyApplicationSetups"),
        (.referencedBeamSequence, "ReferencedBeamSequence"),
        (.referencedBeamNumber, "ReferencedBeamNumber"),
        (.referencedFractionGroupSequence, "ReferencedFractionGroupSequence"),
        (.referencedFractionGroupNumber, "ReferencedFractionGroupNumber"),
        (.beamDose, "BeamDose"),
        (.beamDoseType, "BeamDoseType"),
        (.beamMeterset, "BeamMeterset"),
        (.patientSetupSequence, "PatientSetupSequence"),
        (.patientSetupNumber, "PatientSetupNumber"),
        (.patientSetupLabel, "PatientSetupLabel"),
        (.setupTechnique, "SetupTechnique"),
        (.referencedPatientSetupNumber, "ReferencedPatientSetupNumber"),
        (.ionBeamSequence, "IonBeamSequence"),
        (.treatmentMachineName, "TreatmentMachineName"),
        (.primaryDosimeterUnit, "PrimaryDosimeterUnit"),
        (.beamNumber, "BeamNumber"),
        (.beamName, "BeamName"),
        (.beamDescription, "BeamDescription"),
        (.beamType, "BeamType"),
        (.radiationType, "RadiationType"),
        (.radiationMassNumber, "RadiationMassNumber"),
        (.radiationAtomicNumber, "RadiationAtomicNumber"),
        (.radiationChargeState, "RadiationChargeState"),
        (.treatmentDeliveryType, "TreatmentDeliveryType"),
        (.numberOfWedges, "NumberOfWedges"),
        (.numberOfCompensators, "NumberOfCompensators"),
        (.ionBeamLimitingDeviceSequence, "IonBeamLimitingDeviceSequence"),
        (.rtBeamLimitingDeviceType, "RTBeamLimitingDeviceType"),
        (.isocenterToBeamLimitingDeviceDistance, "IsocenterToBeamLimitingDeviceDistance"),
        (.numberOfLeafJawPairs, "NumberOfLeafJawPairs"),
        (.leafPositionBoundaries, "LeafPositionBoundaries"),
        (.beamLimitingDevicePositionSequence, "BeamLimitingDevicePositionSequence"),
        (.leafJawPositions, "LeafJawPositions"),
        (.ionRangeCompensatorSequence, "IonRangeCompensatorSequence"),
        (.compensatorNumber, "CompensatorNumber"),
        (.materialID, "MaterialID"),
        (.compensatorID, "CompensatorID"),
        (.compensatorDivergence, "CompensatorDivergence"),
        (.compensatorMountingPosition, "CompensatorMountingPosition"),
        (.isocenterToCompensatorTrayDistance, "IsocenterToCompensatorTrayDistance"),
        (.compensatorRows, "CompensatorRows"),
        (.compensatorColumns, "CompensatorColumns"),
        (.compensatorPixelSpacing, "CompensatorPixelSpacing"),
        (.compensatorPosition, "CompensatorPosition"),
        (.compensatorThicknessData, "CompensatorThicknessData"),
        (.compensatorRelativeStoppingPowerRatio, "CompensatorRelativeStoppingPowerRatio"),
        (.compensatorMillingToolDiameter, "CompensatorMillingToolDiameter"),
        (.numberOfBoli, "NumberOfBoli"),
        (.numberOfBlocks, "NumberOfBlocks"),
        (.finalCumulativeMetersetWeight, "FinalCumulativeMetersetWeight"),
        (.numberOfControlPoints, "NumberOfControlPoints"),
        (.scanMode, "ScanMode"),
        (.modulatedScanModeType, "ModulatedScanModeType"),
        (.virtualSourceAxisDistances, "VirtualSourceAxisDistances"),
        (.snoutSequence, "SnoutSequence"),
        (.snoutID, "SnoutID"),
        (.numberOfRangeShifters, "NumberOfRangeShifters"),
        (.rangeShifterSequence, "RangeShifterSequence"),
        (.rangeShifterNumber, "RangeShifterNumber"),
        (.rangeShifterID, "RangeShifterID"),
        (.rangeShifterType, "RangeShifterType"),
        (.rangeShifterDescription, "RangeShifterDescription"),
        (.accessoryCode, "AccessoryCode"),
        (.numberOfLateralSpreadingDevices, "NumberOfLateralSpreadingDevices"),
        (.lateralSpreadingDeviceSequence, "LateralSpreadingDeviceSequence"),
        (.lateralSpreadingDeviceNumber, "LateralSpreadingDeviceNumber"),
        (.lateralSpreadingDeviceID, "LateralSpreadingDeviceID"),
        (.lateralSpreadingDeviceType, "LateralSpreadingDeviceType"),
        (.lateralSpreadingDeviceDescription, "LateralSpreadingDeviceDescription"),
        (.numberOfRangeModulators, "NumberOfRangeModulators"),
        (.rangeModulatorSequence, "RangeModulatorSequence"),
        (.rangeModulatorNumber, "RangeModulatorNumber"),
        (.rangeModulatorID, "RangeModulatorID"),
        (.rangeModulatorType, "RangeModulatorType"),
        (.rangeModulatorDescription, "RangeModulatorDescription"),
        (.patientSupportType, "PatientSupportType"),
        (.patientSupportID, "PatientSupportID"),
        (.referencedDoseReferenceSequence, "ReferencedDoseReferenceSequence"),
        (.referencedDoseReferenceNumber, "ReferencedDoseReferenceNumber"),
        (.ionControlPointSequence, "IonControlPointSequence"),
        (.controlPointIndex, "ControlPointIndex"),
        (.nominalBeamEnergy, "NominalBeamEnergy"),
        (.gantryAngle, "GantryAngle"),
        (.gantryRotationDirection, "GantryRotationDirection"),
        (.gantryPitchAngle, "GantryPitchAngle"),
        (.gantryPitchRotationDirection, "GantryPitchRotationDirection"),
        (.beamLimitingDeviceAngle, "BeamLimitingDeviceAngle"),
        (.beamLimitingDeviceRotationDirection, "BeamLimitingDeviceRotationDirection"),
        (.patientSupportAngle, "PatientSupportAngle"),
        (.patientSupportRotationDirection, "PatientSupportRotationDirection"),
        (.tableTopVerticalPosition, "TableTopVerticalPosition"),
        (.tableTopLongitudinalPosition, "TableTopLongitudinalPosition"),
        (.tableTopLateralPosition, "TableTopLateralPosition"),
        (.tableTopPitchAngle, "TableTopPitchAngle"),
        (.tableTopPitchRotationDirection, "TableTopPitchRotationDirection"),
        (.tableTopRollAngle, "TableTopRollAngle"),
        (.tableTopRollRotationDirection, "TableTopRollRotationDirection"),
        (.isocenterPosition, "IsocenterPosition"),
        (.cumulativeMetersetWeight, "CumulativeMetersetWeight"),
        (.snoutPosition, "SnoutPosition"),
        (.metersetRate, "MetersetRate"),
        (.rangeShifterSettingsSequence, "RangeShifterSettingsSequence"),
        (.rangeShifterSetting, "RangeShifterSetting"),
        (.isocenterToRangeShifterDistance, "IsocenterToRangeShifterDistance"),
        (.rangeShifterWaterEquivalentThickness, "RangeShifterWaterEquivalentThickness"),
        (.referencedRangeShifterNumber, "ReferencedRangeShifterNumber"),
        (.lateralSpreadingDeviceSettingsSequence, "LateralSpreadingDeviceSettingsSequence"),
        (.lateralSpreadingDeviceSetting, "LateralSpreadingDeviceSetting"),
        (.isocenterToLateralSpreadingDeviceDistance, "IsocenterToLateralSpreadingDeviceDistance"),
        (.lateralSpreadingDeviceWaterEquivalentThickness, "LateralSpreadingDeviceWaterEquivalentThickness"),
        (.referencedLateralSpreadingDeviceNumber, "ReferencedLateralSpreadingDeviceNumber"),
        (.rangeModulatorSettingsSequence, "RangeModulatorSettingsSequence"),
        (.isocenterToRangeModulatorDistance, "IsocenterToRangeModulatorDistance"),
        (.referencedRangeModulatorNumber, "ReferencedRangeModulatorNumber"),
        (.rangeModulatorGatingStartValue, "RangeModulatorGatingStartValue"),
        (.rangeModulatorGatingStopValue, "RangeModulatorGatingStopValue"),
        (.scanSpotTuneID, "ScanSpotTuneID"),
        (.numberOfScanSpotPositions, "NumberOfScanSpotPositions"),
        (.scanSpotPositionMap, "ScanSpotPositionMap"),
        (.scanSpotMetersetWeights, "ScanSpotMetersetWeights"),
        (.scanningSpotSize, "ScanningSpotSize"),
        (.numberOfPaintings, "NumberOfPaintings"),
        (.headFixationAngle, "HeadFixationAngle"),
    ]
}
