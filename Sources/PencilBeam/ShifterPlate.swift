import FacilityModel
import IonPhysics

/// A range shifter as the beam meets it: its material with what the transport knows of it, and its true length.
///
/// Pencil beam and Monte Carlo both take range shifters from here, so both see the same material and the same drift.
///
/// ## Checked by
/// `ShifterPlateTests`.
package struct ShifterPlate: Sendable {
    /// The material of that name (`Material.named`).
    package let material: Material
    /// Its ratios to water of unit density.
    package let properties: MaterialProperties
    /// Thickness along the beam, mm: the water-equivalent one over the ratio of stopping powers.
    package let thicknessMM: Double

    /// - Throws: `PencilBeamError.unknownShifterMaterial`.
    package init(_ shifter: RangeShifter) throws(PencilBeamError) {
        do { material = try Material.named(shifter.material) } catch {
            throw .unknownShifterMaterial(material: shifter.material, known: Material.named.map(\.name))
        }
        properties = MaterialProperties(material)
        thicknessMM = shifter.waterEquivalentThicknessMM / properties.stoppingPowerRatio
    }
}
