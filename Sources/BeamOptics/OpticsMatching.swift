/// Turns knobs of a lattice until its optics meet targets, by damped least squares.
///
/// ## Source
/// Levenberg, Q. Appl. Math. 2 (1944) 164; Marquardt, SIAM J. Appl. Math. 11 (1963) 431.
/// ## Checked by
/// `OpticsMatchingTests`: tunes and chromaticities of PIMMS from detuned strengths.
public struct OpticsMatching: Sendable {
    /// Something that optics shall have.
    public struct Target: Sendable {
        /// For messages, for example `Qx`.
        public var name: String
        public var wanted: Double
        /// Deviation that counts as one.
        public var tolerance: Double
        /// What a lattice has.
        public var value: @Sendable (Lattice) throws(BeamOpticsError) -> Double

        /// - Parameters:
        ///   - name: For messages.
        ///   - wanted: Value to reach.
        ///   - tolerance: Deviation that counts as one.
        ///   - value: What a lattice has.
        public init(
            _ name: String, wanted: Double, tolerance: Double,
            value: @escaping @Sendable (Lattice) throws(BeamOpticsError) -> Double
        ) {
            self.name = name
            self.wanted = wanted
            self.tolerance = tolerance
            self.value = value
        }

        /// Tune of a ring in plane 0 (x) or 1 (y).
        ///
        /// - Parameters:
        ///   - plane: 0 for x, 1 for y.
        ///   - wanted: Tune with its integer.
        public static func tune(_ plane: Int, _ wanted: Double) -> Target {
            Target(plane == 0 ? "Qx" : "Qy", wanted: wanted, tolerance: 1e-7) {
                (lattice: Lattice) throws(BeamOpticsError) in
                try LinearOptics.ring(BeamLineMap(lattice)).tunes[plane]
            }
        }

        /// Chromaticity of a ring in plane 0 (x) or 1 (y).
        ///
        /// - Parameters:
        ///   - plane: 0 for x, 1 for y.
        ///   - wanted: dQ/dδ.
        ///   - edges: Convention.
        public static func chromaticity(
            _ plane: Int, _ wanted: Double, edges: BeamLineMap.Edges = .exact
        ) -> Target {
            Target(plane == 0 ? "Q'x" : "Q'y", wanted: wanted, tolerance: 1e-4) {
                (lattice: Lattice) throws(BeamOpticsError) in
                try Chromaticity.ring(lattice, edges: edges).values[plane]
            }
        }
    }

    public var knobs: [String]
    public var targets: [Target]

    /// - Parameters:
    ///   - knobs: Families to turn.
    ///   - targets: What to reach; at least as many as needed to fix the knobs.
    public init(knobs: [String], targets: [Target]) {
        self.knobs = knobs
        self.targets = targets
    }

    /// The lattice with its knobs turned.
    ///
    /// - Parameters:
    ///   - lattice: Where to start from; its optics must exist.
    ///   - iterations: Most steps.
    /// - Throws: If a knob does not exist, or some target stays further away than its tolerance, naming it.
    public func match(_ lattice: Lattice, iterations: Int = 60) throws(BeamOpticsError) -> Lattice {
        var present = lattice
        let known = Dictionary(uniqueKeysWithValues: lattice.strengths.map { ($0.family, $0.value) })
        var values: [Double] = []
        for knob in knobs {
            guard let value = known[knob] else { throw .unknownFamily(knob) }
            values.append(value)
        }
        var misses = try self.misses(present)
        var damping = 1e-6
        for _ in 0..<iterations {
            if misses.allSatisfy({ abs($0) <= 1 }) { return present }
            let jacobian = try self.jacobian(present, values: values, misses: misses)
            var improved = false
            for _ in 0..<12 {
                guard let step = step(jacobian, misses, damping: damping) else { break }
                let trial = zip(values, step).map { $0 + $1 }
                if let lattice = try? setting(present, trial), let next = try? self.misses(lattice),
                    norm(next) < norm(misses)
                {
                    (present, values, misses) = (lattice, trial, next)
                    damping = max(damping * 0.1, 1e-14)
                    improved = true
                    break
                }
                damping = damping * 10
            }
            if !improved { break }
        }
        if misses.allSatisfy({ abs($0) <= 1 }) { return present }
        let worst = misses.indices.max { abs(misses[$0]) < abs(misses[$1]) } ?? 0
        let reached = targets[worst].wanted + misses[worst] * targets[worst].tolerance
        throw .matching(
            "\(targets[worst].name) stays at \(reached), wanted \(targets[worst].wanted); other knobs or another start are needed"
        )
    }

    private func misses(_ lattice: Lattice) throws(BeamOpticsError) -> [Double] {
        var list: [Double] = []
        for target in targets { list.append((try target.value(lattice) - target.wanted) / target.tolerance) }
        return list
    }

    private func setting(_ lattice: Lattice, _ values: [Double]) throws(BeamOpticsError) -> Lattice {
        var copy = lattice
        for (knob, value) in zip(knobs, values) { copy = try copy.setting(knob, to: value) }
        return copy
    }

    private func norm(_ misses: [Double]) -> Double { misses.reduce(0) { $0 + $1 * $1 } }

    /// Rows by target, columns by knob.
    private func jacobian(
        _ lattice: Lattice, values: [Double], misses: [Double]
    ) throws(BeamOpticsError) -> [[Double]] {
        var columns: [[Double]] = []
        for (index, knob) in knobs.enumerated() {
            let step = max(abs(values[index]), 0.1) * 1e-6
            let moved = try self.misses(lattice.setting(knob, to: values[index] + step))
            columns.append(zip(moved, misses).map { ($0 - $1) / step })
        }
        return targets.indices.map { row in columns.map { $0[row] } }
    }

    /// −(JᵀJ + λ diag)⁻¹ Jᵀ r.
    private func step(_ jacobian: [[Double]], _ misses: [Double], damping: Double) -> [Double]? {
        let n = knobs.count
        var normal = (0..<n).map { _ in [Double](repeating: 0, count: n) }
        var right = [Double](repeating: 0, count: n)
        for (row, miss) in zip(jacobian, misses) {
            for i in 0..<n {
                right[i] -= row[i] * miss
                for j in 0..<n { normal[i][j] += row[i] * row[j] }
            }
        }
        for i in 0..<n { normal[i][i] *= 1 + damping }
        return SmallLinearSystem.solve(normal, right)
    }
}
