import BeamOptics
import BeamTransport
import Glibc
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct LineBeamTests {
    @Test func driftAndThinLensAreTheClosedForms() throws {
        let entry = try SampleLine.entry()
        let lens = LatticeElement(name: "lens", kind: .multipole(k1l: 0.5, k2l: 0))
        let line = try SampleLine.line(
            [SampleLine.drift(2), .element(lens), SampleLine.drift(3)], entry: entry)
        let end = try line.beam(energyMeVPerNucleon: 430).isocentre
        for (plane, k) in [(0, 0.5), (1, -0.5)] {
            let (m11, m12) = (1 - 3 * k, 2 + 3 - 6 * k)
            let (beta, alpha) = (entry.optics.betaM[plane], entry.optics.alpha[plane])
            let wanted = m11 * m11 * beta - 2 * m11 * m12 * alpha + m12 * m12 * (1 + alpha * alpha) / beta
            expectClose(end.betaM(plane), wanted, relative: 1e-9, because: "Courant-Snyder")
            expectClose(
                end.moments.projectedEmittanceMRad[plane], entry.emittanceMRad[plane], relative: 1e-9,
                because: "magnets keep the emittance")
        }
        expectClose(end.positionM, 5, absolute: 1e-12, because: "length")
    }

    @Test func aPlateAddsItsAngleToTheEmittance() throws {
        let line = try SampleLine.line(
            [SampleLine.drift(1), .plate(name: "foil", material: .kapton, thicknessMM: 0.2)],
            entry: SampleLine.entry())
        let points = try line.beam(energyMeVPerNucleon: 430).points
        let (before, after) = (points[1], points[2])
        let square = after.betatron.rows[1][1] - before.betatron.rows[1][1]
        for plane in 0..<2 {
            let e = before.betatron.projectedEmittanceMRad[plane]
            expectClose(
                after.betatron.projectedEmittanceMRad[plane],
                (e * e + e * before.betaM(plane) * square).squareRoot(), relative: 1e-9,
                because: "growth by a thin scatterer")
        }
    }

    @Test func dispersionOfABendAndItsTurnedFrame() throws {
        let angle = 0.4
        let bend = LatticeElement(name: "b", kind: .bend(.init(angleRad: angle)), lengthM: 4 * angle)
        let entry = try SampleLine.entry(spread: 1e-3)
        let line = try TransferLine(
            name: "turned", entry: entry, matching: nil, isocentreX: .horizontal,
            sections: [
                .init(name: "a", turn: .fixed(0), parts: [.element(bend)]),
                .init(name: "b", turn: .fixed(.pi / 2), parts: [SampleLine.drift(1)]),
            ])
        let points = try line.beam(energyMeVPerNucleon: 430).points
        expectClose(points[1].dispersion[0], 4 * (1 - cos(angle)), relative: 1e-9, because: "rho (1 - cos)")
        expectClose(points[1].dispersion[1], sin(angle), relative: 1e-9, because: "sin")
        // x becomes −y of a frame turned by 90 degrees from x towards y.
        expectClose(
            points[2].dispersion[2], -(4 * (1 - cos(angle)) + sin(angle)), relative: 1e-9, because: "turned")
        expectClose(points[2].dispersion[0], 0, absolute: 1e-12, because: "turned")
        expectClose(
            points[1].moments.rows[0][0] - points[1].betatron.rows[0][0],
            pow(1e-3 * 4 * (1 - cos(angle)), 2), relative: 1e-9, because: "D sigma")
    }

    @Test func contradictionsAreRefused() throws {
        let entry = try SampleLine.entry()
        let drift = SampleLine.drift(1)
        func make(_ matching: RotatingGantry.Matching?, _ sections: [TransferLine.Section]) throws {
            _ = try TransferLine(
                name: "bad", entry: entry, matching: matching, isocentreX: .horizontal, sections: sections)
        }
        let plain = TransferLine.Section(name: "a", turn: .fixed(0), parts: [drift])
        let turning = TransferLine.Section(name: "g", turn: .gantry, parts: [drift])
        #expect(throws: BeamTransportError.self) { try make(nil, []) }
        #expect(throws: BeamTransportError.self) { try make(nil, [turning]) }
        #expect(throws: BeamTransportError.self) { try make(.direct, [plain]) }
        #expect(throws: BeamTransportError.self) { try make(.direct, [turning, turning]) }
        #expect(throws: BeamTransportError.self) { try make(.scatterer, [plain, turning]) }
        #expect(throws: BeamTransportError.self) {
            try make(nil, [.init(name: "s", turn: .fixed(0), parts: [SampleLine.scanner(.x)]), plain])
        }
    }
}

@Suite struct EntryBeamTests {
    @Test func emittancesGoWithEnergyAsTheyAreToldTo() throws {
        let entry = try SampleLine.entry()
        let low = try entry.reference.at(energyMeVPerNucleon: 100)
        let there = try entry.emittanceMRad(energyMeVPerNucleon: 100)
        expectClose(
            there.x,
            1e-6 * entry.reference.momentumMeV / low.momentumMeV, relative: 1e-12, because: "1/(beta gamma)")
        #expect(there.y == 2e-6)
        #expect(throws: BeamTransportError.self) { try SampleLine.entry(emittance: [0, 1e-6]) }
    }
}
