import CDCMTK

/// A dataset or an item of a sequence. Borrows from its file, which it keeps alive.
///
/// The optimiser may release the file after its last use in Swift, which can be before the shim has returned:
/// every call that passes `handle` stands inside `withExtendedLifetime(file)`.
public struct DICOMItem {
    /// The file that holds the item.
    public let file: DICOMFile
    let handle: OpaquePointer?
    /// The items that lead here, for example `IonBeamSequence[0]`; empty at the top.
    public let path: String

    /// Whether an element is there and has a value.
    public enum State: Sendable { case value, empty, absent }

    /// Where an element of this item stands, for messages.
    public func location(_ tag: DICOMTag) -> ElementLocation {
        ElementLocation(file: file.path, path: path, tag: tag)
    }

    public func state(_ tag: DICOMTag) -> State {
        switch Int(withExtendedLifetime(file) { kasane_dicom_state(handle, tag.group, tag.element) }) {
        case Int(KASANE_DICOM_OK): .value
        case Int(KASANE_DICOM_EMPTY): .empty
        default: .absent
        }
    }

    // MARK: Text

    /// The value as text without padding; nil if the element is absent or has no value.
    ///
    /// Text that could not be converted to UTF-8 (see `DICOMFile.characterSetProblem`) is taken as UTF-8 if it is
    /// that, else byte by byte as ISO 8859-1.
    public func text(_ tag: DICOMTag) throws(DICOMError) -> String? {
        var bytes: UnsafeMutablePointer<CChar>?
        var count = 0
        switch Int(
            withExtendedLifetime(file) {
                kasane_dicom_get_text(handle, tag.group, tag.element, &bytes, &count)
            })
        {
        case Int(KASANE_DICOM_OK):
            defer { kasane_dicom_release(bytes) }
            let raw = UnsafeBufferPointer(start: bytes, count: count).map { UInt8(bitPattern: $0) }
            let value =
                (file.isJapanese ? japaneseText(raw) : nil)
                ?? String(validating: raw, as: UTF8.self)
                ?? String(String.UnicodeScalarView(raw.map { Unicode.Scalar($0) }))
            let trimmed = value.trimmingPadding()
            return trimmed.isEmpty ? nil : trimmed
        case Int(KASANE_DICOM_ABSENT), Int(KASANE_DICOM_EMPTY):
            return nil
        default:
            throw .damaged(file: file.path, why: "\(location(tag)): \(lastDCMTKError())")
        }
    }

    /// The value as text.
    ///
    /// - Throws: `missingElement`, `emptyElement`, `damaged`.
    public func requiredText(_ tag: DICOMTag) throws(DICOMError) -> String {
        if let value = try text(tag) { return value }
        throw lacking(tag)
    }

    /// The values of a multi-valued text element; empty if absent or without a value.
    public func texts(_ tag: DICOMTag) throws(DICOMError) -> [String] {
        guard let joined = try text(tag) else { return [] }
        return joined.split(separator: "\\", omittingEmptySubsequences: false)
            .map { String($0).trimmingPadding() }
    }

    // MARK: Numbers

    /// The values as numbers; nil if the element is absent or has no value.
    ///
    /// - Throws: `invalidValue` if one is not a number.
    public func numbers(_ tag: DICOMTag) throws(DICOMError) -> [Double]? {
        var values: UnsafeMutablePointer<Double>?
        var count = 0
        switch Int(
            withExtendedLifetime(file) {
                kasane_dicom_get_numbers(handle, tag.group, tag.element, &values, &count)
            })
        {
        case Int(KASANE_DICOM_OK):
            defer { kasane_dicom_release(values) }
            return Array(UnsafeBufferPointer(start: values, count: count))
        case Int(KASANE_DICOM_ABSENT), Int(KASANE_DICOM_EMPTY):
            return nil
        default:
            let why = lastDCMTKError()
            throw .invalidValue(
                location(tag), value: String((try text(tag) ?? "").prefix(80)), why: why,
                remedy: "export the object again")
        }
    }

    /// Exactly `count` numbers, or any number of them for nil.
    ///
    /// - Throws: `missingElement`, `emptyElement`, `invalidValue`, `wrongValueCount`.
    public func requiredNumbers(_ tag: DICOMTag, count: Int? = nil) throws(DICOMError) -> [Double] {
        guard let values = try numbers(tag) else { throw lacking(tag) }
        if let count, values.count != count {
            throw .wrongValueCount(location(tag), count: values.count, expected: "\(count)")
        }
        return values
    }

    /// One number; nil if absent or without a value.
    public func number(_ tag: DICOMTag) throws(DICOMError) -> Double? {
        guard let values = try numbers(tag) else { return nil }
        guard values.count == 1 else {
            throw .wrongValueCount(location(tag), count: values.count, expected: "1")
        }
        return values[0]
    }

    public func requiredNumber(_ tag: DICOMTag) throws(DICOMError) -> Double {
        guard let value = try number(tag) else { throw lacking(tag) }
        return value
    }

    /// One whole number; nil if absent or without a value.
    public func integer(_ tag: DICOMTag) throws(DICOMError) -> Int? {
        guard let value = try number(tag) else { return nil }
        guard let whole = Int(exactly: value) else {
            throw .invalidValue(
                location(tag), value: "\(value)", why: "it must be a whole number",
                remedy: "export the object again")
        }
        return whole
    }

    public func requiredInteger(_ tag: DICOMTag) throws(DICOMError) -> Int {
        guard let value = try integer(tag) else { throw lacking(tag) }
        return value
    }

    // MARK: Sequences

    /// The items of a sequence; empty if it is absent or empty.
    public func items(_ tag: DICOMTag) -> [DICOMItem] {
        let count = withExtendedLifetime(file) { kasane_dicom_item_count(handle, tag.group, tag.element) }
        guard count > 0 else { return [] }
        var handles = [OpaquePointer?](repeating: nil, count: count)
        let filled = withExtendedLifetime(file) {
            kasane_dicom_items(handle, tag.group, tag.element, &handles, count)
        }
        let prefix = (path.isEmpty ? "" : path + ".") + tag.keyword
        return handles.prefix(max(filled, 0)).enumerated().map { index, handle in
            DICOMItem(file: file, handle: handle, path: "\(prefix)[\(index)]")
        }
    }

    /// The items of a sequence that must hold at least one.
    public func requiredItems(_ tag: DICOMTag) throws(DICOMError) -> [DICOMItem] {
        let found = items(tag)
        if found.isEmpty { throw lacking(tag) }
        return found
    }

    /// The error for an element that is required but absent or empty.
    public func lacking(_ tag: DICOMTag) -> DICOMError {
        state(tag) == .absent ? .missingElement(location(tag)) : .emptyElement(location(tag))
    }

    /// The error for a value that cannot be used.
    public func invalid(_ tag: DICOMTag, value: String, why: String, remedy: String) -> DICOMError {
        .invalidValue(location(tag), value: value, why: why, remedy: remedy)
    }
}

extension String {
    /// Without the blanks and zero bytes that DICOM pads values with.
    func trimmingPadding() -> String {
        let isPadding: (Character) -> Bool = { $0 == " " || $0 == "\0" }
        guard let first = firstIndex(where: { !isPadding($0) }),
            let last = lastIndex(where: { !isPadding($0) })
        else { return "" }
        return String(self[first...last])
    }
}

/// Text of the character sets ISO 2022 IR 6, 13, 14, 87 and 159; nil if it does not follow them.
///
/// Bytes 0xA1...0xDF are the half-width katakana of ISO 2022 IR 13 (JIS X 0201), in the order of U+FF61...U+FF9F.
private func japaneseText(_ bytes: [UInt8]) -> String? {
    var result = ""
    var rest = bytes[...]
    while let first = rest.first {
        let isKatakana = first >= 0x80
        let part = rest.prefix { ($0 >= 0x80) == isKatakana }
        rest = rest.dropFirst(part.count)
        if isKatakana {
            for byte in part {
                guard (0xA1...0xDF).contains(byte),
                    let scalar = Unicode.Scalar(0xFF61 + UInt32(byte) - 0xA1)
                else { return nil }
                result.unicodeScalars.append(scalar)
            }
            continue
        }
        var utf8: UnsafeMutablePointer<CChar>?
        var count = 0
        let characters = part.map { CChar(bitPattern: $0) }
        guard
            kasane_dicom_japanese_to_utf8(characters, characters.count, &utf8, &count)
                == KASANE_DICOM_OK
        else { return nil }
        defer { kasane_dicom_release(utf8) }
        let converted = UnsafeBufferPointer(start: utf8, count: count).map { UInt8(bitPattern: $0) }
        guard let text = String(validating: converted, as: UTF8.self) else { return nil }
        result += text
    }
    return result
}
