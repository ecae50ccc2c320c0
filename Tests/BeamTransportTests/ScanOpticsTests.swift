import BeamOptics
import BeamTransport
import Glibc
import Quantities
import TestSupport
import Testing

@Suite struct ScanOpticsTests {
    static func scan(_ plane: TransferLine.Plane = .horizontal) throws -> ScanOptics {
        let line = try SampleLine.line(
            [
                SampleLine.scanner(.x), SampleLine.drift(0.2), SampleLine.scanner(.y, 0.3),
                SampleLine.drift(8),
            ],
            entry: SampleLine.entry(), isocentreX: plane)
        return try ScanOptics(line, energyMeVPerNucleon: 430)
    }

    /// One magnet alone: the sector and a straight line, from the geometry of a circle.
    @Test(arguments: [0.05, 0.3]) func oneMagnetIsACircleAndALine(field: Double) throws {
        let scan = try Self.scan()
        let radius = scan.reference.rigidityTM / field
        let angle = asin(0.4 / radius)
        let wanted = radius * (1 - cos(angle)) + (0.2 + 0.3 + 8) * tan(angle)
        let spot = try #require(scan.spot(fieldT: SIMD2(field, 0)))
        expectClose(spot.positionMM.x, 1e3 * wanted, relative: 1e-9, because: "circle and line")
        expectClose(spot.slope.x, tan(angle), relative: 1e-9, because: "circle")
        expectClose(spot.positionMM.y, 0, absolute: 1e-9, because: "no field there")
    }

    @Test func fieldsAndPlacesAreInverse() throws {
        let scan = try Self.scan(.vertical)
        for place in [SIMD2(0.0, 0), SIMD2(80, -60), SIMD2(-100, 100)] {
            let field = try scan.fieldT(forPositionMM: place)
            let spot = try #require(scan.spot(fieldT: field))
            expectClose(spot.positionMM.x, place.x, absolute: 1e-6, because: "back again")
            expectClose(spot.positionMM.y, place.y, absolute: 1e-6, because: "back again")
        }
        #expect(throws: BeamTransportError.self) { try scan.fieldT(forPositionMM: SIMD2(500, 0)) }
    }

    /// A sector seems to come from its middle.
    @Test func sourcesReachAndSpeed() throws {
        let scan = try Self.scan()
        let source = try scan.virtualSourceDistancesMM()
        expectClose(source.x, 8700, relative: 1e-6, because: "middle of the magnet of x")
        expectClose(source.y, 8150, relative: 1e-6, because: "middle of the magnet of y")
        let half = try scan.greatestHalfWidthMM()
        expectClose(
            half.x, try #require(scan.spot(fieldT: SIMD2(0.3, 0))).positionMM.x, relative: 1e-12,
            because: "greatest field")
        let speed = try scan.greatestSpeedMMPerS()
        expectClose(
            speed.y, 200 * 0.3 / scan.reference.rigidityTM * 8150, relative: 1e-4,
            because: "rate, length, lever")
    }

    @Test func missingAndDoubleMagnetsAreRefused() throws {
        let entry = try SampleLine.entry()
        let one = try SampleLine.line([SampleLine.scanner(.x), SampleLine.drift(8)], entry: entry)
        #expect(throws: BeamTransportError.noScanner("y")) { try ScanOptics(one, energyMeVPerNucleon: 430) }
        let two = try SampleLine.line(
            [SampleLine.scanner(.x), SampleLine.scanner(.y), SampleLine.scanner(.x)], entry: entry)
        #expect(throws: BeamTransportError.self) { try ScanOptics(two, energyMeVPerNucleon: 430) }
    }
}

@Suite struct SpotTableTests {
    static func gantry(_ matching: RotatingGantry.Matching, emittance: SIMD2<Double>) throws -> TransferLine {
        let entry = try EntryBeam(
            reference: ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 430),
            optics: OpticsPoint(betaM: SIMD2(4, 4), alpha: .zero), emittanceMRad: emittance,
            scaling: [.damped, .damped], momentumSpread: 0)
        return try TransferLine(
            name: "gantry", entry: entry, matching: matching, isocentreX: .vertical,
            sections: [
                .init(name: "fixed", turn: .fixed(0), parts: [SampleLine.drift(1)]),
                .init(name: "turning", turn: .gantry, parts: [SampleLine.drift(2)]),
            ])
    }

    @Test func changeOverTheTurn() throws {
        let flat = try SpotTable(
            Self.gantry(.direct, emittance: [1e-6, 1e-6]), energiesMeVPerNucleon: [100, 430])
        #expect(flat.greatestVariation < 1e-9)
        let other = try SpotTable(
            Self.gantry(.direct, emittance: [1e-6, 2e-6]), energiesMeVPerNucleon: [430])
        expectClose(
            other.greatestVariation, 2.0.squareRoot() - 1, relative: 1e-9, because: "root of the emittances")
        // The mean of the moments lies half way between those of the planes.
        expectClose(
            other.rows[0].sigmaMM.x, 1e3 * (1.5e-6 * (4 + 9.0 / 4)).squareRoot(), relative: 1e-9,
            because: "mean of the moments")
        let rotated = try SpotTable(
            Self.gantry(.rotator, emittance: [1e-6, 2e-6]), energiesMeVPerNucleon: [430])
        #expect(rotated.greatestVariation < 1e-9)
    }

    @Test func energiesAreStepsOfTheLogarithm() {
        let list = SpotTable.energies(50...400, count: 4)
        #expect(list.first == 50 && list.last == 400)
        expectClose(list[1] / list[0], list[2] / list[1], relative: 1e-12, because: "equal steps")
    }
}
