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
    /// Share of the total reaction cross section of a nucleus with A ≥ 2 on nuclei heavier than hydrogen in which
    /// it breaks up; the rest only excites bound states.
    ///
    /// ## Source
    /// ¹²C + ¹²C at 121 MeV/u: inelastic scattering without break-up 43 ± 3 mb of 910 ± 5 mb; Takechi et al., Phys.
    /// Rev. C 79 (2009) 061601 (EXFOR E2149).
    static let breakUpShare = 0.953

    /// Parts of all channels: species index, or −1 for a neutron.
    private(set) var parts: [Int32] = []
    /// First part of each channel; one more at the end.
    private(set) var channelStart: [Int32] = [0]
    /// First channel of each species; one more at the end.
    private(set) var speciesStart: [Int32] = []
    /// `[species][target class][energy node][channel]` cumulative probabilities, in the order of the channels.
    private(set) var cumulative: [Double] = []
    /// First entry of each species in `cumulative`.
    private(set) var cumulativeStart: [Int32] = []
    /// Rest energies of nuclei `[Z][A]`, Z 0...20, A 0...40; missing nuclides by the liquid drop.
    let massTable: [Double]
    static let massColumns = 41
    private let charges: [Int]
    private let masses: [Int]

    /// - Throws: `WaterTransportError` if the shipped table is damaged or a mass is missing.
    init(table: String = FragmentationData.channels) throws(WaterTransportError) {
        massTable = try Self.makeMassTable()
        charges = TransportedSpecies.all.map(\.atomicNumber)
        masses = TransportedSpecies.all.map(\.massNumber)
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

    /// Macroscopic cross sections of water (1 g/cm³) for reactions in which something happens to the transported
    /// ion, 1/mm: on hydrogen (for protons: elastic pp scattering) and on oxygen.
    func waterCrossSectionPerMM(
        projectile: Isotope, energyMeVPerNucleon: Double
    ) -> (hydrogen: Double, oxygen: Double) {
        guard energyMeVPerNucleon >= Self.lowestReactionMeVPerNucleon else { return (0, 0) }
        // Nuclei per mm³ times 1 mb = 1e-25 mm².
        let moleculesPerMM3 = 1e-3 / 18.0153 * PhysicalConstants.avogadroPerMol
        let energy = min(energyMeVPerNucleon, 1000)
        func reaction(_ target: Isotope) -> Double {
            ReactionCrossSection.reactionMB(
                projectile: projectile, target: target, energyMeVPerNucleon: energy)
        }
        let hydrogen: Double
        if projectile == .proton {
            hydrogen = ReactionCrossSection.nucleonNucleonMB(energyMeV: energy).pp
        } else {
            hydrogen = reaction(.proton)
        }
        let share = projectile == .proton ? 1 : Self.breakUpShare
        return (
            2 * moleculesPerMM3 * hydrogen * 1e-25,
            moleculesPerMM3 * share * reaction(.oxygen16) * 1e-25
        )
    }

    /// Charge and mass number of a species.
    @inline(__always) func chargeAndMass(_ species: Int) -> (charge: Int, mass: Int) {
        (charges[species], masses[species])
    }

    private static func makeMassTable() throws(WaterTransportError) -> [Double] {
        var table = [Double](repeating: 0, count: 21 * massColumns)
        for z in 0...20 {
            for a in max(z, 1)..<massColumns {
                let n = Double(a - z)
                let (zz, aa) = (Double(z), Double(a))
                // Liquid drop, MeV: only for unbound residues without a measured mass.
                let third = pow13(aa)
                let drop =
                    15.8 * aa - 18.3 * third * third - 0.714 * zz * (zz - 1) / third - 23.2 * (n - zz)
                    * (n - zz) / aa
                table[z * massColumns + a] = zz * 938.272088 + n * 939.565420 - (a > 1 ? drop : 0)
            }
        }
        for isotope in NuclearMass.nuclides
        where isotope.atomicNumber <= 20 && isotope.massNumber < massColumns {
            do {
                table[isotope.atomicNumber * massColumns + isotope.massNumber] =
                    try NuclearMass.restEnergyMeV(of: isotope)
            } catch { throw .physics(error) }
        }
        return table
    }

    private static func pow13(_ a: Double) -> Double {
        var x = 1 + a / 10
        for _ in 0..<40 { x -= (x * x * x - a) / (3 * x * x) }
        return x
    }
}
