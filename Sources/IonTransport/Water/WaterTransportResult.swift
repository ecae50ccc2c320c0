import Quantities

/// What a run scored, per primary ion.
public struct WaterTransportResult: Sendable {
    /// Origin of the particle that deposits energy.
    public enum Component: Int, Sendable, CaseIterable {
        /// Primary ions.
        case primary = 0
        /// Nuclei with Z ≥ 3 that are not primaries (also projectile species re-made in a reaction), recoils included.
        case heavyFragments = 1
        /// Nuclei with Z ≤ 2 that are not primaries.
        case lightFragments = 2
    }

    /// Depth tables of one component, index = depth bin.
    public struct DepthTable: Sendable, Equatable {
        /// Energy deposited per bin, MeV.
        public internal(set) var energyMeV: [Double]
        /// Part of `energyMeV` by heavy recoils of the target, which no response counts, MeV.
        public internal(set) var recoilMeV: [Double]
        /// Σ ε r per response of the request, `[response][bin]`, MeV times the response's unit.
        public internal(set) var responses: [[Double]]
        /// Σ ε (x² + y²)/2 about the beam axis, MeV mm².
        public internal(set) var lateralMomentMeVMM2: [Double]
    }

    /// Where the energy of a run went, MeV per primary; in = sum of the others.
    public struct EnergyBalance: Sendable, Equatable {
        /// Kinetic energy of the primary ions.
        public internal(set) var inMeV = 0.0
        /// Deposited in the phantom.
        public internal(set) var depositedMeV = 0.0
        /// Kinetic energy of charged particles that left the phantom.
        public internal(set) var escapedMeV = 0.0
        /// Kinetic energy of neutrons, which are not transported.
        public internal(set) var neutronsMeV = 0.0
        /// Rest energy made (paid to nuclear binding).
        public internal(set) var bindingMeV = 0.0
        /// in − sum of the others.
        public var missingMeV: Double {
            inMeV - depositedMeV - escapedMeV - neutronsMeV - bindingMeV
        }
    }

    /// Particles crossing one plane forward.
    public struct Plane: Sendable, Equatable {
        /// Depth, mm.
        public internal(set) var depthMM: Double
        /// Number per primary `[angle cut][species]`, species as in `TransportedSpecies.all`, primaries included.
        public internal(set) var yields: [[Double]]
        /// Number of primaries per primary `[angle cut]` (also in `yields`).
        public internal(set) var primaries: [Double]
        /// Number per primary and energy bin `[species][bin]`, primaries included.
        public internal(set) var spectra: [[Double]]

        /// Yield of all nuclei with charge `z` without the primaries, within angle cut number `cut`.
        public func fragments(chargeNumber z: Int, cut: Int, projectile: Isotope) -> Double {
            var sum = 0.0
            for (i, isotope) in TransportedSpecies.all.enumerated() where isotope.atomicNumber == z {
                sum += yields[cut][i]
            }
            return sum - (projectile.atomicNumber == z ? primaries[cut] : 0)
        }
    }

    /// Energy in x bins (integrated over y) of a 4 mm thick slab.
    public struct LateralProfile: Sendable, Equatable {
        public internal(set) var depthMM: Double
        /// MeV per primary and bin, `[component][bin]`; bins 0.5 mm wide, first edge at −60 mm.
        public internal(set) var energyMeV: [[Double]]
    }

    /// Energy by distance from the beam axis in slabs of `WaterTransportRequest.radialSlabMM`.
    public struct RadialDistribution: Sendable, Equatable {
        /// Edges of the bins in r², mm²; energy beyond the last is in the last bin.
        public internal(set) var edgesMM2: [Double]
        /// MeV per primary and bin, `[component][slab][bin]`.
        public internal(set) var energyMeV: [[[Double]]]
    }

    /// The run this is the result of.
    public let request: WaterTransportRequest
    /// Tables by `Component.rawValue`.
    public internal(set) var components: [DepthTable]
    /// Standard error of the total energy per bin, MeV, from batches.
    public internal(set) var standardErrorMeV: [Double]
    public internal(set) var energy = EnergyBalance()
    public internal(set) var planes: [Plane] = []
    public internal(set) var profiles: [LateralProfile] = []
    /// Nil if the request asks for none.
    public internal(set) var radial: RadialDistribution?
    /// Nuclear reactions per primary, by all generations.
    public internal(set) var reactionsPerPrimary = 0.0

    /// Total energy per bin, MeV per primary.
    public var energyMeV: [Double] {
        (0..<request.depthBinCount).map { bin in components.reduce(0) { $0 + $1.energyMeV[bin] } }
    }

    /// Dose average of response `index` per bin; 0 where nothing was deposited.
    public func doseAverage(response index: Int) -> [Double] {
        (0..<request.depthBinCount).map { bin in
            let energy = components.reduce(0) { $0 + $1.energyMeV[bin] - $1.recoilMeV[bin] }
            let sum = components.reduce(0) { $0 + $1.responses[index][bin] }
            return energy > 0 ? sum / energy : 0
        }
    }
}
