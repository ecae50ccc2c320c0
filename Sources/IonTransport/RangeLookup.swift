#if canImport(Glibc)
    import Glibc
#endif

/// Reads the flat tables of `TransportTables` at an energy: shared by all stepping kernels.
struct RangeLookup {
    /// `[species][node][TransportTables.stride]`.
    let nodes: UnsafePointer<Double>
    let logStart: Double
    let inverseLogStep: Double
    let logStep: Double

    init(nodes: UnsafePointer<Double>, tables: TransportTables) {
        self.nodes = nodes
        logStart = tables.logStart
        logStep = tables.logStep
        inverseLogStep = 1 / tables.logStep
    }

    /// Position of an energy in the tables.
    struct Node {
        var index: Int
        var fraction: Double
    }

    @inline(__always) func node(_ logEnergy: Double) -> Node {
        let position = (logEnergy - logStart) * inverseLogStep
        let index = min(max(Int(position), 0), TransportTables.nodeCount - 2)
        return Node(index: index, fraction: position - Double(index))
    }

    /// First row of a species.
    @inline(__always) func table(_ species: Int) -> UnsafePointer<Double> {
        nodes + species * TransportTables.nodeCount * TransportTables.stride
    }

    /// ln R and d ln R/d ln E by the cubic Hermite polynomial of the node values.
    @inline(__always) func logRange(
        _ table: UnsafePointer<Double>, _ at: Node
    ) -> (value: Double, slope: Double) {
        let row = table + at.index * TransportTables.stride
        let t = at.fraction
        let d0 = row[1] * logStep
        let d1 = row[TransportTables.stride + 1] * logStep
        let rise = row[TransportTables.stride] - row[0]
        let c2 = 3 * rise - 2 * d0 - d1
        let c3 = d0 + d1 - 2 * rise
        return (
            row[0] + t * (d0 + t * (c2 + t * c3)), (d0 + t * (2 * c2 + 3 * t * c3)) * inverseLogStep
        )
    }

    @inline(__always) func linear(_ table: UnsafePointer<Double>, _ at: Node, _ column: Int) -> Double {
        let row = table + at.index * TransportTables.stride + column
        return row[0] + at.fraction * (row[TransportTables.stride] - row[0])
    }
}
