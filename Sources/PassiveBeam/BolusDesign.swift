import FacilityModel
import IonPhysics
import PlanModel

/// A bolus that brings the end of the beam's range to the distal edge of the target on every ray.
///
///     D_s(u) = max over rays within s of u of the distal depth ,     t(u) = t₀ + [max D_s − D_s(u)]/ρ_S           (7)
///
/// The maximum over a disc of radius s (smearing) keeps the target covered if the patient moves by that much. As a disc no
/// smaller than the milling tool it also makes every hollow one that the tool can cut, so the radius is at least the tool's. Rays
/// beyond take what the nearest ray of the target has.
///
/// ## Source
/// Urie, Goitein & Wagner, Phys. Med. Biol. 29 (1984) 553: compensators and smearing.
/// ## Checked by
/// `BolusDesignTests`.
public struct BolusDesign: Sendable {
    public let bolus: Bolus
    /// Water-equivalent thickness of 1 mm, ρ_S.
    public let waterPerMM: Double
    /// Greatest distal depth of the target, mm of water in the patient.
    public let deepestMM: Double
    /// Radius of equation 7 at the isocentre plane, mm.
    public let smearingMM: Double

    /// Designs the bolus.
    ///
    /// - Parameters:
    ///   - profile: Depths of the target.
    ///   - blank: Material, tool and limits.
    ///   - baseMM: t₀, thickness where it is thinnest, mm.
    ///   - smearingMM: Radius asked for, mm at the isocentre plane.
    ///   - reachMM: The lattice reaches this far beyond the target, mm at the isocentre plane.
    ///   - sourceMM: Isocentre to the effective source, mm.
    ///   - pitchMM: Distance of lattice points at the isocentre plane, mm.
    /// - Throws: `PassiveBeamError`: `bolusTooThick`, `unknownMaterial`, `emptyTarget`.
    public init(
        profile: TargetProfile, blank: PassiveNozzle.BolusBlank, baseMM: Double, smearingMM: Double,
        reachMM: Double, sourceMM: Double, pitchMM: Double
    ) throws(PassiveBeamError) {
        let hits = profile.hits
        guard let deepest = hits.map(\.span.distalMM).max() else { throw .emptyTarget(name: "") }
        waterPerMM = try Self.properties(blank).stoppingPowerRatio
        let toolRadius = 0.5 * blank.toolDiameterMM * sourceMM / (sourceMM - blank.distanceMM)
        let radius = max(smearingMM, toolRadius)
        let low = hits.map(\.uv).reduce(hits[0].uv, pointwiseMin) - reachMM
        let high = hits.map(\.uv).reduce(hits[0].uv, pointwiseMax) + reachMM
        let first = (low / pitchMM).rounded(.down) * pitchMM
        let count = ((high - first) / pitchMM).rounded(.up) + 1
        let (columns, rows) = (Int(count.x), Int(count.y))
        let search = DiscSearch(profile: profile)
        var thickness: [Double] = []
        thickness.reserveCapacity(columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                let uv = first + pitchMM * SIMD2(Double(column), Double(row))
                let depth = search.deepest(around: uv, radiusMM: radius)
                thickness.append(baseMM + (deepest - depth) / waterPerMM)
            }
        }
        if let thickest = thickness.max(), thickest > blank.greatestThicknessMM {
            throw .bolusTooThick(neededMM: thickest, blankMM: blank.greatestThicknessMM)
        }
        bolus = Bolus(
            material: blank.material, distanceMM: blank.distanceMM, firstMM: first, pitchMM: pitchMM,
            columnCount: columns, rowCount: rows, thicknessMM: thickness)
        deepestMM = deepest
        self.smearingMM = radius
    }

    /// What the material does to a beam.
    static func properties(_ blank: PassiveNozzle.BolusBlank) throws(PassiveBeamError) -> MaterialProperties {
        try properties(material: blank.material)
    }

    static func properties(material: String) throws(PassiveBeamError) -> MaterialProperties {
        do { return MaterialProperties(try Material.named(material)) } catch {
            throw .unknownMaterial(material, device: "bolus")
        }
    }
}

/// The greatest distal depth within a disc, or within that around the nearest ray of the target.
private struct DiscSearch {
    private let profile: TargetProfile
    private let hits: [(uv: SIMD2<Double>, span: TargetProfile.Span)]

    init(profile: TargetProfile) {
        self.profile = profile
        hits = profile.hits
    }

    func deepest(around uv: SIMD2<Double>, radiusMM: Double) -> Double {
        let place = (uv - profile.firstMM) / profile.pitchMM
        let reach = radiusMM / profile.pitchMM
        var deepest: Double?
        let rows = clamped(place.y - reach, place.y + reach, profile.rowCount)
        let columns = clamped(place.x - reach, place.x + reach, profile.columnCount)
        for row in rows {
            for column in columns {
                guard let span = profile.spans[row * profile.columnCount + column] else { continue }
                let d = SIMD2(Double(column), Double(row)) - place
                if (d * d).sum() <= reach * reach + 1e-9 {
                    deepest = max(deepest ?? span.distalMM, span.distalMM)
                }
            }
        }
        if let deepest { return deepest }
        var (least, nearest) = (Double.infinity, uv)
        for hit in hits {
            let d = hit.uv - uv
            let square = (d * d).sum()
            if square < least { (least, nearest) = (square, hit.uv) }
        }
        return self.deepest(around: nearest, radiusMM: radiusMM)
    }

    private func clamped(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
        let first = max(0, Int(low.rounded(.up)))
        let last = min(count - 1, Int(high.rounded(.down)))
        return first <= last ? first..<(last + 1) : 0..<0
    }
}
