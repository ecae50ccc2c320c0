import FacilityModel
import IonPhysics
import PlanModel

/// The slices of a field whose bolus and deepest range are set: one behind a ridge filter, or many behind the narrow one.
///
/// A slice of layer stacking with its deepest peak at E_k is open on the rays whose target begins before E_k, as a peak gives
/// its dose upstream of its end: deeper slices must be open there, shallower ones would irradiate healthy tissue alone. Their
/// weights are those of equation 4 on a ray that all of them pass.
struct Shaping {
    let line: PassiveBeamLine
    let fit: DepthFit
    let profile: TargetProfile
    let request: PassiveRequest
    /// E of the isocentre plane on the axis, mm of water.
    let planeMM: Double

    struct Result {
        var filterMM: Double
        var slices: [PassiveSlice]
        var findings: [Finding]
    }

    /// Deviation on the axis that needs no word: the ends of peaks a step apart leave a ripple.
    private static let allowedFlatness = 0.04
    /// μ of equation 4 for slices.
    private static let smoothness = 1e-6

    /// One slice behind the narrowest filter that is wide enough, or the one that is asked for.
    func plain() throws -> Result {
        var findings: [Finding] = []
        let widths = line.nozzle.ridgeFilters.widthsMM.sorted()
        let width: Double
        if let asked = request.sobpWidthMM {
            guard widths.contains(where: { abs($0 - asked) < 1e-6 }) else {
                throw PassiveBeamError.noRidgeFilter(widthMM: asked, available: widths)
            }
            width = asked
            if asked < fit.neededWidthMM - 0.5 {
                let needed = (fit.neededWidthMM * 10).rounded() / 10
                findings.append(
                    Finding(
                        severity: .warning, code: "PASSIVE-0001",
                        message:
                            "the target needs a spread-out peak of \(needed) mm of water, \(asked) mm are asked "
                            + "for (its proximal part gets less dose); use a wider ridge filter",
                        path: "passive.sobp"))
            }
        } else {
            guard let fitting = widths.first(where: { $0 >= fit.neededWidthMM }) else {
                throw PassiveBeamError.targetTooThick(
                    neededMM: fit.neededWidthMM, widestMM: widths.last ?? 0)
            }
            width = fitting
        }
        let slice = PassiveSlice(
            rangeShifterPlatesMM: fit.shifter.platesMM, opening: try opening(profile.hits.map(\.uv)),
            particles: 1)
        return Result(filterMM: width, slices: [slice], findings: findings)
    }

    /// Slices from the deepest up.
    func stacked() throws -> Result {
        guard let stacking = line.nozzle.layerStacking else { throw PassiveBeamError.noLayerStacking }
        let filter = try line.ridgeFilter(widthMM: stacking.miniPeakWidthMM)
        let proximal = fit.distalMM - fit.neededWidthMM
        var choices = [fit.shifter]
        var reaches = [fit.distalMM]
        while let last = reaches.last, last - stacking.stepMM > proximal - 1e-6 {
            let wanted = fit.shifter.waterMM + Double(reaches.count) * stacking.stepMM
            let choice = try RangeShifterChoice(atMost: wanted, of: line.nozzle.rangeShifter)
            let reach = fit.distalMM + fit.shifter.waterMM - choice.waterMM
            guard reach < last - 1e-6 else {
                throw PassiveBeamError.targetTooShallow(
                    neededShiftMM: wanted, greatestShiftMM: choice.waterMM)
            }
            choices.append(choice)
            reaches.append(reach)
        }
        let points = RidgeFilter.depths(from: min(proximal, fit.distalMM - 1), to: fit.distalMM)
        var curves: [FlatDoseSolver.Curve] = []
        for choice in choices {
            let passage = try line.passage(rangeShifterMM: choice.platesMM.reduce(0, +), filter: filter)
            let table = try line.table(behind: passage, filter: filter)
            curves.append(
                RidgeFilter.curve(
                    of: table, at: points, middleMM: planeMM, sourceMM: line.open.sourceDistanceMM))
        }
        let flat = FlatDoseSolver(
            biology: line.biology, level: line.nozzle.ridgeFilters.referenceDoseGyRBE,
            smoothness: Self.smoothness
        ).solve(curves)
        let sum = flat.weights.reduce(0, +)
        var slices: [PassiveSlice] = []
        for (index, choice) in choices.enumerated() where flat.weights[index] > 1e-6 * sum {
            let limit = reaches[index] + request.proximalMarginMM
            let rays = zip(profile.hits, fit.proximalMM).filter { $0.1 <= limit }.map(\.0.uv)
            guard !rays.isEmpty else { continue }
            slices.append(
                PassiveSlice(
                    rangeShifterPlatesMM: choice.platesMM, opening: try opening(rays),
                    particles: flat.weights[index] / sum))
        }
        var findings: [Finding] = []
        if flat.flatness > Self.allowedFlatness {
            findings.append(
                Finding(
                    severity: .warning, code: "PASSIVE-0002",
                    message:
                        "the stacked layers are flat to \((flat.flatness * 1000).rounded() / 10) % "
                        + "(\(Self.allowedFlatness * 100) % are usual); use a ridge filter if that matters",
                    path: "passive.filling"))
        }
        return Result(filterMM: stacking.miniPeakWidthMM, slices: slices, findings: findings)
    }

    /// The collimator around rays; a ray stands for the cell of the lattice around it.
    private func opening(_ rays: [SIMD2<Double>]) throws(PassiveBeamError) -> LeafOpening {
        try CollimatorDesign.opening(
            rays: rays, marginMM: request.lateralMarginMM + 0.5 * profile.pitchMM,
            collimator: line.nozzle.collimator, sourceMM: line.open.sourceDistanceMM)
    }
}
