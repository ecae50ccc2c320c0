import CDCMTK

/// A DICOM data element tag: group and element number.
public struct DICOMTag: Hashable, Sendable, CustomStringConvertible {
    public let group: UInt16
    public let element: UInt16

    public init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }

    /// Keyword of the data dictionary, for example `PixelSpacing`; empty for an unknown tag.
    public var keyword: String {
        if let newer = Self.newerThanDictionary[self] { return newer.keyword }
        return dictionaryText { kasane_dicom_keyword(group, element, $0, $1) }
    }

    /// Value representation of the data dictionary, for example `DS`; empty for an unknown tag.
    public var valueRepresentation: String {
        if let newer = Self.newerThanDictionary[self] { return newer.vr }
        return dictionaryText { kasane_dicom_vr(group, element, $0, $1) }
    }

    /// Elements of later editions of the standard than the dictionary of DCMTK 3.6.7.
    private static let newerThanDictionary: [DICOMTag: (keyword: String, vr: String)] = [
        .doseValueInterpretation: ("DoseValueInterpretation", "CS")
    ]

    /// Keyword and numbers, for example `PixelSpacing (0028,0030)`.
    public var description: String {
        let name = keyword
        return (name.isEmpty ? "element" : name) + " (\(hexadecimal(group)),\(hexadecimal(element)))"
    }
}

/// Four hexadecimal digits.
private func hexadecimal(_ value: UInt16) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
}

/// Text that the shim writes into a buffer and ends with a zero byte.
private func dictionaryText(_ fill: (UnsafeMutablePointer<CChar>?, Int) -> Void) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    buffer.withUnsafeMutableBufferPointer { fill($0.baseAddress, $0.count) }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
