import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

/// Doses, LETd and RBE along the central axis of a field, for a plot with one panel each.
///
/// ## Checked by
/// `BeamProfileTests`.
public struct BeamProfile: Sendable {
    /// Position along the axis, mm from the isocentre, downstream positive.
    public let positionsMM: [Double]
    /// RBE-weighted dose of the whole treatment, Gy (RBE); NaN outside the grid.
    public let rbeWeightedDose: [Double]
    /// Absorbed dose of the whole treatment, Gy.
    public let physicalDose: [Double]
    /// Dose-averaged LET, keV/µm; NaN where the dose is below the threshold.
    public let letD: [Double]
    /// RBE-weighted over absorbed dose; NaN where the dose is below the threshold.
    public let rbe: [Double]
    /// Where the axis is inside the target, mm.
    public let targetIntervalsMM: [ClosedRange<Double>]
    /// Water-equivalent depth of the isocentre, mm; nil if no stopping powers were given.
    public let isocentreWaterEquivalentDepthMM: Double?

    /// Samples the axis every `stepMM`, from 15 mm before the body to 15 mm beyond the last relevant dose.
    ///
    /// - Parameters:
    ///   - dose: Of the whole plan.
    ///   - fraction: Of one fraction, for the LET.
    ///   - ct: Decides where the body begins: the first point with more than −400 HU.
    ///   - thresholdGyRBE: Least total RBE-weighted dose at which LETd and RBE are shown.
    ///   - stoppingPowerRatio: For the water-equivalent depth of the isocentre.
    /// - Returns: nil if the axis meets neither body nor dose.
    public init?(
        axis: BeamAxis, dose: PlanDose, fraction: DoseDistribution, ct: Volume<Int16>, target: Structure?,
        thresholdGyRBE: Double,
        stoppingPowerRatio: Volume<Float>? = nil, stepMM: Double = 0.5
    ) {
        let reach = ct.geometry.diagonalMM
        let all = Array(stride(from: -reach, through: reach, by: stepMM))
        func hounsfield(_ t: Double) -> Double? { ct.nearest(to: axis.point(at: t)).map(Double.init) }
        guard let entry = all.first(where: { (hounsfield($0) ?? -1000) > -400 }) else { return nil }
        let total = { (t: Double) in dose.rbeWeighted.interpolated(at: axis.point(at: t)) ?? .nan }
        guard let last = all.last(where: { total($0) >= thresholdGyRBE / 5 }), last > entry else {
            return nil
        }
        let positions = all.filter { $0 >= entry - 15 && $0 <= last + 15 }
        var (weighted, physical, let_, rbe): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for t in positions {
            let point = axis.point(at: t)
            let w = total(t)
            let d = dose.physical.interpolated(at: point) ?? .nan
            let once = fraction.dose.interpolated(at: point) ?? .nan
            let l = fraction.doseLET.interpolated(at: point) ?? .nan
            weighted.append(w)
            physical.append(d)
            let isShown = w >= thresholdGyRBE && d > 0
            let_.append(isShown ? l / once : .nan)
            rbe.append(isShown ? w / d : .nan)
        }
        positionsMM = positions
        rbeWeightedDose = weighted
        physicalDose = physical
        letD = let_
        self.rbe = rbe
        targetIntervalsMM = target.map { Self.intervals(of: $0, along: axis, positions) } ?? []
        isocentreWaterEquivalentDepthMM = stoppingPowerRatio.map { ratio in
            all.filter { $0 >= entry - 15 && $0 < 0 }.reduce(0.0) { sum, t in
                sum + stepMM * (ratio.interpolated(at: axis.point(at: t + stepMM / 2)) ?? 0)
            }
        }
    }

    static func intervals(
        of target: Structure, along axis: BeamAxis, _ positions: [Double]
    ) -> [ClosedRange<Double>] {
        let outline = StructureOutline(target)
        var result: [ClosedRange<Double>] = []
        var start: Double?
        var previous = positions.first ?? 0
        for t in positions {
            if outline.contains(axis.point(at: t)) {
                start = start ?? t
                previous = t
            } else if let from = start {
                if previous > from { result.append(from...previous) }
                start = nil
            }
        }
        return result
    }

    /// The plot: doses above, LETd and RBE below.
    public func plot(targetName: String, own: BeamProfile? = nil) -> LinePlot {
        func series(
            _ name: String, _ values: [Double], _ colour: Colour, dash: [Double] = [], of profile: BeamProfile
        ) -> LinePlot.Series {
            LinePlot.Series(
                name: name, colour: colour, dash: dash,
                points: zip(profile.positionsMM, values).map { SIMD2($0, $1) })
        }
        var doseSeries = [
            series("RBE-weighted", rbeWeightedDose, Colour.series[1], of: self),
            series("absorbed", physicalDose, Colour.series[0], of: self),
        ]
        if let own {
            doseSeries += [
                series("RBE-w., this field", own.rbeWeightedDose, Colour.series[1], dash: [5, 3], of: own),
                series("abs., this field", own.physicalDose, Colour.series[0], dash: [5, 3], of: own),
            ]
        }
        func range(_ values: [[Double]]) -> ClosedRange<Double> {
            0...max(1.08 * (values.joined().filter(\.isFinite).max() ?? 1), 1e-6)
        }
        return LinePlot(
            horizontal: .init(
                title: "Distance along the beam from the isocentre (mm)",
                range: (positionsMM.first ?? 0)...(positionsMM.last ?? 1)),
            panels: [
                .init(
                    vertical: .init(
                        title: "Dose (Gy (RBE), Gy)", range: range([rbeWeightedDose, physicalDose])),
                    series: doseSeries, weight: 1.9),
                .init(
                    vertical: .init(title: "LETd (keV/µm)", range: range([letD])),
                    series: [series("LETd", letD, Colour.series[2], of: self)]),
                .init(
                    vertical: .init(title: "RBE", range: range([rbe])),
                    series: [series("RBE", rbe, Colour.series[3], of: self)]),
            ],
            bands: targetIntervalsMM.map { .init(range: $0, label: targetName, colour: Colour.series[4]) },
            size: SIMD2(Picture.width, 400))
    }
}
