import BeamData

/// One energy's depth table packed for the kernels.
///
/// A row at a depth index: D, D·z*, D·LET of one Gaussian (laterally integrated, Gy mm² and so on per ion), then
/// its width coefficient: σ²/V_w of the primaries, σ²/(d²/3) of fragments. Two rows of zero dose close a table.
struct LayerTables: Sendable {
    let stepMM: Float
    /// By `LateralTerm.rawValue`.
    let rows: [[SIMD4<Float>]]
    /// Depth beyond which each Gaussian no longer matters, mm; 0 for one that carries no dose.
    let endMM: [Float]
    let scattering: PrimaryScattering

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
                    && $0.wideShare.count == n && $0.wideSigmaMM.count == n
            })
        else { return nil }
        let scattering = PrimaryScattering(rangeMM: table.rangeMM)
        let quarter = min(n - 1, max(1, Int((0.25 * table.rangeMM / table.stepMM).rounded(.up))))
        let lastInRange = max(
            quarter, min(n - 1, Int((table.rangeMM - PrimaryScattering.leastResidualMM) / table.stepMM)))

        func widthCoefficient(_ term: LateralTerm, _ index: Int) -> Float {
            let component = table.components[term.component.rawValue]
            let sigma = term.isWide ? component.wideSigmaMM : component.sigmaMM
            let i =
                term == .primary ? min(max(index, quarter), lastInRange) : max(index, quarter)
            let d = Double(i) * table.stepMM
            let variance = Double(sigma[i]) * Double(sigma[i])
            let model = term == .primary ? scattering.varianceInWater(depthMM: d) : d * d / 3
            return Float(variance / model)
        }
        let rows = LateralTerm.allCases.map { term in
            let c = table.components[term.component.rawValue]
            let own = (0..<n).map { i in
                let share = term.isWide ? c.wideShare[i] : 1 - c.wideShare[i]
                return SIMD4(
                    share * c.doseGyMM2[i], share * c.doseZStarGy2MM2[i],
                    share * c.doseLETGyMM2KeVPerUM[i], widthCoefficient(term, i))
            }
            return own + [SIMD4<Float>](repeating: SIMD4(0, 0, 0, own[n - 1][3]), count: 2)
        }
        let greatest = Self.totalDose(table).max() ?? 0
        guard greatest > 0, greatest.isFinite else { return nil }
        endMM = rows.map { rows in
            guard let last = rows.lastIndex(where: { Double($0[0]) > tailCut * greatest }) else { return 0 }
            return Float(Double(last + 1) * table.stepMM)
        }
        stepMM = Float(table.stepMM)
        self.rows = rows
        self.scattering = scattering
    }

    /// Row of a Gaussian at a depth in water, by linear interpolation; the last one beyond the table.
    @inline(__always)
    func row(_ term: LateralTerm, atWaterDepthMM d: Float) -> SIMD4<Float> {
        let rows = rows[term.rawValue]
        let t = min(d / stepMM, Float(rows.count - 2))
        let i = t.unsafelyTruncated
        return rows[Int(i)] + (t - Float(i)) * (rows[Int(i) + 1] - rows[Int(i)])
    }
}
