/// Figures of the field that is delivered while its process is killed; the exerciser and its test must agree on them.
public enum CrashField {
    public static let layers = 6
    /// Spots of one layer: a square of this many by this many.
    public static let side = 16
    public static let paintings = 4
    public static let ionsPerCount = 50.0
    public static let planHash = "hash"
}
