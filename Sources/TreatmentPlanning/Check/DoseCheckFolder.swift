import CaseFiles

/// The folder that a dose check leaves; described in `docs/formats/check.md`.
///
/// ## Checked by
/// `DoseCheckCommandTests`.
public enum DoseCheckFolder {
    /// All figures of the check.
    public static let recordName = "check.yaml"
    public static let format = "kasane-check"
    public static let version = 1
    /// How such a folder is written and what it may replace.
    public static let results = ResultFolder(
        kind: "a dose check", markFile: recordName, mark: "format: \"\(format)\"\n")
}
