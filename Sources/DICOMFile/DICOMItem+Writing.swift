import CDCMTK

extension DICOMItem {
    /// Sets a text element. An empty text writes the element without a value.
    ///
    /// - Throws: `invalidValue` if the text does not fit the element's value representation: too long, a backslash
    ///   in a single value, a malformed UID or code.
    public func set(_ tag: DICOMTag, _ text: String) throws(DICOMError) {
        try check(text, for: tag)
        try put(text, as: tag)
    }

    /// Sets a multi-valued text element.
    public func set(_ tag: DICOMTag, _ texts: [String]) throws(DICOMError) {
        for text in texts { try check(text, for: tag) }
        try put(texts.joined(separator: "\\"), as: tag)
    }

    /// Sets an integer element (IS, US, SS, UL, SL).
    public func set(_ tag: DICOMTag, _ value: Int) throws(DICOMError) {
        try put("\(value)", as: tag)
    }

    /// Sets a decimal string element (DS) with values of at most 16 characters each.
    ///
    /// - Throws: `invalidValue` if a number is not finite.
    public func set(_ tag: DICOMTag, decimals values: [Double]) throws(DICOMError) {
        var texts: [String] = []
        texts.reserveCapacity(values.count)
        for value in values {
            guard let text = DecimalString.text(value) else {
                throw invalid(
                    tag, value: "\(value)", why: "it is not a finite number",
                    remedy: "correct the data that is to be written")
            }
            texts.append(text)
        }
        try put(texts.joined(separator: "\\"), as: tag)
    }

    /// Sets a decimal string element (DS) with one value.
    public func set(_ tag: DICOMTag, decimal value: Double) throws(DICOMError) {
        try set(tag, decimals: [value])
    }

    /// Sets an element of 32-bit floating point numbers (FL); any number of them.
    public func set(_ tag: DICOMTag, floats values: [Float]) throws(DICOMError) {
        if let bad = values.first(where: { !$0.isFinite }) {
            throw invalid(
                tag, value: "\(bad)", why: "it is not a finite number",
                remedy: "correct the data that is to be written")
        }
        try written(
            withExtendedLifetime(file) {
                kasane_dicom_put_floats(handle, tag.group, tag.element, values, values.count)
            }, tag)
    }

    /// Sets Pixel Data or another element of 16-bit words (OW).
    public func set(_ tag: DICOMTag, words values: [UInt16]) throws(DICOMError) {
        try written(
            withExtendedLifetime(file) {
                kasane_dicom_put_words(handle, tag.group, tag.element, values, values.count)
            }, tag)
    }

    /// Sets an attribute tag element (AT).
    public func set(_ tag: DICOMTag, pointingTo target: DICOMTag) throws(DICOMError) {
        let digits = [target.group, target.element].map { String($0, radix: 16) }
        try put("(\(digits[0]),\(digits[1]))", as: tag)
    }

    /// Writes an element or a sequence without a value.
    public func setEmpty(_ tag: DICOMTag) throws(DICOMError) { try put("", as: tag) }

    /// Appends an item to a sequence.
    public func append(_ tag: DICOMTag) throws(DICOMError) -> DICOMItem {
        let index = max(
            withExtendedLifetime(file) { kasane_dicom_item_count(handle, tag.group, tag.element) }, 0)
        let appended = withExtendedLifetime(file) {
            kasane_dicom_append_item(handle, tag.group, tag.element)
        }
        guard let made = appended else {
            throw invalid(
                tag, value: "", why: lastDCMTKError(), remedy: "use an element that is a sequence")
        }
        let prefix = path.isEmpty ? "" : path + "."
        return DICOMItem(file: file, handle: made, path: "\(prefix)\(tag.keyword)[\(index)]")
    }

    /// Removes an element if it is there.
    public func remove(_ tag: DICOMTag) throws(DICOMError) {
        try written(withExtendedLifetime(file) { kasane_dicom_remove(handle, tag.group, tag.element) }, tag)
    }

    private func put(_ text: String, as tag: DICOMTag) throws(DICOMError) {
        let vr = tag.valueRepresentation
        let known = vr.isEmpty || vr == "UN" ? nil : vr
        // Ambiguous representations of the dictionary (`ox`, `xs`) are settled by DCMTK.
        let explicit = known.flatMap { $0.allSatisfy(\.isUppercase) ? $0 : nil }
        var copy = text
        let result = copy.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                withExtendedLifetime(file) {
                    kasane_dicom_put_text(
                        handle, tag.group, tag.element, explicit, characters.baseAddress,
                        characters.count)
                }
            }
        }
        try written(result, tag)
    }

    private func written(_ result: CInt, _ tag: DICOMTag) throws(DICOMError) {
        if result != KASANE_DICOM_OK {
            throw invalid(
                tag, value: "", why: lastDCMTKError(),
                remedy: "correct the data that is to be written")
        }
    }

    /// Refuses what the value representation does not allow (PS3.5 table 6.2-1).
    private func check(_ text: String, for tag: DICOMTag) throws(DICOMError) {
        let vr = tag.valueRepresentation
        func refuse(_ why: String) -> DICOMError {
            invalid(tag, value: text, why: why, remedy: "correct the data that is to be written")
        }
        let limits = ["SH": 16, "LO": 64, "CS": 16, "UI": 64, "ST": 1024, "LT": 10240, "PN": 64]
        if let limit = limits[vr], text.unicodeScalars.count > limit {
            throw refuse("\(vr) holds at most \(limit) characters")
        }
        if ["SH", "LO", "PN", "CS"].contains(vr), text.contains("\\") {
            throw refuse("a backslash separates values")
        }
        if ["SH", "LO", "PN"].contains(vr),
            text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        {
            throw refuse("control characters are not allowed")
        }
        if vr == "UI", !text.isEmpty, !DICOMUID.isValid(text) { throw refuse("not a UID") }
        if vr == "CS",
            !text.unicodeScalars.allSatisfy({
                ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == " " || $0 == "_"
            })
        {
            throw refuse("a code has only capital letters, digits, blanks and underscores")
        }
    }
}
