import Volumes

/// What the beam meets in each voxel, relative to water of unit density; all on the grid of the CT.
public struct MaterialImages: Sendable {
    /// Linear stopping power relative to water (ρ_S).
    public let stoppingPowerRatio: Volume<Float>
    /// Linear scattering power relative to water: 1/X_S per length over that of water (ρ_M).
    public let scatteringRatio: Volume<Float>
    /// Macroscopic reaction cross section of ¹²C relative to water (ρ_N).
    public let nuclearRatio: Volume<Float>

    /// - Precondition: one grid.
    public init(
        stoppingPowerRatio: Volume<Float>, scatteringRatio: Volume<Float>,
        nuclearRatio: Volume<Float>
    ) {
        precondition(
            stoppingPowerRatio.geometry == scatteringRatio.geometry
                && scatteringRatio.geometry == nuclearRatio.geometry)
        self.stoppingPowerRatio = stoppingPowerRatio
        self.scatteringRatio = scatteringRatio
        self.nuclearRatio = nuclearRatio
    }

    public var geometry: VolumeGeometry { stoppingPowerRatio.geometry }
}
