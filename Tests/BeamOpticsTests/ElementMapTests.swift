import BeamOptics
import Glibc
import Quantities
import TestSupport
import Testing

@Suite struct ElementMapTests {
    static func map(_ element: LatticeElement, edges: BeamLineMap.Edges = .linear) throws -> BeamLineMap {
        BeamLineMap(
            try Lattice(
                name: "one", reference: ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200),
                elements: [element]), edges: edges)
    }

    static let elements: [LatticeElement] = [
        LatticeElement(name: "drift", kind: .drift, lengthM: 1.3),
        LatticeElement(name: "bend", kind: .bend(.init(angleRad: 0.4)), lengthM: 1.6),
        LatticeElement(name: "back", kind: .bend(.init(angleRad: -0.3, entranceEdgeRad: -0.1)), lengthM: 1.6),
        LatticeElement(
            name: "edges",
            kind: .bend(.init(angleRad: 0.4, entranceEdgeRad: 0.2, exitEdgeRad: 0.25)), lengthM: 1.6),
        LatticeElement(
            name: "combined",
            kind: .bend(.init(angleRad: 0.4, entranceEdgeRad: 0.2, exitEdgeRad: 0.1, k1: -0.4)), lengthM: 1.1),
        LatticeElement(name: "quadrupole", kind: .quadrupole(k1: 0.6), lengthM: 0.4),
        LatticeElement(name: "quadrupole", kind: .quadrupole(k1: -0.6), lengthM: 0.4),
        LatticeElement(name: "sextupole", kind: .sextupole(k2: 8), lengthM: 0.2),
        LatticeElement(name: "multipole", kind: .multipole(k1l: 0.1, k2l: 3)),
        LatticeElement(name: "kicker", kind: .kicker(horizontalRad: 1e-3, verticalRad: 2e-3), lengthM: 0.3),
        LatticeElement(name: "cavity", kind: .cavity(voltageMV: 5, harmonic: 2, lagRad: 0.3), lengthM: 0.5),
    ]

    /// In δ the pair (ζ, δ) is canonical only up to dδ/dp_ζ = (E/E₀)/(1 + δ) times a constant, so rows and columns of δ are scaled by it before the form is taken.
    @Test(arguments: BeamLineMap.Edges.allCases)
    func everyElementIsSymplectic(edges: BeamLineMap.Edges) throws {
        for element in Self.elements {
            let map = try Self.map(element, edges: edges)
            let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200)
            var point = BeamCoordinates(
                x: 0.012, px: -0.004, y: 0.008, py: 0.003, delta: 0.006, reference: reference)
            let before = point
            var matrix = map.transferMatrix(about: &point)
            func perCanonical(_ p: BeamCoordinates<Double>) -> Double { p.energyRatio / (1 + p.delta) }
            for i in 0..<6 { matrix[i, 5] *= perCanonical(before) }
            for j in 0..<6 { matrix[5, j] /= perCanonical(point) }
            #expect(matrix.symplecticError < 1e-12, "\(element.name), \(edges)")
            #expect(point.isFinite)
        }
    }

    /// Closed forms of the linear sector magnet, for example Wiedemann, Particle Accelerator Physics.
    @Test func bendHasItsTextbookMatrix() throws {
        let (angle, length) = (0.4, 1.6)
        let rho = length / angle
        let map = try Self.map(
            LatticeElement(name: "bend", kind: .bend(.init(angleRad: angle)), lengthM: length))
        var point = BeamCoordinates(
            reference: try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200))
        let m = map.transferMatrix(about: &point)
        for (i, j, value) in [
            (0, 0, cos(angle)), (0, 1, rho * sin(angle)), (1, 0, -sin(angle) / rho), (1, 1, cos(angle)),
            (0, 5, rho * (1 - cos(angle))), (1, 5, sin(angle)), (2, 2, 1), (2, 3, length), (3, 2, 0),
        ] { expectClose(m[i, j], value, absolute: 1e-13, because: "closed form, row \(i) column \(j)") }
    }

    /// A combined-function magnet: Kx = h² + k₁, Ky = −k₁.
    @Test func combinedBendHasItsTextbookMatrix() throws {
        let (angle, length, k1) = (0.3, 1.2, -0.5)
        let h = angle / length
        let (kx, ky) = (h * h + k1, -k1)
        let map = try Self.map(
            LatticeElement(name: "bend", kind: .bend(.init(angleRad: angle, k1: k1)), lengthM: length))
        var point = BeamCoordinates(
            reference: try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200))
        let m = map.transferMatrix(about: &point)
        let (rx, ry) = ((-kx).squareRoot(), ky.squareRoot())
        for (i, j, value) in [
            (0, 0, cosh(rx * length)), (0, 1, sinh(rx * length) / rx), (1, 0, rx * sinh(rx * length)),
            (2, 2, cos(ry * length)), (2, 3, sin(ry * length) / ry), (0, 5, h / kx * (1 - cosh(rx * length))),
        ] {
            expectClose(
                m[i, j], value, absolute: 1e-6, because: "fourth order, eight slices; row \(i) column \(j)")
        }
    }

    @Test func exactEdgesAreTheThinLensForSmallAmplitudes() throws {
        let element = LatticeElement(
            name: "bend", kind: .bend(.init(angleRad: 0.4, entranceEdgeRad: 0.2, exitEdgeRad: 0.15)),
            lengthM: 1.6)
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200)
        var (a, b) = (BeamCoordinates(reference: reference), BeamCoordinates(reference: reference))
        let linear = try Self.map(element).transferMatrix(about: &a)
        let exact = try Self.map(element, edges: .exact).transferMatrix(about: &b)
        for i in 0..<6 {
            for j in 0..<6 {
                expectClose(exact[i, j], linear[i, j], absolute: 1e-12, because: "row \(i) column \(j)")
            }
        }
    }

    /// Equations of motion in the quadrupole integrated in small steps: dx/ds = px/p_z, dpx/ds = −k x.
    @Test func quadrupoleFollowsTheSquareRoot() throws {
        let (k, length) = (0.6, 0.4)
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200)
        var point = BeamCoordinates(
            x: 0.02, px: 0.005, y: -0.015, py: 0.004, delta: 0.01, reference: reference)
        func slope(_ q: [Double]) -> [Double] {
            let pz = (1.01 * 1.01 - q[1] * q[1] - q[3] * q[3]).squareRoot()
            return [q[1] / pz, -k * q[0], q[3] / pz, k * q[2], 1 - point.energyRatio / pz]
        }
        var q = [point.x, point.px, point.y, point.py, 0]
        let steps = 400
        let h = length / Double(steps)
        for _ in 0..<steps {
            let k1 = slope(q)
            let k2 = slope(zip(q, k1).map { $0 + 0.5 * h * $1 })
            let k3 = slope(zip(q, k2).map { $0 + 0.5 * h * $1 })
            let k4 = slope(zip(q, k3).map { $0 + h * $1 })
            for i in 0..<5 { q[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) }
        }
        try Self.map(LatticeElement(name: "q", kind: .quadrupole(k1: k), lengthM: length)).apply(&point)
        for (value, wanted) in zip([point.x, point.px, point.y, point.py, point.zeta], q) {
            expectClose(value, wanted, absolute: 2e-8, because: "error of the splitting, p⁴ k l")
        }
    }

    @Test func cavityGivesTheEnergyItSays() throws {
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200)
        let map = try Self.map(
            LatticeElement(name: "c", kind: .cavity(voltageMV: 2, harmonic: 1, lagRad: .pi / 6), lengthM: 0.5)
        )
        var point = BeamCoordinates(reference: reference)
        map.apply(&point)
        // 6 charges × 2 MV × sin 30°.
        let gained = point.energyRatio * reference.totalEnergyMeV - reference.totalEnergyMeV
        expectClose(gained, 6, relative: 1e-10, because: "q V sin φ")
        let gamma = (reference.totalEnergyMeV + 6) / reference.restEnergyMeV
        let momentum = reference.restEnergyMeV * (gamma * gamma - 1).squareRoot()
        expectClose(point.delta, momentum / reference.momentumMeV - 1, relative: 1e-9, because: "kinematics")
    }
}
