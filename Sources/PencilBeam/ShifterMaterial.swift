import FacilityModel

/// What the engine must know of a range shifter's material, relative to water of unit density.
///
/// Stopping-power ratios are those of 200 MeV/u ions; scattering is 1/X₀ per length, X₀(water) = 36.08 cm.
///
/// ## Source
/// Densities and radiation lengths: Particle Data Group, atomic and nuclear properties (PMMA 1.19 g/cm³ and
/// 40.55 g/cm²; polycarbonate 1.20 and 41.50; polyethylene 0.94 as used and 44.77; aluminium 2.699 and 24.01).
struct ShifterMaterial: Sendable {
    let stoppingPowerRatio: Double
    let scatteringRatio: Double

    static let known: [(name: String, material: ShifterMaterial)] = [
        ("PMMA", ShifterMaterial(stoppingPowerRatio: 1.160, scatteringRatio: 1.059)),
        ("acrylic", ShifterMaterial(stoppingPowerRatio: 1.160, scatteringRatio: 1.059)),
        ("polycarbonate", ShifterMaterial(stoppingPowerRatio: 1.151, scatteringRatio: 1.043)),
        ("polyethylene", ShifterMaterial(stoppingPowerRatio: 0.985, scatteringRatio: 0.758)),
        ("aluminium", ShifterMaterial(stoppingPowerRatio: 2.112, scatteringRatio: 4.056)),
        ("water", ShifterMaterial(stoppingPowerRatio: 1, scatteringRatio: 1)),
    ]

    static func named(_ name: String) throws(PencilBeamError) -> ShifterMaterial {
        for entry in known where entry.name.lowercased() == name.lowercased() { return entry.material }
        throw .unknownShifterMaterial(material: name, known: known.map(\.name))
    }
}
