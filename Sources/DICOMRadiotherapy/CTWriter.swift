import DICOMFile
import Foundation
import Frames
import PatientModel
import Volumes

/// Writes a CT series, one file per slice.
///
/// The rows and columns are stored as a scanner stores the patient position: prone and feet-first images run against
/// the patient axes.
///
/// ## Source
/// DICOM PS3.3 A.3, C.7.6.2, C.8.2.1.
/// ## Checked by
/// `CTSeriesReaderTests`.
public enum CTWriter {
    /// How the pixels are stored.
    public struct Storage: Sendable {
        public var transferSyntax: TransferSyntax
        /// Pixel Representation 1 with intercept 0, or 0 with `intercept`.
        public var isSigned: Bool
        public var slope: Double
        public var intercept: Double
        /// Bits Stored of 16 allocated.
        public var bitsStored: Int
        /// Instance Number of slice k (ascending z); nil counts 1, 2, ... from the most inferior.
        public var instanceNumbers: [Int]?

        public init(
            transferSyntax: TransferSyntax = .explicitLittleEndian, isSigned: Bool = true,
            slope: Double = 1, intercept: Double? = nil, bitsStored: Int = 16,
            instanceNumbers: [Int]? = nil
        ) {
            self.transferSyntax = transferSyntax
            self.isSigned = isSigned
            self.slope = slope
            self.intercept = intercept ?? (isSigned ? 0 : -1024)
            self.bitsStored = bitsStored
            self.instanceNumbers = instanceNumbers
        }
    }

    /// Writes the slices as `CT.0001.dcm` ... into a folder, which is made if it is not there.
    ///
    /// - Returns: the files, from the most inferior slice up. On failure the ones already written are removed.
    /// - Throws: `DICOMExportError`, `DICOMError`.
    @discardableResult
    public static func write(
        ct: CTImage, storage: Storage = Storage(), description: String = "",
        origin: ObjectOrigin = ObjectOrigin(), to folder: String
    ) throws -> [String] {
        let geometry = ct.geometry
        guard ct.sliceInstanceUIDs.count == geometry.dimensions.z else {
            throw DICOMExportError.sliceCount(
                instances: ct.sliceInstanceUIDs.count, slices: geometry.dimensions.z)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw DICOMError.notWritable(file: folder, why: error.localizedDescription)
        }
        var written: [String] = []
        do {
            for z in 0..<geometry.dimensions.z {
                let digits = "\(z + 1)"
                let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                let path = URL(fileURLWithPath: folder).appendingPathComponent("CT.\(number).dcm")
                    .path
                let file = try slice(
                    z, of: ct, storage: storage, description: description, origin: origin)
                try file.write(to: path, transferSyntax: storage.transferSyntax)
                written.append(path)
            }
        } catch {
            for path in written { unlink(path) }
            throw error
        }
        return written
    }

    private static func slice(
        _ z: Int, of ct: CTImage, storage: Storage, description: String, origin: ObjectOrigin
    ) throws -> DICOMFile {
        let geometry = ct.geometry
        let file = try DICOMFile()
        let dataset = file.dataset
        let header = ObjectHeader(
            sopClassUID: DICOMUID.ctImage, sopInstanceUID: ct.sliceInstanceUIDs[z],
            seriesInstanceUID: ct.seriesInstanceUID, studyInstanceUID: ct.studyInstanceUID,
            frameOfReferenceUID: geometry.frameOfReferenceUID, modality: "CT",
            seriesDescription: description, patient: ct.patient, origin: origin)
        try header.write(to: dataset)
        try dataset.remove(.operatorsName)
        try dataset.set(.imageType, ["ORIGINAL", "PRIMARY", "AXIAL"])
        try dataset.setEmpty(.acquisitionNumber)
        try dataset.setEmpty(.kvp)
        try dataset.set(.instanceNumber, storage.instanceNumbers?[z] ?? z + 1)
        try dataset.set(.patientPosition, ct.patientPosition.rawValue)
        let (flipsX, flipsY) = flips(ct.patientPosition)
        let (columns, rows) = (geometry.dimensions.x, geometry.dimensions.y)
        let first = geometry.centre(flipsX ? columns - 1 : 0, flipsY ? rows - 1 : 0, z)
        try dataset.set(.sliceThickness, decimal: geometry.spacingMM.z)
        try dataset.set(.imagePositionPatient, decimals: [first.x, first.y, first.z])
        try dataset.set(
            .imageOrientationPatient, decimals: [flipsX ? -1 : 1, 0, 0, 0, flipsY ? -1 : 1, 0])
        try dataset.set(.samplesPerPixel, 1)
        try dataset.set(.photometricInterpretation, "MONOCHROME2")
        try dataset.set(.rows, rows)
        try dataset.set(.columns, columns)
        try dataset.set(.pixelSpacing, decimals: [geometry.spacingMM.y, geometry.spacingMM.x])
        try dataset.set(.bitsAllocated, 16)
        try dataset.set(.bitsStored, storage.bitsStored)
        try dataset.set(.highBit, storage.bitsStored - 1)
        try dataset.set(.pixelRepresentation, storage.isSigned ? 1 : 0)
        try dataset.set(.rescaleIntercept, decimal: storage.intercept)
        try dataset.set(.rescaleSlope, decimal: storage.slope)
        try dataset.set(.rescaleType, "HU")
        var words: [UInt16] = []
        words.reserveCapacity(rows * columns)
        for j in 0..<rows {
            for i in 0..<columns {
                let value = ct.hounsfield[
                    flipsX ? columns - 1 - i : i, flipsY ? rows - 1 - j : j, z]
                words.append(try stored(Int(value), storage))
            }
        }
        try dataset.set(.pixelData, words: words)
        return file
    }

    /// Whether columns run towards the patient's right and rows towards anterior.
    static func flips(_ position: PatientPosition) -> (x: Bool, y: Bool) {
        switch position {
        case .headFirstSupine: (false, false)
        case .headFirstProne: (true, true)
        case .feetFirstSupine: (true, false)
        case .feetFirstProne: (false, true)
        }
    }

    /// The cell of a CT number.
    private static func stored(_ hounsfield: Int, _ storage: Storage) throws -> UInt16 {
        let value = ((Double(hounsfield) - storage.intercept) / storage.slope).rounded()
        let steps = Double(1 << storage.bitsStored)
        let range = storage.isSigned ? -steps / 2..<steps / 2 : 0..<steps
        guard range.contains(value) else {
            throw DICOMExportError.unstorableHounsfield(
                hounsfield,
                options: "\(storage.bitsStored) bits \(storage.isSigned ? "signed" : "unsigned"), slope "
                    + "\(storage.slope), intercept \(storage.intercept)")
        }
        let mask = Int(1 << storage.bitsStored) - 1
        return UInt16(Int(value) & mask)
    }
}
