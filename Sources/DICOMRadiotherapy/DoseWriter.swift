import DICOMFile
import Frames
import PatientModel
import PlanModel
import Volumes

/// What the numbers of an RT Dose mean.
public enum DoseMeaning: Hashable, Sendable {
    /// Absorbed dose: DoseType PHYSICAL.
    case physical
    /// RBE-weighted dose: DoseType EFFECTIVE; the model's name and version, at most 50 characters, go into
    /// Dose Comment.
    case rbeWeighted(model: String)

    /// Dose Type (3004,0004).
    var doseType: String {
        switch self {
        case .physical: "PHYSICAL"
        case .rbeWeighted: "EFFECTIVE"
        }
    }

    /// Dose Comment (3004,0006).
    var comment: String {
        switch self {
        case .physical: "Absorbed dose, Gy"
        case .rbeWeighted(let model): "RBE-weighted, \(model)"
        }
    }
}

/// Whose dose an RT Dose is.
public enum DoseExtent: Hashable, Sendable {
    /// All beams of the plan.
    case plan
    /// One beam, by its number.
    case beam(Int)

    var words: String {
        switch self {
        case .plan: ""
        case .beam(let number): ", beam \(number)"
        }
    }
}

/// Writes the dose of a whole plan, or of one of its beams, as RT Dose.
///
/// It refers to the plan, and through it to the structure set and the CT: a structure set of its own would make it
/// an object with dose-volume histograms.
///
/// ## Source
/// DICOM PS3.3 A.18, C.8.8.3.
/// ## Checked by
/// `DoseRoundTripTests`, `ExternalCheckerTests`.
public enum DoseWriter {
    /// Bits of one stored value.
    public enum Depth: Int, Sendable {
        /// Steps of the maximum / 65535.
        case sixteen = 16
        /// Steps of the maximum / 4294967295.
        case thirtyTwo = 32
    }

    /// Writes the dose.
    ///
    /// - Parameters:
    ///   - dose: `[z][y][x]`, Gy or Gy (RBE), total over all fractions of the plan (Dose Summation Type PLAN or BEAM).
    ///   - meaning: physical or RBE-weighted.
    ///   - plan: the plan as it was written.
    ///   - extent: the whole plan or one beam. An RBE-weighted dose of one beam says nothing about its share in the plan's.
    ///   - ct: the planning CT: patient, study and frame of reference.
    ///   - path: file to write; replaced if it exists.
    /// - Throws: `DICOMExportError`, `DICOMError`.
    @discardableResult
    public static func write(
        dose: Volume<Float>, meaning: DoseMeaning, plan: WrittenObject, extent: DoseExtent = .plan,
        ct: CTImage,
        depth: Depth = .thirtyTwo,
        origin: ObjectOrigin = ObjectOrigin(), transferSyntax: TransferSyntax = .explicitLittleEndian,
        to path: String
    ) throws -> WrittenObject {
        let grid = dose.geometry
        guard grid.frameOfReferenceUID == ct.geometry.frameOfReferenceUID else {
            throw DICOMExportError.otherFrameOfReference(
                what: "the dose", found: grid.frameOfReferenceUID,
                expected: ct.geometry.frameOfReferenceUID)
        }
        guard grid.dimensions.z > 1 else { throw DICOMExportError.singlePlane }
        if let bad = dose.values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw DICOMExportError.invalidDose(index: bad, value: dose.values[bad])
        }
        let file = try DICOMFile()
        let dataset = file.dataset
        let header = ObjectHeader(
            sopClassUID: DICOMUID.rtDose, sopInstanceUID: DICOMUID.make(),
            seriesInstanceUID: DICOMUID.make(), studyInstanceUID: ct.studyInstanceUID,
            frameOfReferenceUID: grid.frameOfReferenceUID, modality: "RTDOSE",
            seriesDescription: "Kasane dose, \(meaning.doseType.lowercased())\(extent.words)",
            patient: ct.patient,
            origin: origin)
        try header.write(to: dataset)
        try dataset.set(.instanceNumber, 1)
        try writeGrid(grid, to: dataset)
        try dataset.set(.doseUnits, "GY")
        try dataset.set(.doseType, meaning.doseType)
        try dataset.set(.doseComment, meaning.comment)
        try dataset.set(.doseSummationType, extent == .plan ? "PLAN" : "BEAM")
        try dataset.set(.tissueHeterogeneityCorrection, "IMAGE")
        try dataset.appendReference(
            .referencedRTPlanSequence, sopClassUID: DICOMUID.rtIonPlan,
            instanceUID: plan.sopInstanceUID)
        if case .beam(let number) = extent, let item = dataset.items(.referencedRTPlanSequence).first {
            // The writer of plans makes one fraction group, number 1.
            let group = try item.append(.referencedFractionGroupSequence)
            let beam = try group.append(.referencedBeamSequence)
            try beam.set(.referencedBeamNumber, number)
            try group.set(.referencedFractionGroupNumber, 1)
        }
        try writeValues(dose.values, depth: depth, to: dataset)
        try file.write(to: path, transferSyntax: transferSyntax)
        return WrittenObject(
            file: path, sopInstanceUID: header.sopInstanceUID,
            seriesInstanceUID: header.seriesInstanceUID)
    }

    /// Image plane and multi-frame elements; offsets relative to the first plane.
    private static func writeGrid(_ grid: VolumeGeometry, to dataset: DICOMItem) throws(DICOMError) {
        try dataset.set(.sliceThickness, decimal: grid.spacingMM.z)
        try dataset.set(
            .imagePositionPatient, decimals: [grid.origin.x, grid.origin.y, grid.origin.z])
        try dataset.set(.imageOrientationPatient, decimals: [1, 0, 0, 0, 1, 0])
        try dataset.set(.samplesPerPixel, 1)
        try dataset.set(.photometricInterpretation, "MONOCHROME2")
        try dataset.set(.numberOfFrames, grid.dimensions.z)
        try dataset.set(.frameIncrementPointer, pointingTo: .gridFrameOffsetVector)
        try dataset.set(.rows, grid.dimensions.y)
        try dataset.set(.columns, grid.dimensions.x)
        try dataset.set(.pixelSpacing, decimals: [grid.spacingMM.y, grid.spacingMM.x])
        try dataset.set(
            .gridFrameOffsetVector,
            decimals: (0..<grid.dimensions.z).map { Double($0) * grid.spacingMM.z })
    }

    /// Scaled whole numbers. The scaling is taken as it will be read back from its 16 characters.
    private static func writeValues(
        _ values: [Float], depth: Depth, to dataset: DICOMItem
    ) throws(DICOMError) {
        let greatest = depth == .sixteen ? 65535.0 : 4_294_967_295.0
        let maximum = Double(values.max() ?? 0)
        // A little above the exact quotient, so that rounding the text down cannot push the maximum out of range.
        let exact = maximum > 0 ? maximum / greatest * (1 + 1e-8) : 1
        let text = DecimalString.text(exact) ?? "1"
        let scaling = Double(text) ?? exact
        try dataset.set(.bitsAllocated, depth.rawValue)
        try dataset.set(.bitsStored, depth.rawValue)
        try dataset.set(.highBit, depth.rawValue - 1)
        try dataset.set(.pixelRepresentation, 0)
        try dataset.set(.doseGridScaling, text)
        var words: [UInt16] = []
        words.reserveCapacity(values.count * depth.rawValue / 16)
        for value in values {
            let step = UInt32((Double(value) / scaling).rounded())
            words.append(UInt16(truncatingIfNeeded: step))
            if depth == .thirtyTwo { words.append(UInt16(truncatingIfNeeded: step >> 16)) }
        }
        try dataset.set(.pixelData, words: words)
    }
}
