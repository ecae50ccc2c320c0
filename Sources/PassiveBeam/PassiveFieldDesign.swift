import BeamData
import FacilityModel
import Frames
import IonPhysics
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import Radiobiology

/// Fits a passive nozzle to a target: energy, range shifter, ridge filter, bolus, collimator, and the slices of layer stacking.
///
/// Depths behind the nozzle count bolus and patient together (E). The bolus brings the distal edge of every ray to one E, the
/// range shifter brings the deepest peak there:
///
///     E_distal = max D + m_d + ρ_S t₀ = peak − U − U_RS                                                (8)
///
/// What plates cannot resolve is put under the bolus as t₀. The spread-out peak must reach from E_distal to the least E of the
/// proximal edge less m_p.
///
/// ## Checked by
/// `PassiveFieldDesignTests`.
public struct PassiveFieldDesign: Sendable {
    /// Everything but the number of ions: they are relative, with a sum of 1.
    public let delivery: PassiveDelivery
    public let profile: TargetProfile
    public let geometry: FieldGeometry
    /// E_distal, mm of water.
    public let distalMM: Double
    /// Width that the target needs, mm of water.
    public let neededWidthMM: Double
    /// Where the field is prescribed: the middle of the target on the ray nearest to the axis that meets it.
    public let centre: Point3<DICOMPatient>
    /// What a person may want to know.
    public let findings: [Finding]

    /// Makes fields of one plan.
    public struct Planner: Sendable {
        public let images: MaterialImages
        public let patientPosition: PatientPosition
        public let ion: Isotope
        public let biology: BiologicalModel
        public let depthTable: DepthTableSource
        public let settings: PassiveBeamSettings

        public init(
            images: MaterialImages, patientPosition: PatientPosition, ion: Isotope, biology: BiologicalModel,
            settings: PassiveBeamSettings = PassiveBeamSettings(), depthTable: @escaping DepthTableSource
        ) {
            self.images = images
            self.patientPosition = patientPosition
            self.ion = ion
            self.biology = biology
            self.settings = settings
            self.depthTable = depthTable
        }
    }

    /// Designs a field.
    ///
    /// - Parameters:
    ///   - field: Direction and isocentre.
    ///   - target: The target.
    ///   - targetName: For messages.
    ///   - nozzle: The port's nozzle.
    ///   - request: Margins and filling.
    ///   - planner: Tissues, beam and settings.
    ///   - threads: Threads to use; the result does not depend on it.
    /// - Throws: `PassiveBeamError`, what the depth tables throw.
    public init(
        field: Field, target: StructureMask, targetName: String, nozzle: PassiveNozzle,
        request: PassiveRequest, planner: Planner, threads: Int
    ) async throws {
        // The source lies a little elsewhere at each energy; that of the first setting is near enough to choose by.
        func geometry(_ sourceMM: Double) -> FieldGeometry {
            FieldGeometry(
                field: field, patientPosition: planner.patientPosition,
                sourceDistancesMM: SIMD2(repeating: sourceMM))
        }
        func profile(_ geometry: FieldGeometry) async throws -> TargetProfile {
            try await TargetProfile.trace(
                target: target, name: targetName, images: planner.images, geometry: geometry,
                settings: planner.settings, threads: threads)
        }
        let rough = try await profile(geometry(nozzle.spreading.scattererDistanceMM))
        let line = try Self.line(
            for: rough, nozzle: nozzle, request: request, planner: planner)
        let own = geometry(line.open.sourceDistanceMM)
        let found = try await profile(own)
        self.geometry = own
        self.profile = found
        let fit = try DepthFit(line: line, profile: found, request: request, settings: planner.settings)
        distalMM = fit.distalMM
        neededWidthMM = fit.neededWidthMM
        let axis = try Self.reference(
            found, geometry: own, images: planner.images, settings: planner.settings)
        centre = axis.point
        let shaping = Shaping(
            line: line, fit: fit, profile: found, request: request,
            // The isocentre plane's E on the axis, where the field is as wide as it is named.
            planeMM: axis.isocentreWaterMM + fit.bolus.waterPerMM * fit.bolus.bolus.thicknessMM(at: .zero))
        let made = try request.filling == .ridgeFilter ? shaping.plain() : shaping.stacked()
        delivery = PassiveDelivery(
            energy: line.setting.energy, wobblerRadiusMM: line.setting.wobblerRadiusMM,
            scattererThicknessMM: line.setting.scattererThicknessMM,
            ridgeFilterWidthMM: made.filterMM, sourceDistanceMM: line.open.sourceDistanceMM,
            bolus: fit.bolus.bolus, slices: made.slices)
        findings = made.findings
    }

    /// The lowest energy that reaches, with the smallest field that is wide enough.
    private static func line(
        for profile: TargetProfile, nozzle: PassiveNozzle, request: PassiveRequest, planner: Planner
    ) throws -> PassiveBeamLine {
        let hits = profile.hits
        let radius =
            (hits.map { ($0.uv * $0.uv).sum() }.max() ?? 0).squareRoot() + request.lateralMarginMM
        guard 2 * radius <= nozzle.fieldDiameterMM else {
            throw PassiveBeamError.fieldExceeded(
                neededRadiusMM: radius, availableRadiusMM: nozzle.fieldDiameterMM / 2)
        }
        let water = try BolusDesign.properties(nozzle.bolus).stoppingPowerRatio
        let needed =
            (hits.map(\.span.distalMM).max() ?? 0) + request.distalMarginMM
            + water * nozzle.bolus.leastThicknessMM
        var greatest = 0.0
        for energy in nozzle.energies.reversed() {
            let fitting = nozzle.spreading.settings.filter {
                $0.energy == energy && $0.fieldDiameterMM >= 2 * radius
            }
            guard let setting = fitting.min(by: { $0.fieldDiameterMM < $1.fieldDiameterMM }) else { continue }
            let line = try PassiveBeamLine(
                nozzle: nozzle, ion: planner.ion, setting: setting, biology: planner.biology,
                depthTable: planner.depthTable)
            if line.reachMM >= needed { return line }
            greatest = max(greatest, line.reachMM)
        }
        guard greatest > 0 else {
            throw PassiveBeamError.noBeamSetting(
                nozzle.energies.first ?? EnergyPerNucleon(0), fieldDiameterMM: 2 * radius)
        }
        throw PassiveBeamError.targetBeyondRange(deepestMM: needed, greatestMM: greatest)
    }

    /// The middle of the target on the ray nearest to the axis, and the water before the isocentre plane on the axis.
    private static func reference(
        _ profile: TargetProfile, geometry: FieldGeometry, images: MaterialImages,
        settings: PassiveBeamSettings
    ) throws -> (point: Point3<DICOMPatient>, isocentreWaterMM: Double) {
        let interval = DepthInterval(of: images.geometry, geometry: geometry)
        let step = settings.depthStepMM
        let count = max(1, Int(((interval.upperMM - interval.lowerMM) / step).rounded(.up)))
        func water(on uv: SIMD2<Double>) -> [Double] {
            var steps = [RayTracer.Step](repeating: RayTracer.Step(), count: count)
            steps.withUnsafeMutableBufferPointer {
                RayTracer(images: images).trace(
                    origin: geometry.point(uv: uv, depthMM: 0).mm, direction: geometry.direction(uv: uv).mm,
                    startMM: interval.lowerMM, stepMM: step, into: $0)
            }
            var sum = 0.0
            return steps.map {
                sum += Double($0.stopping) * step
                return sum
            }
        }
        guard
            let ray = profile.hits.min(by: { ($0.uv * $0.uv).sum() < ($1.uv * $1.uv).sum() })
        else { throw PassiveBeamError.emptyTarget(name: "") }
        let middle = 0.5 * (ray.span.proximalMM + ray.span.distalMM)
        let along = water(on: ray.uv)
        let k = along.firstIndex { $0 >= middle } ?? count - 1
        let depth = interval.lowerMM + Double(k + 1) * step
        let onAxis = water(on: .zero)
        let place = Int(((0 - interval.lowerMM) / step).rounded()) - 1
        return (
            geometry.point(uv: ray.uv, depthMM: depth),
            onAxis.indices.contains(place) ? onAxis[place] : place < 0 ? 0 : onAxis.last ?? 0
        )
    }
}

/// Equation 8: bolus, plates, and the width that is needed.
struct DepthFit {
    let bolus: BolusDesign
    let distalMM: Double
    let neededWidthMM: Double
    /// Least E of the target on each ray that meets it, in the order of `TargetProfile.hits`.
    let proximalMM: [Double]
    let shifter: RangeShifterChoice

    init(
        line: PassiveBeamLine, profile: TargetProfile, request: PassiveRequest, settings: PassiveBeamSettings
    ) throws(PassiveBeamError) {
        let blank = line.nozzle.bolus
        let ratio = try BolusDesign.properties(blank).stoppingPowerRatio
        let hits = profile.hits
        let deepest = hits.map(\.span.distalMM).max() ?? 0
        let least = deepest + request.distalMarginMM + ratio * blank.leastThicknessMM
        let surplus = line.reachMM - least
        guard surplus >= 0 else {
            throw .targetBeyondRange(deepestMM: least, greatestMM: line.reachMM)
        }
        shifter = try RangeShifterChoice(atMost: surplus, of: line.nozzle.rangeShifter)
        let base = blank.leastThicknessMM + (surplus - shifter.waterMM) / ratio
        bolus = try BolusDesign(
            profile: profile, blank: blank, baseMM: base, smearingMM: request.smearingMM,
            reachMM: request.lateralMarginMM + 10, sourceMM: line.open.sourceDistanceMM,
            pitchMM: settings.bolusPitchMM)
        distalMM = line.reachMM - shifter.waterMM
        let design = bolus
        proximalMM = hits.map { $0.span.proximalMM + ratio * design.bolus.thicknessMM(at: $0.uv) }
        neededWidthMM = distalMM - (proximalMM.min() ?? 0) + request.proximalMarginMM
    }
}
