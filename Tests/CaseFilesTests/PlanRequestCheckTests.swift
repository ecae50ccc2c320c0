import CaseFiles
import FacilityModel
import PatientModel
import PlanModel
import Testing

@Suite struct PlanRequestCheckTests {
    func findings(_ from: String, _ to: String, machine: String = "yamagata") throws -> [FileFinding] {
        let text = wholePlan.replacing(from, with: to, maxReplacements: 1)
        let request = try PlanFile.read(text: text, file: "plan.yaml")
        return request.findings(machine: try Machines.read(machine).machine)
    }

    @Test func possibleFieldsPass() throws {
        #expect(try findings("seed: 7", "seed: 8").isEmpty)
    }

    @Test(arguments: [
        ("port: gantry", "port: gantri", "fields[0].port", "did you mean ‘gantry’"),
        (
            "port: gantry\n    gantry-angle: 90", "port: fixed\n    gantry-angle: 0",
            "fields[0].gantry-angle", "it gives 90°"
        ),
        ("range-shifter: RS30", "range-shifter: RS300", "fields[1].range-shifter", "did you mean ‘RS30’"),
    ])
    func impossibleFieldsAreFound(from: String, to: String, path: String, words: String) throws {
        let found = try findings(from, to)
        #expect(found.map(\.path) == [path])
        #expect(found.first?.message.contains(words) == true, "\(found)")
    }

    @Test func structuresThatDoNotExistAreFoundAtEachPlace() throws {
        let request = try PlanFile.read(text: wholePlan, file: "plan.yaml")
        func structure(_ name: String, empty: Bool = false) -> Structure {
            Structure(
                number: 1, name: name, interpretedType: "", colour: SIMD3(0, 0, 0),
                contours: empty
                    ? [] : [Contour(zMM: 0, points: [SIMD2(0, 0), SIMD2(1, 0), SIMD2(0, 1)])])
        }
        let set = StructureSet(
            instanceUID: "1", label: "", frameOfReferenceUID: "1",
            structures: [
                structure("External"), structure("ctv"), structure("Brain", empty: true),
                structure("Brainstem"), structure("Filling"), structure("Bolus"),
            ])
        let found = request.findings(structures: set)
        #expect(
            found.map(\.path) == [
                "prescription.target", "objectives[0].structure", "objectives[2].structure",
                "objectives[3].structure", "goals[0]", "goals[2]", "goals[3]", "report.structures[0]",
                "report.structures[1]",
            ])
        #expect(found[0].message.contains("did you mean ‘ctv’"))
        #expect(found[2].message.contains("no contour"))
        #expect(throws: InvalidFile.self) {
            try request.check(
                machine: try Machines.read("yamagata").machine, structures: set, file: "plan.yaml")
        }
    }

    @Test(arguments: ["head", "openkbp-66", "openkbp-187"])
    func examplesOfTheProjectAreRightForTheirMachine(name: String) throws {
        let store = try DataStore.find()
        let request = try PlanFile.read(path: store.path("../Examples/\(name)/plan.yaml"))
        let machine = try MachineFile.read(path: store.machinePath(request.machine)).machine
        #expect(request.findings(machine: machine).isEmpty)
        #expect(request.patient.folder.contains("Examples/\(name)/"))
    }
}
