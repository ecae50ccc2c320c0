import Volumes

/// The dose of one fraction on a grid, with what biology and reporting need beside it.
public struct DoseDistribution: Sendable {
    /// Absorbed dose D, Gy.
    public var dose: Volume<Float>
    /// D · z*_D: dose times its dose-averaged saturation-corrected specific energy, Gy².
    public var doseZStar: Volume<Float>
    /// D · LET_d: dose times its dose-averaged LET, Gy keV/µm.
    public var doseLET: Volume<Float>

    /// - Precondition: one grid.
    public init(dose: Volume<Float>, doseZStar: Volume<Float>, doseLET: Volume<Float>) {
        precondition(dose.geometry == doseZStar.geometry && dose.geometry == doseLET.geometry)
        self.dose = dose
        self.doseZStar = doseZStar
        self.doseLET = doseLET
    }

    public var geometry: VolumeGeometry { dose.geometry }
}
