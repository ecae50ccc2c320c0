import BeamOptics
import Quantities

/// A compact ring of six cells for tests: FODO with three 20 degree bends a cell, near 5/3, with sextupoles, exciter and septum.
enum ExtractionRing {
    static func lattice(
        resonance: Double = 12, chromatic: (Double, Double) = (-1.5, 2.5), tune: Double = 1.6766,
        energy: Double = 290,
        septumM: Double = -0.035
    ) throws -> Lattice {
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: energy)
        func quadrupole(_ name: String, _ k1: Double) -> LatticeElement {
            LatticeElement(name: name, kind: .quadrupole(k1: k1), lengthM: 0.3, family: name)
        }
        func sextupole(_ name: String, _ k2: Double) -> LatticeElement {
            LatticeElement(name: name, kind: .sextupole(k2: k2), lengthM: 0.1, family: name)
        }
        func gap(_ length: Double) -> LatticeElement {
            LatticeElement(name: "drift", kind: .drift, lengthM: length)
        }
        let bend = LatticeElement(
            name: "b",
            kind: .bend(
                .init(angleRad: .pi / 9, entranceEdgeRad: .pi / 18, exitEdgeRad: .pi / 18)), lengthM: 1.536)
        var elements: [LatticeElement] = []
        for cell in 0..<6 {
            // 10.5 m: straight, QF, bends, QD, bend, straight.
            elements.append(gap(0.5))
            switch cell {
            case 0: elements.append(sextupole("xr", resonance))
            case 3: elements.append(sextupole("xr2", 0))
            default: elements.append(gap(0.1))
            }
            elements += [
                gap(0.4), quadrupole("qf", 1.0), gap(0.3), sextupole("xf", chromatic.0), gap(0.2), bend,
                gap(0.5),
            ]
            elements += [
                quadrupole("qd", -0.9), gap(0.3), sextupole("xd", chromatic.1), gap(0.2), bend, gap(0.5),
                bend, gap(0.4),
            ]
            switch cell {
            case 1:
                elements += [
                    gap(0.9),
                    LatticeElement(
                        name: "es",
                        kind: .septum(
                            .init(field: .electrostatic, positionM: septumM, thicknessM: 1e-4, kickRad: 4e-3))
                    ),
                    gap(0.792),
                ]
            case 4: elements += [gap(0.9), LatticeElement(name: "rfko", kind: .exciter), gap(0.792)]
            default: elements.append(gap(1.692))
            }
        }
        let bare = try Lattice(name: "compact", reference: reference, elements: elements)
        return try OpticsMatching(knobs: ["qf", "qd"], targets: [.tune(0, tune), .tune(1, 1.72)]).match(bare)
    }
}
