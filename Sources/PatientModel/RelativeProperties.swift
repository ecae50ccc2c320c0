import IonPhysics

/// What a carbon beam meets in a material, per length relative to water of unit density.
///
/// ## Source
/// Kanematsu, Inaniwa & Koba, Med. Phys. 39 (2012) 1016: three effective densities that are not proportional.
/// ## Checked by
/// `RelativePropertiesTests`.
public struct RelativeProperties: Hashable, Sendable {
    /// Linear stopping power relative to water (ρ_S).
    public var stopping: Double
    /// Linear scattering power relative to water: ratio of 1/X_S (ρ_M).
    public var scattering: Double
    /// Macroscopic reaction cross section of ¹²C relative to water (ρ_N).
    public var nuclear: Double

    public init(stopping: Double, scattering: Double, nuclear: Double) {
        self.stopping = stopping
        self.scattering = scattering
        self.nuclear = nuclear
    }

    /// The ratios of a material.
    public init(_ material: Material) {
        let properties = MaterialProperties(material)
        self.init(
            stopping: properties.stoppingPowerRatio, scattering: properties.scatteringRatio,
            nuclear: properties.nuclearRatio)
    }

    public static let water = RelativeProperties(stopping: 1, scattering: 1, nuclear: 1)
    /// Air as the tissue model has it at −1000 HU.
    public static let air = RelativeProperties(SchneiderTissues.material(hounsfield: -1000))

    /// Each ratio times `factor`: the same material at another density.
    func scaled(by factor: Double) -> RelativeProperties {
        RelativeProperties(
            stopping: stopping * factor, scattering: scattering * factor, nuclear: nuclear * factor)
    }
}
