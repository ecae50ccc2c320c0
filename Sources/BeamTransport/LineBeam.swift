import BeamOptics
import IonPhysics

#if canImport(Glibc)
    import Glibc
#endif

/// The beam along a line: second moments behind every part.
public struct LineBeam: Sendable {
    /// Behind one part, in the frame of its section.
    public struct Point: Sendable {
        public var part: String
        /// From the start, m.
        public var positionM: Double
        /// Moments without those of the momentum spread.
        public var betatron: BeamMatrix
        /// D_x, D_x′, D_y, D_y′: m and rad per δ.
        public var dispersion: SIMD4<Double>
        /// RMS of δ.
        public var momentumSpread: Double
        /// Kinetic energy, MeV per nucleon.
        public var energyMeVPerNucleon: Double

        /// All moments: Σ + σ_δ² D Dᵀ.
        public var moments: BeamMatrix { betatron.adding(dispersion: dispersion, spread: momentumSpread) }

        /// β of the beam in a plane, σ²/ε, m.
        ///
        /// - Parameter plane: Plane of the optics.
        public func betaM(_ plane: Int) -> Double {
            betatron.rows[2 * plane][2 * plane] / betatron.projectedEmittanceMRad[plane]
        }
        /// α of the beam in a plane.
        ///
        /// - Parameter plane: Plane of the optics.
        public func alpha(_ plane: Int) -> Double {
            -betatron.rows[2 * plane][2 * plane + 1] / betatron.projectedEmittanceMRad[plane]
        }
    }

    /// At the start and behind each part.
    public var points: [Point]
    /// At the isocentre.
    public var isocentre: Point { points[points.count - 1] }
    /// Thickness of the scatterer's foil that was put in, mm; nil for none.
    public var foilMM: Double?

    /// - Parameters:
    ///   - points: At the start and behind each part.
    ///   - foilMM: Foil that was put in, mm.
    public init(points: [Point], foilMM: Double? = nil) {
        self.points = points
        self.foilMM = foilMM
    }
}

extension TransferLine {
    /// What of the matter in the line acts.
    public enum Matter: Hashable, Sendable {
        /// The scatterer's foil alone: what the magnets are matched for.
        case scattererOnly
        /// Everything.
        case all
    }

    /// Follows the beam to the isocentre.
    ///
    /// Magnets follow the beam's energy where matter takes some of it, so optics is that of the design everywhere.
    ///
    /// - Parameters:
    ///   - energy: Kinetic energy in front of the line, MeV per nucleon.
    ///   - angleRad: Angle of the gantry.
    ///   - scheme: Another matching scheme than the line's own; `direct` and `rotator` leave the scatterer out, `rotator` puts an ideal one (phase advances 2π and π, turned by half the angle) at the coupling point.
    ///   - matter: What of the matter acts.
    /// - Throws: If the ion stops on the way, or the energy is not possible.
    public func beam(
        energyMeVPerNucleon energy: Double, angleRad: Double = 0, scheme: RotatingGantry.Matching? = nil,
        matter: Matter = .all
    ) throws(BeamTransportError) -> LineBeam {
        guard energy > 0, energy <= StoppingPower.validEnergies.upperBound else {
            throw .optics(.energy(energy))
        }
        let scheme = scheme ?? matching
        let emittance = try entry.emittanceMRad(energyMeVPerNucleon: energy)
        let optics = entry.optics
        var plain = optics
        (plain.dispersionM, plain.dispersionSlope) = (.zero, .zero)
        var point = LineBeam.Point(
            part: "start", positionM: 0, betatron: BeamMatrix(optics: plain, emittanceMRad: emittance),
            dispersion: SIMD4(
                optics.dispersionM.x, optics.dispersionSlope.x, optics.dispersionM.y, optics.dispersionSlope.y
            ), momentumSpread: entry.momentumSpread, energyMeVPerNucleon: energy)
        var result = LineBeam(points: [point])
        result.points.reserveCapacity(steps.count + 1)
        let scattering = LineScattering(rangeTable: rangeTable)
        for step in steps {
            turn(&point, step.turn, angleRad: angleRad, scheme: scheme)
            let start = point
            point.dispersion = Self.behind(step.matrix, start.dispersion)
            point.betatron = start.betatron.behind(step.matrix)
            switch step.part {
            case .element, .scanner: break
            case .gas(let name, _, let length) where matter == .all:
                try fill(&point, from: start, step, scattering, name: name, lengthMM: length * 1e3)
            case .plate(let name, _, let thickness) where matter == .all:
                try pass(&point, step, scattering, name: name, thicknessMM: thickness)
            case .scatterer(let name, _, let foils) where scheme == .scatterer:
                let foil = choose(foils, point, step, scattering)
                result.foilMM = foil
                try pass(&point, step, scattering, name: name, thicknessMM: foil)
            default: break
            }
            point.part = step.part.name
            point.positionM += step.part.lengthM
            result.points.append(point)
        }
        return result
    }

    private func turn(
        _ point: inout LineBeam.Point, _ turn: Turn?, angleRad: Double, scheme: RotatingGantry.Matching?
    ) {
        func rotate(_ angle: Double) {
            guard angle != 0 else { return }
            point.betatron = point.betatron.rotated(by: angle)
            let (c, s, d) = (cos(angle), sin(angle), point.dispersion)
            point.dispersion = SIMD4(
                c * d[0] + s * d[2], c * d[1] + s * d[3], c * d[2] - s * d[0], c * d[3] - s * d[1])
        }
        switch turn {
        case nil: break
        case .fixed(let angle): rotate(angle)
        case .gantry where scheme == .rotator:
            rotate(0.5 * angleRad)
            var mirror = TransferMatrix.identity
            (mirror[2, 2], mirror[3, 3]) = (-1, -1)
            point.betatron = point.betatron.behind(mirror)
            point.dispersion *= SIMD4(1, 1, -1, -1)
            rotate(0.5 * angleRad)
        case .gantry: rotate(angleRad)
        }
    }

    private static func behind(_ m: TransferMatrix, _ d: SIMD4<Double>) -> SIMD4<Double> {
        var next = SIMD4<Double>.zero
        for i in 0..<4 {
            next[i] = m[i, 0] * d[0] + m[i, 1] * d[1] + m[i, 2] * d[2] + m[i, 3] * d[3] + m[i, 5]
        }
        return next
    }

    /// Adds what a length of gas does: each step's scattering drifts on to the end.
    private func fill(
        _ point: inout LineBeam.Point, from start: LineBeam.Point, _ step: Step, _ scattering: LineScattering,
        name: String, lengthMM: Double
    ) throws(BeamTransportError) {
        guard let material = step.material, lengthMM > 0 else { return }
        let powers = scattering.powers(
            material, thicknessMM: lengthMM, energyMeVPerNucleon: &point.energyMeVPerNucleon)
        guard !powers.isEmpty else {
            throw .stopped(part: name, energyMeVPerNucleon: start.energyMeVPerNucleon)
        }
        let piece = lengthMM * 1e-3 / Double(powers.count)
        var (size, mixed, angle) = (0.0, 0.0, 0.0)
        for power in powers {
            let t = power * 1e3
            size += 2 * mixed * piece + angle * piece * piece + t * piece * piece * piece / 3
            mixed += angle * piece + t * piece * piece / 2
            angle += t * piece
        }
        for i in [0, 2] {
            point.betatron.rows[i][i] += size
            point.betatron.rows[i][i + 1] += mixed
            point.betatron.rows[i + 1][i] += mixed
            point.betatron.rows[i + 1][i + 1] += angle
        }
    }

    private func pass(
        _ point: inout LineBeam.Point, _ step: Step, _ scattering: LineScattering, name: String,
        thicknessMM: Double
    ) throws(BeamTransportError) {
        guard let material = step.material else { return }
        let before = point.energyMeVPerNucleon
        let powers = scattering.powers(
            material, thicknessMM: thicknessMM, energyMeVPerNucleon: &point.energyMeVPerNucleon)
        guard !powers.isEmpty else { throw .stopped(part: name, energyMeVPerNucleon: before) }
        let variance = powers.reduce(0, +) * thicknessMM / Double(powers.count)
        point.betatron = point.betatron.scattered(by: variance.squareRoot())
    }

    /// The foil behind which both emittances are most nearly equal.
    private func choose(
        _ foils: [Double], _ point: LineBeam.Point, _ step: Step, _ scattering: LineScattering
    ) -> Double {
        var best = (foil: foils[0], ratio: Double.infinity)
        guard let material = step.material else { return best.foil }
        for foil in foils {
            var energy = point.energyMeVPerNucleon
            let powers = scattering.powers(material, thicknessMM: foil, energyMeVPerNucleon: &energy)
            guard !powers.isEmpty else { continue }
            let angle = (powers.reduce(0, +) * foil / Double(powers.count)).squareRoot()
            let emittance = point.betatron.scattered(by: angle).projectedEmittanceMRad
            let ratio = abs(log(emittance.x / emittance.y))
            if ratio < best.ratio { best = (foil, ratio) }
        }
        return best.foil
    }
}
