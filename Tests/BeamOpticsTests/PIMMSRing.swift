import BeamOptics
import Quantities

/// The ring of the Proton-Ion Medical Machine Study (CERN/PS 2000-007 DR); places and lengths from the MAD-X sequence in Xsuite's test data
/// (xsuite/xtrack, test_data/pimms/PIMM.seq, Apache-2.0).
enum PIMMSRing {
    /// - Parameters:
    ///   - strengths: k₁ of qf1, qd, qf2.
    ///   - chromatic: k₂ of the chromaticity sextupoles xcf, xcd.
    ///   - resonance: k₂ of the resonance sextupole.
    static func lattice(
        strengths: (Double, Double, Double) = (0.315396, -0.524626, 0.522717),
        chromatic: (Double, Double) = (0, 0), resonance: Double = 0, energy: Double = 400
    ) throws -> Lattice {
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: energy)
        func quadrupole(_ name: String, _ k1: Double) -> LatticeElement {
            LatticeElement(name: name, kind: .quadrupole(k1: k1), lengthM: 0.35, family: name + "k1")
        }
        func sextupole(_ name: String, _ k2: Double, _ family: String) -> LatticeElement {
            LatticeElement(name: name, kind: .sextupole(k2: k2), lengthM: 0.2, family: family)
        }
        let (qf1, qd, qf2) = (
            quadrupole("qf1", strengths.0), quadrupole("qd", strengths.1), quadrupole("qf2", strengths.2)
        )
        let mb = LatticeElement(
            name: "mb",
            kind: .bend(
                .init(angleRad: 0.3926990817, entranceEdgeRad: 0.19634954085, exitEdgeRad: 0.19634954085)),
            lengthM: 1.661)
        let qa = LatticeElement(name: "qa", kind: .quadrupole(k1: 0), lengthM: 0.556, family: "qak1")
        let marker = { (name: String) in LatticeElement(name: name, kind: .drift) }
        let xcd = sextupole("xcd", chromatic.1, "k2xcd")
        let xcf = sextupole("xcf", chromatic.0, "k2xcf")
        let places: [(LatticeElement, Double)] = [
            (qf1, 2.3875), (mb, 3.8125), (qd, 5.2925), (mb, 7.0475), (qf1, 8.3275),
            (LatticeElement(name: "rfkokick", kind: .exciter), 9.30875), (xcd, 10.29), (qf2, 10.6775),
            (mb, 12.1325), (qd, 14.2625), (mb, 15.9175), (qf2, 17.1975), (marker("betkick"), 18.7225),
            (qf2, 20.2475), (mb, 21.7025), (qd, 23.1825), (xcf, 24.045), (mb, 25.4875), (qf2, 26.7675),
            (qa, 27.9425), (qf1, 29.1175), (mb, 30.5725), (qd, 32.1525), (mb, 33.8075), (qf1, 35.0575),
            (sextupole("xrra", resonance, "k2xrr"), 35.6575), (sextupole("xrrb", 0, "k2xrrb"), 39.4075),
            (qf1, 40.0075), (mb, 41.4325), (qd, 42.9125), (mb, 44.6675), (qf1, 45.9475), (xcd, 47.91),
            (qf2, 48.2975), (mb, 49.7525), (qd, 51.8825), (mb, 53.5375), (qf2, 54.8175), (qf2, 57.8675),
            (mb, 59.3225), (qd, 60.8025), (xcf, 61.665), (mb, 63.1075), (qf2, 64.3875), (qf1, 66.7375),
            (mb, 68.1925), (qd, 69.7725), (mb, 71.4275), (qf1, 72.6775), (marker("es_marker"), 73.25225),
        ]
        return try Lattice(
            name: "PIMMS", reference: reference, lengthM: 75.24,
            placements: places.map { Lattice.Placement(element: $0.0, centreM: $0.1) })
    }
}
