import BeamOptics
import FacilityModel
import Foundation
import Quantities
import Reporting
import Testing

@Suite struct RoomPlanTests {
    /// A ring of six sides of 4 m with bends of 60° and 2 m.
    static func hexagon() throws -> Lattice {
        let bend = LatticeElement(name: "b", kind: .bend(.init(angleRad: .pi / 3)), lengthM: 2)
        let straight = LatticeElement(name: "d", kind: .drift, lengthM: 4)
        return try Lattice(
            name: "hexagon", reference: ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 100),
            elements: (0..<6).flatMap { _ in [straight, bend] })
    }

    static func description(facts: [AnnotatedFigure] = []) -> MachineDescription {
        let nozzle = SyntheticHead.machine.ports[0].nozzle
        func port(_ id: String, _ room: String, _ direction: FacilityModel.Port.Direction)
            -> FacilityModel.Port
        {
            FacilityModel.Port(
                id: id, room: room, direction: direction,
                patientSupportAngles: AngleDegrees(-90)...AngleDegrees(90), nozzle: nozzle)
        }
        let machine = Machine(
            name: "test", facility: "Test <facility>", ion: .carbon12, energies: [EnergyPerNucleon(430)],
            ports: [
                port("h", "A", .fixed(AngleDegrees(90))), port("v", "A", .fixed(AngleDegrees(0))),
                port("g", "B", .rotating(AngleDegrees(-180)...AngleDegrees(180))),
            ])
        let around = AnnotatedFigure(
            path: "synchrotron.circumference", value: "36", unit: "m", source: "Data sheet", confidence: .high
        )
        return MachineDescription(
            machine: machine,
            synchrotron: Synchrotron(
                circumferenceM: 36, cyclePeriodS: 2, ionsPerFill: 1e9, extractionRateIonsPerS: 1e7...1e9,
                energyChangeTimeS: 0.25, beamOffTimeS: 0.001),
            summary: "A facility for tests.", figures: [around] + facts)
    }

    static func fact(_ name: String, _ value: String, unit: String = "m") -> AnnotatedFigure {
        AnnotatedFigure(
            path: "facts.\(name)", value: value, unit: unit, source: "Press", confidence: .medium)
    }

    @Test func theOrbitOfARingClosesAndIsAsLongAsTheLattice() throws {
        let floor = RingFloor(try Self.hexagon())
        #expect(floor.gapM < 1e-9)
        #expect(floor.bends.count == 6)
        let length = zip(floor.orbit, floor.orbit.dropFirst()).reduce(0) { sum, pair in
            let d = pair.1 - pair.0
            return sum + (d * d).sum().squareRoot()
        }
        #expect(abs(length - 36) < 0.01)
        // Across the straights: 2 (R + side/2 · √3/… ) = 4 √3 + 2 R with R = 6/π.
        #expect(abs(floor.size.y - (4 * 3.0.squareRoot() + 12 / Double.pi)) < 0.01)
    }

    @Test func aRingThatIsNoneShowsItsGap() throws {
        let bend = LatticeElement(name: "b", kind: .bend(.init(angleRad: .pi / 2)), lengthM: 2)
        let line = try Lattice(
            name: "line", reference: ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 100),
            elements: [bend])
        // A quarter of a circle of radius 4/π.
        #expect(abs(RingFloor(line).gapM - 4 / Double.pi * 2.0.squareRoot()) < 1e-9)
    }

    @Test func knownSizesAreDrawnAndNamedWithTheirSource() throws {
        let plan = RoomPlan(
            Self.description(facts: [
                Self.fact("gantry-diameter", "11"), Self.fact("gantry-length", "13"),
                Self.fact("building", "60 x 40"), Self.fact("rings", "2", unit: ""),
            ]), lattice: try Self.hexagon())
        FacilityPicturesTests.expectWellFormed(
            plan.picture(),
            contains: [
                "room A", "room B", "h 90°", "v 0°", "g −180 to 180°", "36 m around", "building 60 × 40 m",
                "2 above each other", "10 m", "scheme",
            ])
        #expect(plan.gantryDiameter.metres == 11 && plan.gantryDiameter.isKnown)
        #expect(plan.notes.contains("Gantry, diameter: 11 m, Press (medium)"))
        #expect(plan.notes.contains { $0.contains("hexagon, 36.00 m") })
        #expect(plan.notes.last?.contains("not to scale") == true)
    }

    @Test func whatIsNotKnownIsSaid() throws {
        let assumed = RoomPlan(
            Self.description(facts: [
                Self.fact("gantry-diameter", "wide"), Self.fact("building", "3009", unit: "m2"),
            ]),
            lattice: nil)
        #expect(assumed.gantryDiameter.isKnown == false && assumed.building == nil)
        #expect(assumed.notes.contains("Shape of the ring: not known, a circle of that length"))
        #expect(assumed.notes.contains("Gantry, length: not known, drawn with 13 m"))
        FacilityPicturesTests.expectWellFormed(assumed.picture(), contains: ["not known"])
    }

    @Test func roomsDoNotLieOverEachOtherOrTheRing() throws {
        var description = Self.description()
        for index in 0..<4 {
            var port = description.machine.ports[index % 3]
            port.id = "more-\(index)"
            port.room = "M\(index)"
            description.machine.ports.append(port)
        }
        let plan = RoomPlan(description, lattice: nil)
        let layout = plan.layout
        #expect(layout.rooms.count == 6 && layout.trunks.count == 2)
        for (i, a) in layout.rooms.enumerated() {
            #expect(a.origin.x > layout.ringCentre.x + 36 / (2 * Double.pi))
            for b in layout.rooms.dropFirst(i + 1) {
                let apart =
                    a.origin.x + a.size.x <= b.origin.x || b.origin.x + b.size.x <= a.origin.x
                    || a.origin.y + a.size.y <= b.origin.y || b.origin.y + b.size.y <= a.origin.y
                #expect(apart, "rooms \(i)")
            }
        }
    }
}
