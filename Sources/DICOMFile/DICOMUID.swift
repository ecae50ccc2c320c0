import Foundation

/// Unique identifiers of objects, and the ones of the standard that are used by name.
public enum DICOMUID {
    /// A new identifier under the root `2.25`: a random UUID as one decimal number, which needs no registration.
    ///
    /// ## Source
    /// DICOM PS3.5 B.2; ITU-T X.667.
    /// ## Checked by
    /// `DICOMUIDTests`.
    public static func make() -> String { make(from: UUID()) }

    /// The identifier of one UUID.
    package static func make(from uuid: UUID) -> String {
        make(fromBytes: withUnsafeBytes(of: uuid.uuid) { Array($0) })
    }

    private static func make(fromBytes bytes: [UInt8]) -> String {
        // Schoolbook conversion from base 256 to base 10.
        var digits: [UInt8] = [0]
        for byte in bytes {
            var carry = Int(byte)
            for i in digits.indices {
                carry += Int(digits[i]) * 256
                digits[i] = UInt8(carry % 10)
                carry /= 10
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return "2.25." + digits.reversed().map(String.init).joined()
    }

    /// The identifier that belongs to 128 bits for good: the same bits give the same identifier, so that what is sent twice is one object.
    ///
    /// - Parameter bits: Random bits that were drawn once; version and variant of a UUID are set over them (RFC 9562, version 8).
    public static func make(from bits: SIMD2<UInt64>) -> String {
        let high = bits.x & ~0xF000 | 0x8000
        let low = bits.y & ~(0xC000_0000_0000_0000) | 0x8000_0000_0000_0000
        let bytes = [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
        return make(fromBytes: bytes)
    }

    /// Whether the text is a well-formed UID: at most 64 of `0-9.`, no empty component, no leading zeros.
    public static func isValid(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 64 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
                && (part.count == 1 || part.first != "0")
        }
    }

    public static let ctImage = "1.2.840.10008.5.1.4.1.1.2"
    public static let rtStructureSet = "1.2.840.10008.5.1.4.1.1.481.3"
    public static let rtDose = "1.2.840.10008.5.1.4.1.1.481.2"
    public static let rtPlan = "1.2.840.10008.5.1.4.1.1.481.5"
    public static let rtIonPlan = "1.2.840.10008.5.1.4.1.1.481.8"
    public static let rtIonBeamsTreatmentRecord = "1.2.840.10008.5.1.4.1.1.481.9"
    public static let mediaStorageDirectory = "1.2.840.10008.1.3.10"
    /// Retired class that RT Structure Sets still use to point at a study.
    public static let detachedStudyManagement = "1.2.840.10008.3.1.2.3.1"
}

/// How the dataset is encoded in a file.
public enum TransferSyntax: String, Sendable, CaseIterable {
    case implicitLittleEndian = "1.2.840.10008.1.2"
    case explicitLittleEndian = "1.2.840.10008.1.2.1"
    case deflatedExplicitLittleEndian = "1.2.840.10008.1.2.1.99"
    case explicitBigEndian = "1.2.840.10008.1.2.2"
    case jpegLossless = "1.2.840.10008.1.2.4.57"
    case jpegLosslessSV1 = "1.2.840.10008.1.2.4.70"
    case jpegLSLossless = "1.2.840.10008.1.2.4.80"
    case rleLossless = "1.2.840.10008.1.2.5"
    /// Lossy; only read to be refused, and written by tests.
    case jpegBaseline = "1.2.840.10008.1.2.4.50"
}
