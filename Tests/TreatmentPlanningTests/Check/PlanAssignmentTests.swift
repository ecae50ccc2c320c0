import DICOMFile
import DICOMRadiotherapy
import FacilityModel
import Foundation
import PlanModel
import Quantities
import TestSupport
import Testing
import TreatmentPlanning

@Suite struct PlanAssignmentTests {
    private func imported(
        _ change: (CheckSamples) throws -> Void = { _ in }
    ) throws -> (CheckSamples, ImportedIonPlan) {
        let samples = try CheckSamples()
        try samples.writePlan()
        try change(samples)
        return (samples, try IonPlanReader.read(file: samples.file("RN.dcm")))
    }

    /// Takes the port's name out of the plan, as other systems write it.
    private func nameless(_ samples: CheckSamples) throws {
        try samples.edit("RN.dcm") { dataset in
            for beam in dataset.items(.ionBeamSequence) { try beam.remove(.institutionalDepartmentName) }
        }
    }

    private func failure(_ work: () throws -> Void) -> PlanAssignmentError? {
        do {
            try work()
            return nil
        } catch { return error as? PlanAssignmentError }
    }

    @Test func ownPlanFitsWithoutAFinding() throws {
        let (_, plan) = try imported()
        let assigned = try PlanAssignment(plan, machine: CheckSamples.machine())
        #expect(assigned.findings.isEmpty, "\(assigned.findings)")
        #expect(assigned.plan.fields.map(\.portID) == ["horizontal", "vertical"])
    }

    @Test func aPlanWithoutPortsGetsThemByAngle() throws {
        let (_, plan) = try imported(nameless)
        let assigned = try PlanAssignment(plan, machine: CheckSamples.machine())
        #expect(assigned.plan.fields.map(\.portID) == ["horizontal", "vertical"])
        #expect(assigned.findings.map(\.code) == ["CHECK-0002", "CHECK-0002"])
        #expect(assigned.findings[0].severity == .information)
    }

    @Test func portsOfDifferentNozzlesAreNotGuessed() throws {
        let (_, plan) = try imported(nameless)
        var other = CheckSamples.nozzle
        other.waterEquivalentThicknessMM = 5
        let ports = [
            CheckSamples.port("a", angle: 90), CheckSamples.port("b", angle: 90, nozzle: other),
            CheckSamples.port("vertical", angle: 0),
        ]
        let machine = CheckSamples.machine(ports)
        let error = failure { _ = try PlanAssignment(plan, machine: machine) }
        #expect(
            error
                == .severalPorts(
                    file: plan.file, field: 1, gantryAngle: AngleDegrees(90), named: "",
                    planned: plan.plan.machineName, machine: machine.name, ports: ["a", "b"]))
        let chosen = try PlanAssignment(plan, machine: machine, names: .init(ports: [1: "b"]))
        #expect(chosen.plan.fields.map(\.portID) == ["b", "vertical"])
        // Two rooms with the same beam are as good as one.
        let twins = CheckSamples.machine([
            CheckSamples.port("a", angle: 90), CheckSamples.port("b", angle: 90),
            CheckSamples.port("vertical", angle: 0),
        ])
        #expect(try PlanAssignment(plan, machine: twins).plan.fields[0].portID == "a")
    }

    /// A plan for another machine names a port that this one lacks: the message gives both, and both machines.
    @Test func aPlanForAnotherMachineIsCalledSo() throws {
        let (_, plan) = try imported()
        var other = CheckSamples.nozzle
        other.waterEquivalentThicknessMM = 5
        var machine = CheckSamples.machine([
            CheckSamples.port("a", angle: 90), CheckSamples.port("b", angle: 90, nozzle: other),
        ])
        machine.name = "elsewhere"
        let error = failure { _ = try PlanAssignment(plan, machine: machine) }
        let text = "\(try #require(error))"
        for word in ["'horizontal'", "(0008,1040)", "elsewhere", "'test-machine'", "300A,00B2", "a, b"] {
            #expect(text.contains(word), "\(word): \(text)")
        }
    }

    @Test func whatTheMachineDoesNotHaveIsNamed() throws {
        let (_, plan) = try imported(nameless)
        var protons = CheckSamples.machine()
        protons.ion = .proton
        let ion = failure { _ = try PlanAssignment(plan, machine: protons) }
        #expect("\(try #require(ion))".contains("(300A,0302)"))
        let angle = failure {
            _ = try PlanAssignment(
                plan, machine: CheckSamples.machine([CheckSamples.port("vertical", angle: 0)]))
        }
        #expect("\(try #require(angle))".contains("(300A,011E) 90.0"))
        let port = failure {
            _ = try PlanAssignment(
                plan, machine: CheckSamples.machine(), names: .init(ports: [0: "roof"]))
        }
        #expect(
            port
                == .unknownPort("roof", field: 1, machine: "test-machine", known: ["horizontal", "vertical"]))
    }

    @Test func rangeShiftersGoByTheNamesGiven() throws {
        let (_, plan) = try imported { samples in
            try samples.edit("RN.dcm") { dataset in
                let device = dataset.items(.ionBeamSequence)[1].items(.rangeShifterSequence)[0]
                try device.set(.rangeShifterID, "RS=3cm")
            }
        }
        let error = failure { _ = try PlanAssignment(plan, machine: CheckSamples.machine()) }
        let text = "\(try #require(error))"
        #expect(
            text.contains("'RS=3cm'") && text.contains("RS30 of 34.7 mm water")
                && text.contains("(300A,0318)"))
        let assigned = try PlanAssignment(
            plan, machine: CheckSamples.machine(), names: .init(rangeShifters: ["RS=3cm": "RS30"]))
        #expect(assigned.plan.fields[1].rangeShifterID == "RS30" && assigned.findings.isEmpty)
    }

    struct Other: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: String
        var words: [String]
        var change: @Sendable (DICOMItem) throws -> Void
    }

    static let others: [Other] = [
        Other(
            testDescription: "machine", code: "CHECK-0001",
            words: ["(300A,00B2)", "'room 3'", "'test-machine'"]
        ) {
            for beam in $0.items(.ionBeamSequence) { try beam.set(.treatmentMachineName, "room 3") }
        },
        Other(
            testDescription: "range shifter thickness", code: "CHECK-0003",
            words: ["beam 2", "(300A,0366)", "36.0", "34.7"]
        ) {
            try setting($0).set(.rangeShifterWaterEquivalentThickness, floats: [36])
        },
        Other(
            testDescription: "range shifter distance", code: "CHECK-0003",
            words: ["(300A,0364)", "300.0", "480.0"]
        ) {
            try setting($0).set(.isocenterToRangeShifterDistance, floats: [300])
        },
        Other(
            testDescription: "sources", code: "CHECK-0004", words: ["beam 1", "(300A,030A)", "2000 and 2560"]
        ) {
            try $0.items(.ionBeamSequence)[0].set(.virtualSourceAxisDistances, floats: [2000, 2560])
        },
        Other(
            testDescription: "beam size", code: "CHECK-0005",
            words: ["beam 1", "(300A,0398)", "12.0 x 8.0 mm"]
        ) {
            for point in $0.items(.ionBeamSequence)[0].items(.ionControlPointSequence) {
                try point.set(.scanningSpotSize, floats: [12, 8])
            }
        },
        Other(testDescription: "no ridge filter", code: "CHECK-0006", words: ["beam 1", "(300A,0342)"]) {
            try $0.items(.ionBeamSequence)[0].remove(.rangeModulatorSequence)
        },
    ]

    private static func setting(_ dataset: DICOMItem) throws -> DICOMItem {
        dataset.items(.ionBeamSequence)[1].items(.ionControlPointSequence)[0]
            .items(.rangeShifterSettingsSequence)[0]
    }

    /// Each way in which a plan can describe another beam than the machine file.
    @Test(arguments: others) func anotherBeamIsTold(_ other: Other) throws {
        let (_, plan) = try imported { samples in try samples.edit("RN.dcm") { try other.change($0) } }
        let findings = try PlanAssignment(plan, machine: CheckSamples.machine()).findings
        #expect(findings.map(\.code) == [other.code], "\(findings)")
        for word in other.words {
            #expect(findings.first?.message.contains(word) == true, "\(findings.map(\.message))")
        }
    }

    @Test func spotsWithoutWeightAreLeftOut() throws {
        let (_, plan) = try imported { samples in
            try samples.edit("RN.dcm") { dataset in
                let point = dataset.items(.ionBeamSequence)[0].items(.ionControlPointSequence)[0]
                try point.set(.scanSpotMetersetWeights, floats: [0, 5e5, 0, 5e5])
            }
        }
        #expect(plan.plan.fields[0].spotCount == 4)
        let assigned = try PlanAssignment(plan, machine: CheckSamples.machine()).plan
        #expect(assigned.fields[0].spotCount == 2 && assigned.fields[1].spotCount == 4)
        expectClose(
            assigned.fields[0].particles, plan.plan.fields[0].particles, relative: 1e-12,
            because: "nothing is lost")
    }
}
