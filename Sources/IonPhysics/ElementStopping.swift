#if canImport(Glibc)
    import Glibc
#endif

/// What Bethe's formula without shell and density corrections leaves of an element's stopping power: a factor on the
/// stopping number of pure elements and alloys.
///
///     c_Z(E) = [S_Z(E)/S_water(E)] / [(Z/A) (ln(2m_ec²(βγ)²/I) − β²) / the same for water]
///
/// from tabulated stopping powers of protons; linear in ln E between the energies and in Z between the elements, held at both
/// ends. It is 0.99 for lead at 100 MeV, 0.94 at 5 MeV, and within 0.5 % of 1 up to argon. Compounds with light elements do
/// not take it: their excitation energies were chosen for the plain formula.
///
/// ## Source
/// Electronic stopping powers of protons: NIST PSTAR (Berger, Coursey, Zucker & Chang, NISTIR 4999), which is ICRU Report 49;
/// water and graphite ICRU Report 90.
/// ## Checked by
/// `ElementStoppingTests`: ranges of protons and carbon in metals.
enum ElementStopping {
    /// MeV.
    private static let energies = [2.0, 3, 5, 10, 20, 50, 100, 200, 400, 1000]
    /// S/ρ in MeV cm²/g.
    private static let water = [156.9, 116.0, 78.42, 45.32, 25.89, 12.38, 7.250, 4.470, 3.018, 2.203]
    private static let elements: [(z: Int, stopping: [Double])] = [
        (2, [167.0, 121.3, 80.46, 45.59, 25.68, 12.12, 7.051, 4.323, 2.906, 2.108]),
        (4, [132.6, 97.76, 65.69, 37.68, 21.40, 10.18, 5.945, 3.653, 2.454, 1.766]),
        (6, [139.4, 103.5, 70.10, 40.55, 23.17, 11.07, 6.486, 3.994, 2.687, 1.936]),
        (7, [138.8, 103.0, 69.81, 40.43, 23.12, 11.06, 6.485, 4.000, 2.702, 1.974]),
        (10, [118.9, 89.35, 61.45, 36.22, 20.99, 10.17, 6.002, 3.722, 2.526, 1.855]),
        (13, [109.4, 82.45, 56.91, 33.75, 19.68, 9.590, 5.676, 3.525, 2.392, 1.749]),
        (18, [97.72, 74.05, 51.38, 30.60, 17.92, 8.780, 5.212, 3.245, 2.209, 1.629]),
        (22, [93.07, 70.76, 49.41, 29.67, 17.50, 8.629, 5.140, 3.206, 2.182, 1.600]),
        (26, [86.52, 66.49, 46.96, 28.54, 16.97, 8.430, 5.041, 3.152, 2.146, 1.573]),
        (29, [79.87, 61.95, 44.16, 27.08, 16.19, 8.086, 4.850, 3.041, 2.074, 1.521]),
        (47, [64.05, 50.37, 36.66, 23.04, 14.07, 7.160, 4.336, 2.736, 1.876, 1.389]),
        (50, [60.79, 47.94, 34.91, 22.00, 13.46, 6.867, 4.164, 2.634, 1.813, 1.349]),
        (74, [46.04, 37.31, 27.95, 18.18, 11.40, 5.995, 3.697, 2.356, 1.631, 1.219]),
        (79, [45.58, 36.92, 27.65, 17.98, 11.29, 5.904, 3.627, 2.315, 1.603, 1.201]),
        (82, [45.34, 36.63, 27.37, 17.78, 11.16, 5.804, 3.551, 2.270, 1.576, 1.185]),
    ]

    /// c_Z at the energies, by element.
    private static let factors: [[Double]] = elements.map { row in
        guard let element = Element.all.first(where: { $0.atomicNumber == row.z }) else {
            preconditionFailure("element \(row.z) is in the table of elements")
        }
        let perMass = Double(row.z) / element.atomicWeight
        let waterExcitation = MaterialProperties(.water).meanExcitationEnergyEV
        return energies.indices.map { i in
            let formula =
                perMass
                * MaterialProperties.stoppingNumber(
                    excitationEV: element.meanExcitationEnergyEV, energyMeVPerNucleon: energies[i])
                / (StoppingPower.waterElectronsPerMassMolPerG
                    * MaterialProperties.stoppingNumber(
                        excitationEV: waterExcitation, energyMeVPerNucleon: energies[i]))
            return row.stopping[i] / water[i] / formula
        }
    }

    /// c_Z(E) for an element of a pure element or alloy.
    static func factor(atomicNumber z: Int, energyMeVPerNucleon energy: Double) -> Double {
        func atEnergy(_ row: Int) -> Double {
            let values = factors[row]
            guard let upper = energies.firstIndex(where: { $0 > energy }) else {
                return values[values.count - 1]
            }
            guard upper > 0 else { return values[0] }
            let share = log(energy / energies[upper - 1]) / log(energies[upper] / energies[upper - 1])
            return values[upper - 1] + share * (values[upper] - values[upper - 1])
        }
        guard let upper = elements.firstIndex(where: { $0.z >= z }) else {
            return atEnergy(elements.count - 1)
        }
        guard upper > 0, elements[upper].z != z else { return atEnergy(upper) }
        let (low, high) = (elements[upper - 1].z, elements[upper].z)
        let share = Double(z - low) / Double(high - low)
        return atEnergy(upper - 1) + share * (atEnergy(upper) - atEnergy(upper - 1))
    }
}
