import CaseFiles
import FacilityModel
import PlanModel
import Quantities
import Testing

@Suite struct PlanTransferTests {
    static func field(_ gantry: Double, _ couch: Double = 0, port: String = "gantry") -> FieldRequest {
        FieldRequest(
            name: "f\(Int(gantry))", portID: port, gantryAngle: AngleDegrees(gantry),
            patientSupportAngle: AngleDegrees(couch), isocentre: .targetCentre)
    }

    static func machine(_ name: String) throws -> Machine {
        let store = try DataStore.find()
        return try MachineFile.read(path: store.machinePath(name), store: store).machine
    }

    @Test func aHorizontalPortReachesBothSides() throws {
        let irock = try Self.machine("irock")
        let moved = try PlanTransfer.fields([Self.field(90), Self.field(270)], to: irock)
        for (field, from) in zip(moved, [90.0, 270]) {
            let port = try #require(irock.port(field.portID))
            #expect(port.allows(gantryAngle: field.gantryAngle))
            #expect(port.allows(patientSupportAngle: field.patientSupportAngle))
            // Same line through the patient: (θ, φ) or (−θ, φ + 180°).
            let same = abs(field.gantryAngle.value - from).truncatingRemainder(dividingBy: 360) < 1e-9
            let mirrored = abs(field.gantryAngle.value + from).truncatingRemainder(dividingBy: 360) < 1e-9
            #expect(
                same && field.patientSupportAngle.value == 0
                    || mirrored && abs(field.patientSupportAngle.value) == 180)
        }
    }

    @Test func aGantryKeepsTheAnglesAndAnObliqueFieldNeedsOne() throws {
        let moved = try PlanTransfer.fields([Self.field(37)], to: Self.machine("yonsei"))
        #expect(moved[0].gantryAngle.value == 37)
        let error = #expect(throws: InvalidFile.self) {
            try PlanTransfer.fields([Self.field(37)], to: Self.machine("irock"))
        }
        #expect(String(describing: try #require(error)).contains("no port of irock gives gantry angle 37.0"))
    }

    @Test func passivePortsAreTakenWhereThereAreNoOthersOrWhereTheyAreAskedFor() throws {
        var passive = try Self.machine("himac")
        passive.ports = []
        var field = Self.field(90)
        field.rangeShifterID = "RS30"
        let moved = try PlanTransfer.fields([field], to: passive)
        #expect(passive.passivePort(moved[0].portID) != nil)
        #expect(moved[0].rangeShifterID == nil)
        let error = #expect(throws: InvalidFile.self) {
            try PlanTransfer.fields([field], to: Self.machine("irock"), delivery: .passive)
        }
        #expect(String(describing: try #require(error)).contains("irock has no passive port"))
        let none = #expect(throws: InvalidFile.self) {
            try PlanTransfer.fields([field], to: passive, delivery: .scanning)
        }
        #expect(String(describing: try #require(none)).contains("has no scanning port"))
    }

    @Test func aShifterThatAFieldHasNoMoreIsTakenOutOfTheText() throws {
        let text =
            "machine: yamagata\nfields:\n  - {name: f90, port: gantry, gantry-angle: 90, couch-angle: 0, range-shifter: RS30}\n"
        let field = Self.field(90, port: "c-horizontal")
        #expect(!(try PlanTransfer.text(text, machine: "m", fields: [field])).contains("range-shifter"))
        var shifted = field
        shifted.rangeShifterID = "RS30"
        #expect(try PlanTransfer.text(text, machine: "m", fields: [shifted]).contains("range-shifter: RS30"))
    }

    @Test func theTextNamesTheNewMachineAndPorts() throws {
        let text =
            "machine: yamagata\nlabel: X # comment\nfields:\n  - {name: f90, port: gantry, gantry-angle: 90, couch-angle: 0}\n"
        let changed = try PlanTransfer.text(text, machine: "irock", fields: [Self.field(90, port: "room1-h")])
        #expect(
            changed.contains("machine: irock") && changed.contains("room1-h") && changed.contains("label: X"))
    }
}
