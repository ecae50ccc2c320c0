import Frames
import IonTransport
import Quantities

/// The beam of a transport run: which ions, of which energies, from where.
///
/// ## Checked by
/// `BeamSourceTests`.
public struct BeamDescription: Hashable, Sendable {
    /// One energy of a beam.
    public struct Energy: Hashable, Sendable {
        /// Mean, MeV per nucleon (total over integer A).
        public var meanMeVPerNucleon: Double
        /// Standard deviation of a Gaussian over the mean.
        public var relativeSpread: Double
        /// Share of the ions, relative to those of the other energies.
        public var weight: Double

        public init(meanMeVPerNucleon: Double, relativeSpread: Double = 0, weight: Double = 1) {
            self.meanMeVPerNucleon = meanMeVPerNucleon
            self.relativeSpread = relativeSpread
            self.weight = weight
        }
    }

    /// How the ions lie at the position and how their directions spread.
    public enum Shape: Hashable, Sendable {
        /// All on one line.
        case pencil
        /// Position and slope in x and y are Gaussian and correlated.
        case gaussian(x: PhaseSpace, y: PhaseSpace)
        /// Uniform over a rectangle of full widths, mm.
        case rectangle(widthXMM: Double, widthYMM: Double)
        /// Uniform over a disc.
        case disc(radiusMM: Double)
    }

    /// Gaussian phase space of one axis.
    public struct PhaseSpace: Hashable, Sendable {
        /// Standard deviation of the position, mm.
        public var sigmaMM: Double
        /// Standard deviation of the slope, mrad.
        public var divergenceMrad: Double
        /// Correlation of the two, −1...1; positive diverges, negative converges.
        public var correlation: Double

        public init(sigmaMM: Double, divergenceMrad: Double = 0, correlation: Double = 0) {
            self.sigmaMM = sigmaMM
            self.divergenceMrad = divergenceMrad
            self.correlation = correlation
        }

        /// From the ellipse of the accelerator, with the emittance of one standard deviation:
        ///
        ///     σ = √(ε β) ,   θ = √(ε (1 + α²)/β) ,   ρ = −α/√(1 + α²)
        ///
        /// - Parameters:
        ///   - emittanceMMMrad: ε, mm mrad (without π).
        ///   - betaM: β, m.
        ///   - alpha: α, dimensionless; positive converges.
        public init(emittanceMMMrad: Double, betaM: Double, alpha: Double) {
            sigmaMM = (emittanceMMMrad * betaM).squareRoot()
            divergenceMrad = (emittanceMMMrad * (1 + alpha * alpha) / betaM).squareRoot()
            correlation = -alpha / (1 + alpha * alpha).squareRoot()
        }
    }

    public var ion: Isotope
    public var energies: [Energy]
    public var shape: Shape
    /// Distance of the point that the ions come from, upstream of the position, mm; nil for a parallel beam.
    public var sourceDistanceMM: Double?
    /// Where the shape lies; the beam's axis goes through it.
    public var position: Point3<DICOMPatient>
    public var direction: Vector3<DICOMPatient>
    /// The beam's x axis is its part across the direction; nil as in `ScoreAxes`.
    public var xAxis: Vector3<DICOMPatient>?

    public init(
        ion: Isotope, energies: [Energy], shape: Shape = .pencil, sourceDistanceMM: Double? = nil,
        position: Point3<DICOMPatient>, direction: Vector3<DICOMPatient>, xAxis: Vector3<DICOMPatient>? = nil
    ) {
        self.ion = ion
        self.energies = energies
        self.shape = shape
        self.sourceDistanceMM = sourceDistanceMM
        self.position = position
        self.direction = direction
        self.xAxis = xAxis
    }

    /// Axes of the beam at its position.
    public var axes: ScoreAxes { ScoreAxes(origin: position, direction: direction, xAxis: xAxis) }

    /// Mean energy by weight, MeV per nucleon.
    public var meanMeVPerNucleon: Double {
        let sum = energies.reduce(0) { $0 + $1.weight }
        return energies.reduce(0) { $0 + $1.weight * $1.meanMeVPerNucleon } / sum
    }

    /// Energies that a beam may have, MeV per nucleon.
    public static let validEnergies: ClosedRange<Double> = 1...600
    /// Relative spreads that a beam may have.
    public static let validSpreads: ClosedRange<Double> = 0...0.05
}

/// Makes the primaries of a run.
public struct BeamSource: Sendable {
    private let beam: BeamDescription
    private let origin: Point3<DICOMPatient>
    private let x: Vector3<DICOMPatient>
    private let y: Vector3<DICOMPatient>
    private let z: Vector3<DICOMPatient>
    private let cumulative: [Double]
    /// Slope per mm from the axis.
    private let slopePerMM: Double

    /// - Precondition: at least one energy, with a weight above 0.
    public init(_ beam: BeamDescription) {
        self.beam = beam
        let axes = beam.axes
        (origin, x, y, z) = (axes.origin, axes.x, axes.y, axes.z)
        var sum = 0.0
        cumulative = beam.energies.map {
            sum += $0.weight
            return sum
        }
        precondition(sum > 0, "a beam needs an energy with a weight")
        slopePerMM = beam.sourceDistanceMM.map { 1 / $0 } ?? 0
    }

    /// The ion of a history.
    public func primary(_ random: inout RandomStream) -> PrimaryIon {
        var number = 0
        if cumulative.count > 1 {
            let pick = random.uniform() * cumulative[cumulative.count - 1]
            while number + 1 < cumulative.count && cumulative[number] < pick { number += 1 }
        }
        let chosen = beam.energies[number]
        var energy = chosen.meanMeVPerNucleon
        if chosen.relativeSpread > 0 { energy *= 1 + chosen.relativeSpread * random.normal() }
        var (u, v, slopeU, slopeV) = (0.0, 0.0, 0.0, 0.0)
        switch beam.shape {
        case .pencil: break
        case .gaussian(let first, let second):
            (u, slopeU) = Self.draw(first, &random)
            (v, slopeV) = Self.draw(second, &random)
        case .rectangle(let widthX, let widthY):
            u = widthX * (random.uniform() - 0.5)
            v = widthY * (random.uniform() - 0.5)
        case .disc(let radius):
            // A point of the square that lies in the circle.
            repeat {
                u = 2 * random.uniform() - 1
                v = 2 * random.uniform() - 1
            } while u * u + v * v > 1
            (u, v) = (radius * u, radius * v)
        }
        slopeU += u * slopePerMM
        slopeV += v * slopePerMM
        let way = z.mm + slopeU * x.mm + slopeV * y.mm
        return PrimaryIon(
            ion: beam.ion, energyMeVPerNucleon: energy,
            position: Point3(origin.mm + u * x.mm + v * y.mm), direction: Vector3(way).normalized)
    }

    /// Position, mm, and slope of one axis.
    private static func draw(
        _ space: BeamDescription.PhaseSpace, _ random: inout RandomStream
    ) -> (Double, Double) {
        let (g1, g2) = (random.normal(), random.normal())
        let rest = max(0, 1 - space.correlation * space.correlation).squareRoot()
        return (
            space.sigmaMM * g1, 1e-3 * space.divergenceMrad * (space.correlation * g1 + rest * g2)
        )
    }
}
