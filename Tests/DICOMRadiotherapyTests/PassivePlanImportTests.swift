import DICOMFile
import DICOMRadiotherapy
import Foundation
import PlanModel
import TestSupport
import Testing

/// A passive plan that was written, read back.
@Suite struct PassivePlanImportTests {
    private static func imported(
        _ plan: Plan = PassivePlanExportTests.plan(), change: (DICOMItem) throws -> Void = { _ in }
    ) throws -> ImportedIonPlan {
        let scratch = try Scratch()
        let path = try PassivePlanExportTests.write(plan, to: scratch).file
        let file = try DICOMFile(reading: path)
        try change(#require(file.dataset.items(.ionBeamSequence).first))
        try file.write(to: path, transferSyntax: .explicitLittleEndian)
        return try IonPlanReader.read(file: path)
    }

    @Test func settingsComeBackAsTheyWere() throws {
        let written = try #require(PassivePlanExportTests.plan().fields[0].passive)
        let plan = try Self.imported()
        #expect(plan.findings.isEmpty, "\(plan.findings)")
        let field = plan.plan.fields[0]
        let read = try #require(field.passive)
        #expect(field.portID == "passive" && field.layers.isEmpty && field.rangeShifterID == nil)
        #expect(
            read.energy == written.energy && read.wobblerRadiusMM == written.wobblerRadiusMM
                && read.scattererThicknessMM == written.scattererThicknessMM
                && read.ridgeFilterWidthMM == written.ridgeFilterWidthMM
                && read.sourceDistanceMM == written.sourceDistanceMM)
        #expect(read.slices.map(\.rangeShifterPlatesMM) == written.slices.map(\.rangeShifterPlatesMM))
        for (a, b) in zip(read.slices, written.slices) {
            expectClose(a.particles, b.particles, relative: 1e-9, because: "digits of a decimal string")
            #expect(a.opening.boundariesMM == b.opening.boundariesMM)
            for (p, q) in zip(a.opening.pairsMM, b.opening.pairsMM) {
                expectClose(p.x, q.x, absolute: 0.005, because: "leaves hold hundredths of a millimetre")
                expectClose(p.y, q.y, absolute: 0.005, because: "leaves hold hundredths of a millimetre")
            }
        }
        let (bolus, own) = (try #require(read.bolus), try #require(written.bolus))
        #expect(
            bolus.material == own.material && bolus.distanceMM == own.distanceMM
                && bolus.firstMM == own.firstMM && bolus.pitchMM == own.pitchMM
                && bolus.rowCount == own.rowCount && bolus.columnCount == own.columnCount)
        for (a, b) in zip(bolus.thicknessMM, own.thicknessMM) {
            expectClose(a, b, absolute: 0.005, because: "milled to hundredths of a millimetre")
        }
    }

    @Test func aFieldWithoutBolusHasNone() throws {
        var plan = PassivePlanExportTests.plan()
        plan.fields[0].passive?.bolus = nil
        #expect(try Self.imported(plan).plan.fields[0].passive?.bolus == nil)
    }

    struct Damage: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: String
        var mention: String
        var change: @Sendable (DICOMItem) throws -> Void
    }

    static let damages: [Damage] = [
        Damage(testDescription: "scatterer", code: "IP-0030", mention: "(300A,033A)") {
            try $0.items(.lateralSpreadingDeviceSequence)[2].set(.lateralSpreadingDeviceDescription, "lead")
        },
        Damage(testDescription: "wobbler", code: "IP-0030", mention: "(300A,0332)") {
            try $0.remove(.lateralSpreadingDeviceSequence)
        },
        Damage(testDescription: "leaves", code: "IP-0031", mention: "(300A,011C)") {
            try $0.items(.ionControlPointSequence)[0].items(.beamLimitingDevicePositionSequence)[0].set(
                .leafJawPositions, decimals: [0, 5, 5, 0, 0, 4, 6, 0])
        },
        Damage(testDescription: "collimator", code: "IP-0031", mention: "MLCY") {
            try $0.items(.ionBeamLimitingDeviceSequence)[0].set(.rtBeamLimitingDeviceType, "MLCY")
        },
        Damage(testDescription: "bolus side", code: "IP-0032", mention: "PATIENT_SIDE") {
            try $0.items(.ionRangeCompensatorSequence)[0].set(.compensatorMountingPosition, "PATIENT_SIDE")
        },
        Damage(testDescription: "bolus size", code: "IP-0032", mention: "6 thicknesses for 3 rows of 3") {
            try $0.items(.ionRangeCompensatorSequence)[0].set(.compensatorRows, 3)
        },
        Damage(testDescription: "filter", code: "IP-0033", mention: "'WHEEL'") {
            try $0.items(.rangeModulatorSequence)[0].set(.rangeModulatorID, "WHEEL")
        },
        Damage(testDescription: "plate", code: "IP-0013", mention: "'RS'") {
            try $0.items(.rangeShifterSequence)[1].set(.rangeShifterID, "RS")
        },
        Damage(testDescription: "weights", code: "IP-0006", mention: "falls") {
            try $0.items(.ionControlPointSequence)[3].set(.cumulativeMetersetWeight, decimal: 1e9)
        },
        Damage(testDescription: "block", code: "IP-0020", mention: "(300A,00F0)") {
            try $0.set(.numberOfBlocks, 1)
        },
    ]

    /// What cannot be delivered as written is refused, with element and value.
    @Test(arguments: damages) func damagedFieldsAreRefused(_ damage: Damage) throws {
        do {
            _ = try Self.imported(change: damage.change)
            Issue.record("read without complaint")
        } catch DICOMImportError.unusablePlan(_, let findings) {
            let found = findings.first { $0.code == damage.code }
            #expect(found?.message.contains(damage.mention) == true, "\(findings)")
        }
    }
}
