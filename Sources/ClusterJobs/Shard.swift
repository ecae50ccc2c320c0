import IonTransport

/// What one shard of a job scored, as its file holds it.
public struct Shard: Sendable, Equatable {
    /// A section of the histories and its tally.
    public struct Part: Sendable, Equatable {
        public var section: ClusterJob.Section
        public var tally: VoxelTally

        public init(section: ClusterJob.Section, tally: VoxelTally) {
            self.section = section
            self.tally = tally
        }
    }

    /// The run it belongs to.
    public var runID: String
    /// Its number, from 0.
    public var number: Int
    public var seed: UInt64
    /// Program and node that made it, for people.
    public var program: String
    public var node: String
    /// In the order of the job's sections.
    public var parts: [Part]

    public init(
        runID: String, number: Int, seed: UInt64, program: String, node: String, parts: [Part]
    ) {
        self.runID = runID
        self.number = number
        self.seed = seed
        self.program = program
        self.node = node
        self.parts = parts
    }
}
