import BeamOptics

#if canImport(Glibc)
    import Glibc
#endif

/// The spot at the isocentre against energy: over all angles of a gantry, or of a fixed line.
///
/// ## Checked by
/// `SpotTableTests`.
public struct SpotTable: Sendable {
    /// At one energy, x and y of the IEC gantry system.
    public struct Row: Sendable, Hashable {
        /// In front of the line, MeV per nucleon.
        public var energyMeVPerNucleon: Double
        /// At the isocentre, behind window, monitors and air, MeV per nucleon.
        public var isocentreEnergyMeVPerNucleon: Double
        /// RMS size, of the mean of the moments over all angles, mm.
        public var sigmaMM: SIMD2<Double>
        /// RMS angles, mrad.
        public var divergenceMrad: SIMD2<Double>
        /// Correlation of position and angle.
        public var correlation: SIMD2<Double>
        /// Without window, monitors and air, mm.
        public var vacuumSigmaMM: SIMD2<Double>
        /// Largest over smallest σ over the turn, less one: the greater of x and y.
        public var variation: Double
        /// Foil of the scatterer, mm; nil for none.
        public var foilMM: Double?
    }
    public let rows: [Row]

    /// Number of gantry angles that are looked at.
    public static let angleCount = 24

    /// - Parameters:
    ///   - line: The line.
    ///   - energies: Kinetic energies, MeV per nucleon.
    ///   - scheme: Another matching scheme than the line's own.
    /// - Throws: If the beam does not reach the isocentre.
    public init(
        _ line: TransferLine, energiesMeVPerNucleon energies: [Double],
        scheme: RotatingGantry.Matching? = nil
    ) throws(BeamTransportError) {
        var rows: [Row] = []
        for energy in energies {
            var beams: [BeamMatrix] = []
            var vacuum: [BeamMatrix] = []
            var first: LineBeam?
            for step in 0..<(line.hasGantry ? Self.angleCount : 1) {
                let angle = 2 * .pi * Double(step) / Double(Self.angleCount)
                let beam = try line.beam(energyMeVPerNucleon: energy, angleRad: angle, scheme: scheme)
                beams.append(beam.isocentre.moments)
                vacuum.append(
                    try line.beam(
                        energyMeVPerNucleon: energy, angleRad: angle, scheme: scheme, matter: .scattererOnly
                    ).isocentre.moments)
                first = first ?? beam
            }
            let mean = BeamMatrix.mean(beams)
            var variation = 0.0
            for plane in 0..<2 {
                let sizes = beams.map { $0.sigmaM[plane] }
                variation = max(variation, (sizes.max() ?? 1) / (sizes.min() ?? 1) - 1)
            }
            rows.append(
                Row(
                    energyMeVPerNucleon: energy,
                    isocentreEnergyMeVPerNucleon: first?.isocentre.energyMeVPerNucleon ?? energy,
                    sigmaMM: line.iec(mean.sigmaM) * 1e3, divergenceMrad: line.iec(mean.divergenceRad) * 1e3,
                    correlation: line.iec(mean.correlation),
                    vacuumSigmaMM: line.iec(BeamMatrix.mean(vacuum).sigmaM) * 1e3, variation: variation,
                    foilMM: first?.foilMM))
        }
        self.rows = rows
    }

    /// Greatest variation over the turn at any energy.
    public var greatestVariation: Double { rows.reduce(0) { max($0, $1.variation) } }

    /// Energies from the lowest to the highest, equal steps of the logarithm.
    ///
    /// - Parameters:
    ///   - range: Lowest and highest, MeV per nucleon.
    ///   - count: How many, at least 2.
    public static func energies(_ range: ClosedRange<Double>, count: Int) -> [Double] {
        let (low, high) = (range.lowerBound, range.upperBound)
        return (0..<max(2, count)).map { step in
            if step == 0 { return low }
            if step == max(2, count) - 1 { return high }
            return low * pow(high / low, Double(step) / Double(max(2, count) - 1))
        }
    }
}

extension TransferLine {
    /// Values of the optical planes as x and y of the IEC gantry system.
    ///
    /// - Parameter planes: Horizontal and vertical of the last section.
    public func iec(_ planes: SIMD2<Double>) -> SIMD2<Double> {
        isocentreX == .horizontal ? planes : SIMD2(planes.y, planes.x)
    }
}
