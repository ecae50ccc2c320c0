import BeamData

/// One energy's depth table packed for the kernels.
///
/// Core row at depth index i: D, D·z*, D·LET of the primaries, then σ²/V_w of the primaries; the same three of
/// heavy fragments, then σ²/(d²/3) of them. Halo row: the same four of light fragments. Doses are Gy mm² per
/// ion; two rows of zero dose close the table.
struct LayerTables: Sendable {
    let stepMM: Float
    let core: [SIMD8<Float>]
    let halo: [SIMD4<Float>]
    let scattering: PrimaryScattering
    /// Depth beyond which neither primaries nor heavy fragments matter, mm.
    let coreEndMM: Float
    let haloEndMM: Float
    /// Depth beyond which no primary is left, mm.
    let primaryEndMM: Float

    /// Depth of the greatest laterally integrated dose, mm: parabola through the highest sample.
    static func peakDepthMM(of table: BeamDepthTable) -> Double? {
        let total = totalDose(table)
        guard let top = total.indices.max(by: { total[$0] < total[$1] }), total[top] > 0 else { return nil }
        guard top > 0, top + 1 < total.count else { return Double(top) * table.stepMM }
        let (a, b, c) = (total[top - 1], total[top], total[top + 1])
        let curvature = a - 2 * b + c
        let shift = curvature < 0 ? 0.5 * (a - c) / curvature : 0
        return (Double(top) + min(max(shift, -0.5), 0.5)) * table.stepMM
    }

    /// Width of the peak at 80 % of its height, mm.
    static func peakWidthMM(of table: BeamDepthTable) -> Double? {
        let total = totalDose(table)
        guard let top = total.indices.max(by: { total[$0] < total[$1] }), total[top] > 0 else { return nil }
        let level = 0.8 * total[top]
        func crossing(_ indices: some Sequence<Int>, _ direction: Int) -> Double {
            for i in indices where total[i] < level {
                let inner = i - direction
                let f = (level - total[i]) / (total[inner] - total[i])
                return Double(i) - Double(direction) * f
            }
            return direction > 0 ? Double(total.count - 1) : 0
        }
        let right = crossing(top..<total.count, 1)
        let left = crossing(stride(from: top, through: 0, by: -1), -1)
        return (right - left) * table.stepMM
    }

    private static func totalDose(_ table: BeamDepthTable) -> [Double] {
        (0..<table.count).map { i in
            table.components.reduce(0) { $0 + Double($1.doseGyMM2[i]) }
        }
    }

    /// Packs a table; its components end where their integrated dose is below `tailCut` of the greatest.
    ///
    /// Nil if the table has fewer than two samples, unequal columns, not three components or no dose.
    init?(_ table: BeamDepthTable, tailCut: Double) {
        let n = table.count
        guard n >= 2, table.stepMM > 0, table.rangeMM > 0,
            table.components.count == BeamComponent.allCases.count,
            table.components.allSatisfy({
                $0.doseGyMM2.count == n && $0.doseZStarGy2MM2.count == n
                    && $0.doseLETGyMM2KeVPerUM.count == n && $0.sigmaMM.count == n
            })
        else { return nil }
        let scattering = PrimaryScattering(rangeMM: table.rangeMM)
        let quarter = min(n - 1, max(1, Int((0.25 * table.rangeMM / table.stepMM).rounded(.up))))
        let lastInRange = max(
            quarter, min(n - 1, Int((table.rangeMM - PrimaryScattering.leastResidualMM) / table.stepMM)))

        func widthCoefficient(_ component: BeamComponent, _ index: Int) -> Float {
            let sigma = table.components[component.rawValue].sigmaMM
            let i =
                component == .primary ? min(max(index, quarter), lastInRange) : max(index, quarter)
            let d = Double(i) * table.stepMM
            let variance = Double(sigma[i]) * Double(sigma[i])
            let model = component == .primary ? scattering.varianceInWater(depthMM: d) : d * d / 3
            return Float(variance / model)
        }
        var core: [SIMD8<Float>] = []
        var halo: [SIMD4<Float>] = []
        core.reserveCapacity(n + 2)
        halo.reserveCapacity(n + 2)
        let (p, h, l) = (
            table.components[BeamComponent.primary.rawValue],
            table.components[BeamComponent.heavyFragments.rawValue],
            table.components[BeamComponent.lightFragments.rawValue]
        )
        for i in 0..<n {
            core.append(
                SIMD8(
                    p.doseGyMM2[i], p.doseZStarGy2MM2[i], p.doseLETGyMM2KeVPerUM[i],
                    widthCoefficient(.primary, i), h.doseGyMM2[i], h.doseZStarGy2MM2[i],
                    h.doseLETGyMM2KeVPerUM[i], widthCoefficient(.heavyFragments, i)))
            halo.append(
                SIMD4(
                    l.doseGyMM2[i], l.doseZStarGy2MM2[i], l.doseLETGyMM2KeVPerUM[i],
                    widthCoefficient(.lightFragments, i)))
        }
        let greatest = Self.totalDose(table).max() ?? 0
        guard greatest > 0, greatest.isFinite else { return nil }
        func end(_ dose: (Int) -> Float) -> Float {
            let last = (0..<n).last { Double(dose($0)) > tailCut * greatest } ?? 0
            return Float(Double(last + 1) * table.stepMM)
        }
        coreEndMM = end { core[$0][0] + core[$0][4] }
        haloEndMM = end { halo[$0][0] }
        primaryEndMM = end { core[$0][0] }
        let (lastCore, lastHalo) = (core[n - 1], halo[n - 1])
        for _ in 0..<2 {
            core.append(SIMD8(0, 0, 0, lastCore[3], 0, 0, 0, lastCore[7]))
            halo.append(SIMD4(0, 0, 0, lastHalo[3]))
        }
        stepMM = Float(table.stepMM)
        self.core = core
        self.halo = halo
        self.scattering = scattering
    }

    /// Width coefficients of the three components at a water depth.
    func widthCoefficients(atWaterDepthMM d: Float) -> SIMD3<Float> {
        let i = min(Int(d / stepMM), core.count - 1)
        return SIMD3(core[i][3], core[i][7], halo[i][3])
    }
}
