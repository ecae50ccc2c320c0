import IonPhysics
import Quantities

/// What the nuclear collisions need: cross sections, exclusive break-up channels and masses, as flat tables.
///
/// A channel of a projectile (Z, A) is a list of nuclei and free nucleons that adds up to exactly (Z, A). Each has a
/// probability per target class (hydrogen, heavier) and energy node.
///
/// ## Source
/// The channel table is made by `scripts/generate/fragmentation.py`, which says where each number comes from.
/// ## Checked by
/// `FragmentationTableTests`.
struct NuclearData: Sendable {
    /// Energies at which channel probabilities are tabulated, MeV/u.
    static let nodeEnergiesMeVPerNucleon = [50.0, 95, 200, 290, 400]
    /// Below this energy no nuclear reaction is sampled, MeV/u.
    static let lowestReactionMeVPerNucleon = 5.0
    /// Neutrons are followed down to this energy, MeV; below 5 MeV they only scatter elastically.
    static let lowestNeutronMeV = 0.1
    /// Parts of all channels, as species index.
    private(set) var parts: [Int32] = []
    /// First part of each channel; one more at the end.
    private(set) var channelStart: [Int32] = [0]
    /// First channel of each species; one more at the end.
    private(set) var speciesStart: [Int32] = []
    /// `[species][target class][energy node][channel]` cumulative probabilities, in the order of the channels.
    private(set) var cumulative: [Double] = []
    /// First entry of each species in `cumulative`.
    private(set) var cumulativeStart: [Int32] = []
    /// Rest energies by species, the neutron last, MeV.
    private let restEnergies: [Double]
    private let energies = NuclearData.nodeEnergiesMeVPerNucleon
    static let nodeCount = 5
    static let massColumns = 41
    private let charges: [Int]
    private let masses: [Int]

    /// - Throws: `WaterTransportError` if the shipped table is damaged or a mass is missing.
    init(table: String = FragmentationData.channels) throws(WaterTransportError) {
        do {
            var rest: [Double] = []
            for isotope in TransportedSpecies.all {
                rest.append(try NuclearMass.restEnergyMeV(of: isotope))
            }
            rest.append(try NuclearMass.restEnergyMeV(of: .neutron))
            restEnergies = rest
        } catch { throw .physics(error) }
        charges = TransportedSpecies.all.map(\.atomicNumber) + [0]
        masses = TransportedSpecies.all.map(\.massNumber) + [1]
        var bySpecies: [Int: [FragmentationTable.Channel]] = [:]
        do {
            for channel in try FragmentationTable(parsing: table).channels {
                bySpecies[channel.projectile, default: []].append(channel)
            }
        } catch { throw .fragmentationTable(error) }
        for species in TransportedSpecies.all.indices {
            speciesStart.append(Int32(channelStart.count - 1))
            cumulativeStart.append(Int32(cumulative.count))
            let channels = bySpecies[species, default: []]
            guard !channels.isEmpty || TransportedSpecies.all[species].massNumber == 1 else {
                throw .fragmentationTable(.noChannels(TransportedSpecies.all[species]))
            }
            for channel in channels {
                parts += channel.parts.map { Int32($0) }
                channelStart.append(Int32(parts.count))
            }
            for column in 0..<(2 * Self.nodeEnergiesMeVPerNucleon.count) {
                let total = channels.reduce(0) { $0 + $1.weights[column] }
                guard total > 0 || channels.isEmpty else {
                    throw .fragmentationTable(.noChannels(TransportedSpecies.all[species]))
                }
                var sum = 0.0
                for channel in channels {
                    sum += channel.weights[column]
                    cumulative.append(sum / total)
                }
            }
        }
        speciesStart.append(Int32(channelStart.count - 1))
    }

    /// Macroscopic cross sections of water (1 g/cm³) for reactions in which something happens to the particle, 1/mm:
    /// on hydrogen (for nucleons: elastic scattering) and on oxygen (for nucleons: with elastic scattering).
    func waterCrossSectionPerMM(
        projectile: Isotope, energyMeVPerNucleon energy: Double
    ) -> (hydrogen: Double, oxygen: Double) {
        guard energy >= (projectile == .neutron ? Self.lowestNeutronMeV : Self.lowestReactionMeVPerNucleon)
        else { return (0, 0) }
        // Nuclei per mm³ times 1 mb = 1e-25 mm².
        let moleculesPerMM3 = 1e-3 / 18.0153 * PhysicalConstants.avogadroPerMol
        func reaction(_ target: Isotope) -> Double {
            ReactionCrossSection.reactionMB(
                projectile: projectile, target: target, energyMeVPerNucleon: energy)
        }
        let hydrogen: Double
        if projectile.massNumber == 1 {
            hydrogen =
                projectile == .proton
                ? ReactionCrossSection.nucleonNucleonMB(energyMeV: energy).pp
                : ReactionCrossSection.neutronProtonMB(energyMeV: energy)
        } else {
            hydrogen = reaction(.proton)
        }
        return (
            2 * moleculesPerMM3 * hydrogen * 1e-25,
            moleculesPerMM3
                * (energy < Self.lowestReactionMeVPerNucleon
                    ? ReactionCrossSection.elasticNucleonMB(target: .oxygen16, energyMeV: energy)
                    : ReactionCrossSection.interactionMB(
                        projectile: projectile, target: .oxygen16, energyMeVPerNucleon: energy)) * 1e-25
        )
    }

    /// Nuclide of a species, the neutron last.
    @inline(__always) func isotope(_ species: Int) -> Isotope {
        Isotope(atomicNumber: charges[species], massNumber: masses[species])
    }
    /// Energy of a node, MeV/u.
    @inline(__always) func nodeEnergy(_ node: Int) -> Double { energies[node] }
    /// Rest energy of a species, MeV.
    @inline(__always) func restEnergyMeV(_ species: Int) -> Double { restEnergies[species] }
    /// Charge and mass number of a species.
    @inline(__always) func chargeAndMass(_ species: Int) -> (charge: Int, mass: Int) {
        (charges[species], masses[species])
    }
}
