/// What a result was made with, so that it can be made again.
public struct ReportProvenance: Sendable, Hashable {
    /// A file or data set that went in.
    public struct Input: Sendable, Hashable {
        public var name: String
        public var version: String
        /// SHA-256, hexadecimal.
        public var hash: String

        public init(name: String, version: String = "", hash: String) {
            self.name = name
            self.version = version
            self.hash = hash
        }
    }

    /// Name, version and commit of the program.
    public var program: String
    public var inputs: [Input]
    public var seed: UInt64?
    /// Options that differ from one run to another, for example `dose grid: 2 mm`.
    public var options: [ReportFact]
    /// Step and wall time, s.
    public var timings: [(step: String, seconds: Double)] {
        get { zip(timingSteps, timingSeconds).map { (step: $0, seconds: $1) } }
        set {
            timingSteps = newValue.map(\.step)
            timingSeconds = newValue.map(\.seconds)
        }
    }
    private var timingSteps: [String]
    private var timingSeconds: [Double]

    public init(
        program: String, inputs: [Input] = [], seed: UInt64? = nil, options: [ReportFact] = [],
        timings: [(step: String, seconds: Double)] = []
    ) {
        self.program = program
        self.inputs = inputs
        self.seed = seed
        self.options = options
        timingSteps = timings.map(\.step)
        timingSeconds = timings.map(\.seconds)
    }
}
