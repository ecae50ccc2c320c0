import Quantities

/// The shipped channel table cannot be used.
public enum FragmentationTableError: Error, Equatable, Sendable {
    /// Line `line` is not understood.
    case malformed(line: Int)
    /// The parts of a channel do not add up to its projectile.
    case notConserved(line: Int, projectile: Isotope)
    /// A transported nucleus has no channel.
    case noChannels(Isotope)
}

/// Exclusive break-up channels in text form, one per line.
///
///     12C | 4He 7Be n | 0.012 0.014 ... (ten weights)
///
/// projectile; its parts (nuclei of `TransportedSpecies` and n) that add up to it; weights on hydrogen at 50, 95, 200,
/// 290, 400 MeV/u, then the same on heavier targets. Two weights instead of ten hold for all energies. Weights are
/// normalised per projectile, target class and energy. Lines that begin with # are comments.
///
/// ## Checked by
/// `FragmentationTableTests`.
package struct FragmentationTable: Sendable {
    package struct Channel: Sendable {
        package let projectile: Int
        package let parts: [Int]
        package let weights: [Double]
    }

    package let channels: [Channel]

    package init(parsing text: String) throws(FragmentationTableError) {
        var channels: [Channel] = []
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            channels.append(try Self.channel(line, number: number))
        }
        self.channels = channels
    }

    private static func channel(_ line: Substring, number: Int) throws(FragmentationTableError) -> Channel {
        let columns = line.split(separator: "|")
        guard columns.count == 3, let name = columns[0].split(separator: " ").first,
            let projectile = Isotope(parsing: String(name)),
            let index = TransportedSpecies.index(of: projectile)
        else { throw .malformed(line: number) }
        var parts: [Int] = []
        var charge = 0
        var mass = 0
        for word in columns[1].split(separator: " ") {
            guard let isotope = Isotope(parsing: String(word)) else { throw .malformed(line: number) }
            charge += isotope.atomicNumber
            mass += isotope.massNumber
            if isotope == .neutron {
                parts.append(TransportedSpecies.neutron)
            } else if let species = TransportedSpecies.index(of: isotope) {
                parts.append(species)
            } else {
                throw .malformed(line: number)
            }
        }
        guard charge == projectile.atomicNumber, mass == projectile.massNumber else {
            throw .notConserved(line: number, projectile: projectile)
        }
        var weights: [Double] = []
        for word in columns[2].split(separator: " ") {
            guard let weight = Double(word), weight.isFinite, weight >= 0 else {
                throw .malformed(line: number)
            }
            weights.append(weight)
        }
        if weights.count == 2 {
            weights = .init(repeating: weights[0], count: 5) + .init(repeating: weights[1], count: 5)
        }
        guard weights.count == 10, parts.count >= 2, parts.count <= CollisionSampler.greatestParts else {
            throw .malformed(line: number)
        }
        return Channel(projectile: index, parts: parts, weights: weights)
    }
}
