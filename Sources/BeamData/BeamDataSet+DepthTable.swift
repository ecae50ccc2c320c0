#if canImport(Glibc)
    import Glibc
#endif

/// Interpolation in range between nodes, and the beam that a machine makes of it.
extension BeamDataSet {
    /// CSDA range of an energy, mm: cubic in ln E through the four nearest nodes.
    public func rangeMM(energyMeVPerNucleon energy: Double) throws(BeamDataError) -> Double {
        guard let inside = Self.within(validEnergies, energy) else {
            throw .energyOutsideNodes(energy, valid: validEnergies)
        }
        return exp(
            CubicStencil(nodes.map { log($0.energyMeVPerNucleon) }, at: log(inside)).value {
                log(nodes[$0].rangeMM)
            })
    }

    /// Energy (MeV per nucleon) of a range: cubic in ln R through the four nearest nodes.
    public func energyMeVPerNucleon(rangeMM range: Double) throws(BeamDataError) -> Double {
        guard let inside = Self.within(validRangesMM, range) else {
            throw .rangeOutsideNodes(range, valid: validRangesMM)
        }
        return exp(
            CubicStencil(nodes.map { log($0.rangeMM) }, at: log(inside)).value {
                log(nodes[$0].energyMeVPerNucleon)
            })
    }

    /// Depth tables of a beam of any energy between the nodes.
    ///
    ///     f(d) = ∫ f_R(d + w − u) exp(−u²/2σ²)/√(2π)σ du,   σ² = σ_ridge² + (R' ΔE)²
    ///
    /// for f = dose, dose z*, dose LET, and share and share times variance of dose for both lateral Gaussians. f_R is interpolated at the same depth/R: ln f is cubic in
    /// ln R through the four nodes around R where these values are positive and within a factor of 20, otherwise f is
    /// linear between the two nearest. w is water passed before the
    /// table begins. Where u reaches before the surface the surface value is taken.
    ///
    /// - Parameters:
    ///   - energyMeVPerNucleon: Energy of the beam.
    ///   - relativeEnergySpread: σ(E)/E.
    ///   - ridgeFilterSigmaMM: σ that a mini ridge (ripple) filter adds to the range, mm of water.
    ///   - waterOffsetMM: Water equivalent of what lies upstream of the table's depth 0, mm.
    ///   - stepMM: Distance of the depth samples.
    /// - Returns: Tables that end where the dose falls below 1e-4 of that at depth 0; range less the offset.
    public func depthTable(
        energyMeVPerNucleon: Double, relativeEnergySpread: Double = 0, ridgeFilterSigmaMM: Double = 0,
        waterOffsetMM: Double = 0, stepMM: Double
    ) throws(BeamDataError) -> BeamDepthTable {
        let range = try rangeMM(energyMeVPerNucleon: energyMeVPerNucleon)
        let slope = try rangeSlopeMM(energyMeVPerNucleon: energyMeVPerNucleon)
        try Self.check("relative energy spread", relativeEnergySpread)
        let spread = relativeEnergySpread * energyMeVPerNucleon * slope
        return try depthTable(
            rangeMM: range,
            rangeSigmaMM: (ridgeFilterSigmaMM * ridgeFilterSigmaMM + spread * spread).squareRoot(),
            waterOffsetMM: waterOffsetMM, stepMM: stepMM)
    }

    /// The same for a given CSDA range and a given total Gaussian spread of the range.
    public func depthTable(
        rangeMM range: Double, rangeSigmaMM: Double, waterOffsetMM: Double = 0, stepMM: Double
    ) throws(BeamDataError) -> BeamDepthTable {
        guard Self.within(validRangesMM, range) != nil else {
            throw .rangeOutsideNodes(range, valid: validRangesMM)
        }
        try Self.check("range spread", rangeSigmaMM)
        try Self.check("water offset", waterOffsetMM)
        guard stepMM.isFinite, stepMM > 0 else { throw .invalidArgument("depth step", value: stepMM) }
        guard waterOffsetMM < range else { throw .invalidArgument("water offset", value: waterOffsetMM) }

        let sampler = NodeSampler(set: self, rangeMM: range)
        let samples = Int((axes.depths[axes.depths.count - 1] * range - waterOffsetMM) / stepMM)
        let kernel = GaussianKernel(sigmaMM: rangeSigmaMM, finestMM: max(0.02, 5e-4 * range))
        let perComponent = ComponentDepthTable.columnCount
        var columns = [[Float]](repeating: [], count: perComponent * BeamComponent.allCases.count)
        var last = [SIMD2<Double>](repeating: .zero, count: BeamComponent.allCases.count)
        var entrance = 0.0
        for i in 0...samples {
            let depth = Double(i) * stepMM + waterOffsetMM
            var total = 0.0
            for component in BeamComponent.allCases.indices {
                var sums = SIMD8<Double>.zero
                for (shift, weight) in zip(kernel.shifts, kernel.weights) {
                    sums += weight * sampler.moments(component: component, depthMM: max(0, depth - shift))
                }
                let narrow = sums[0] - sums[4]
                if narrow > 0 { last[component].x = (sums[3] / narrow).squareRoot() }
                if sums[4] > 0 { last[component].y = (sums[5] / sums[4]).squareRoot() }
                let share = sums[0] > 0 ? sums[4] / sums[0] : 0
                let row = [sums[0], sums[1], sums[2], last[component].x, share, last[component].y]
                for k in 0..<perComponent { columns[perComponent * component + k].append(Float(row[k])) }
                total += sums[0]
            }
            if i == 0 { entrance = total }
            if total < 1e-4 * entrance { break }
        }
        return BeamDepthTable(
            stepMM: stepMM, rangeMM: range - waterOffsetMM,
            components: BeamComponent.allCases.indices.map {
                ComponentDepthTable(
                    columns: Array(columns[(perComponent * $0)..<(perComponent * ($0 + 1))]))
            })
    }

    /// dR/dE (mm per MeV/u) at an energy, by a central difference inside the nodes.
    private func rangeSlopeMM(energyMeVPerNucleon energy: Double) throws(BeamDataError) -> Double {
        let low = max(energy * (1 - 1e-4), validEnergies.lowerBound)
        let high = min(energy * (1 + 1e-4), validEnergies.upperBound)
        return
            (try rangeMM(energyMeVPerNucleon: high) - (try rangeMM(energyMeVPerNucleon: low)))
            / (high - low)
    }

    private static func check(_ name: String, _ value: Double) throws(BeamDataError) {
        guard value.isFinite, value >= 0 else { throw .invalidArgument(name, value: value) }
    }

    /// `value` if it lies in `valid`, the nearer end if it misses it by rounding only, otherwise nil.
    private static func within(_ valid: ClosedRange<Double>, _ value: Double) -> Double? {
        if valid.contains(value) { return value }
        for end in [valid.lowerBound, valid.upperBound] where abs(value - end) <= 1e-12 * end { return end }
        return nil
    }
}

/// Weights of Lagrange's polynomial through the (up to) four nodes around a point.
private struct CubicStencil {
    let first: Int
    let weights: [Double]

    init(_ xs: [Double], at x: Double) {
        let upper = xs.firstIndex { $0 >= x } ?? xs.count - 1
        first = min(max(upper - 2, 0), max(xs.count - 4, 0))
        let indices = first...min(first + 3, xs.count - 1)
        weights = indices.map { i in
            indices.reduce(1) { $1 == i ? $0 : $0 * (x - xs[$1]) / (xs[i] - xs[$1]) }
        }
    }

    func value(_ ys: (Int) -> Double) -> Double {
        weights.indices.reduce(0) { $0 + weights[$1] * ys(first + $1) }
    }
}

/// Equidistant points and normalised weights of a Gaussian, ±4.5 σ; one point of weight 1 for σ = 0.
private struct GaussianKernel {
    let shifts: [Double]
    let weights: [Double]

    init(sigmaMM: Double, finestMM: Double) {
        guard sigmaMM > 0 else {
            shifts = [0]
            weights = [1]
            return
        }
        let half = max(12, Int((4.5 * sigmaMM / finestMM).rounded(.up)))
        let step = 4.5 * sigmaMM / Double(half)
        shifts = (-half...half).map { Double($0) * step }
        let raw = shifts.map { exp(-$0 * $0 / (2 * sigmaMM * sigmaMM)) }
        let sum = raw.reduce(0, +)
        weights = raw.map { $0 / sum }
    }
}

/// Dose, dose z*, dose LET, dose (1 − q) σ², dose q and dose q σ_w² of one range, linear between the depths of the
/// axes.
private struct NodeSampler {
    private let rangeMM: Double
    private let depths: [Double]
    /// `[component][depth]`
    private let table: [[SIMD8<Double>]]
    /// Index of the depth at or below t = k / `perUnit`: the start of the search.
    private let start: [Int]
    private static let perUnit = 1000.0

    init(set: BeamDataSet, rangeMM: Double) {
        self.rangeMM = rangeMM
        depths = set.axes.depths
        let upper = max(1, set.nodes.firstIndex { $0.rangeMM >= rangeMM } ?? set.nodes.count - 1)
        let (low, high) = (set.nodes[upper - 1], set.nodes[upper])
        let share = log(rangeMM / low.rangeMM) / log(high.rangeMM / low.rangeMM)
        let stencil = CubicStencil(set.nodes.map { log($0.rangeMM) }, at: log(rangeMM))
        func between(_ component: Int, _ i: Int, _ column: KeyPath<ComponentDepthTable, [Float]>) -> Double {
            let values = stencil.weights.indices.map {
                Double(set.nodes[stencil.first + $0].components[component][keyPath: column][i])
            }
            let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
            if least > 0 && greatest < 20 * least {
                return exp(stencil.weights.indices.reduce(0) { $0 + stencil.weights[$1] * log(values[$1]) })
            }
            return (1 - share) * Double(low.components[component][keyPath: column][i])
                + share * Double(high.components[component][keyPath: column][i])
        }
        table = BeamComponent.allCases.indices.map { component in
            set.axes.depths.indices.map { i in
                let dose = between(component, i, \.doseGyMM2)
                let narrow = between(component, i, \.sigmaMM)
                let wide = between(component, i, \.wideSigmaMM)
                let share = min(max(between(component, i, \.wideShare), 0), 1)
                return SIMD8(
                    dose, between(component, i, \.doseZStarGy2MM2),
                    between(component, i, \.doseLETGyMM2KeVPerUM), dose * (1 - share) * narrow * narrow,
                    dose * share, dose * share * wide * wide, 0, 0)
            }
        }
        var start: [Int] = []
        var index = 0
        let last = depths[depths.count - 1]
        for k in 0...Int(last * Self.perUnit) + 1 {
            while index + 1 < depths.count && depths[index + 1] <= Double(k) / Self.perUnit { index += 1 }
            start.append(index)
        }
        self.start = start
    }

    func moments(component: Int, depthMM: Double) -> SIMD8<Double> {
        let t = depthMM / rangeMM
        guard t < depths[depths.count - 1] else { return .zero }
        var i = start[Int(t * Self.perUnit)]
        while depths[i + 1] <= t { i += 1 }
        let share = (t - depths[i]) / (depths[i + 1] - depths[i])
        return (1 - share) * table[component][i] + share * table[component][i + 1]
    }
}
