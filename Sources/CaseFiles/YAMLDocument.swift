/// What all our YAML files have in common: a mapping with known keys that begins with `format` and `version`.
struct YAMLDocument {
    var format: String
    var version: Int
    /// The oldest version that is still read; nil if only the newest is.
    var oldestVersion: Int? = nil
    var keys: [String]
    var required: [String]

    /// Reads the text of such a file; `content` reads what is special, to its end even if a part fails.
    ///
    /// - Throws: `InvalidFile` with everything that was found.
    func read<Content>(
        _ text: String, file: String, _ content: (YAMLMapping) -> Content?
    ) throws(InvalidFile) -> Content {
        let root = try YAMLElement.parse(text, file: file, findings: FindingCollector())
        return try read(root, file: file, content)
    }

    /// Reads such a file from its root element; adds its findings to those of the element.
    ///
    /// - Throws: `InvalidFile` with everything that was found.
    func read<Content>(
        _ root: YAMLElement, file: String, _ content: (YAMLMapping) -> Content?
    ) throws(InvalidFile) -> Content {
        let findings = root.findings
        let top = root.readMapping(keys, required: required)
        let result = top.flatMap { isOurs($0) ? content($0) : nil }
        try findings.finish(file: file)
        guard let result else { throw InvalidFile(file: file, "the file cannot be read") }
        return result
    }

    private func isOurs(_ top: YAMLMapping) -> Bool {
        guard let found = top["format"]?.readText(), let number = top["version"]?.readInteger(in: 0...9999)
        else { return false }
        guard found == format else {
            top["format"]?.report("the file is a ‘\(found)’ (a ‘\(format)’ is wanted); give the right file")
            return false
        }
        let oldest = oldestVersion ?? version
        guard (oldest...version).contains(number) else {
            let known = oldest == version ? "\(version)" : "\(oldest) to \(version)"
            top["version"]?.report(
                "version \(number) of the format is not known (this program reads \(known)); "
                    + (number > version ? "use a newer program" : "see docs/formats"))
            return false
        }
        return true
    }
}
