import DICOMFile
import DICOMRadiotherapy
import Foundation
import PatientModel
import PlanModel
import Testing

/// Each code is made to appear by one damage, and no other with it.
@Suite struct ObjectConsistencyTests {
    struct Damage: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var file: String
        var codes: [String]
        var words: [String]
        var change: @Sendable (DICOMItem) throws -> Void

        init(
            _ name: String, _ file: String, _ codes: [String], _ words: [String],
            change: @escaping @Sendable (DICOMItem) throws -> Void
        ) {
            testDescription = name
            self.file = file
            self.codes = codes
            self.words = words
            self.change = change
        }
    }

    private func findings(_ scratch: Scratch) throws -> [Finding] {
        let catalogue = try DICOMCatalogue.scan(folder: scratch.path)
        func one(_ modality: String) throws -> CatalogueObject {
            try #require(catalogue.series(modality: modality).first?.objects.first)
        }
        return ObjectConsistency.check(
            ct: try #require(catalogue.series(modality: "CT").first), structureSet: try one("RTSTRUCT"),
            plan: try one("RTPLAN"), doses: catalogue.series(modality: "RTDOSE").flatMap(\.objects))
    }

    @Test func whatBelongsTogetherHasNoFinding() throws {
        let scratch = try Scratch()
        _ = try Samples.writeCase(to: scratch)
        #expect(try findings(scratch).isEmpty)
    }

    static let damages: [Damage] = [
        Damage(
            "another patient", "RP.dcm", ["OC-0001"],
            ["RP.dcm", "PatientID (0010,0020)", "'X-9'", "'KASANE-1'"]
        ) {
            try $0.set(.patientID, "X-9")
        },
        Damage("another birth date", "RS.dcm", ["OC-0002"], ["RS.dcm", "(0010,0030)", "'19700102'"]) {
            try $0.set(.patientBirthDate, "19700102")
        },
        Damage("no birth date", "RS.dcm", [], []) { try $0.set(.patientBirthDate, "") },
        Damage("plan of another frame", "RP.dcm", ["OC-0003"], ["RP.dcm", "(0020,0052)", "2.25.77"]) {
            try $0.set(.frameOfReferenceUID, "2.25.77")
        },
        Damage("dose of another frame", "RD-rbe.dcm", ["OC-0003"], ["RD-rbe.dcm", "2.25.77"]) {
            try $0.set(.frameOfReferenceUID, "2.25.77")
        },
        Damage("plan without a frame", "RP.dcm", ["OC-0004"], ["RP.dcm", "(0020,0052)"]) {
            try $0.remove(.frameOfReferenceUID)
        },
        Damage("structures of another series", "RS.dcm", ["OC-0005"], ["RS.dcm", "(3006,0014)", "2.25.55"]) {
            let frame = $0.items(.referencedFrameOfReferenceSequence)[0]
            let series = frame.items(.rtReferencedStudySequence)[0].items(.rtReferencedSeriesSequence)[0]
            try series.set(.seriesInstanceUID, "2.25.55")
        },
        Damage("plan without structures", "RP.dcm", ["OC-0006"], ["RP.dcm", "(300C,0060)", "is missing"]) {
            try $0.remove(.referencedStructureSetSequence)
        },
        Damage(
            "plan on other structures", "RP.dcm", ["OC-0007"], ["RP.dcm", "(300C,0060)", "2.25.66", "RS.dcm"]
        ) {
            try $0.items(.referencedStructureSetSequence)[0].set(.referencedSOPInstanceUID, "2.25.66")
        },
        Damage("dose without a plan", "RD-physical.dcm", ["OC-0008"], ["RD-physical.dcm", "(300C,0002)"]) {
            try $0.remove(.referencedRTPlanSequence)
        },
        Damage(
            "dose of another plan", "RD-physical.dcm", ["OC-0009"], ["RD-physical.dcm", "2.25.44", "RP.dcm"]
        ) {
            try $0.items(.referencedRTPlanSequence)[0].set(.referencedSOPInstanceUID, "2.25.44")
        },
        Damage("another study", "RD-rbe.dcm", ["OC-0011"], ["RD-rbe.dcm", "(0020,000D)", "2.25.33"]) {
            try $0.set(.studyInstanceUID, "2.25.33")
        },
    ]

    @Test(arguments: damages) func isFound(_ damage: Damage) throws {
        let scratch = try Scratch()
        _ = try Samples.writeCase(to: scratch)
        try edit(scratch.file(damage.file)) { try damage.change($0) }
        let findings = try findings(scratch)
        #expect(findings.map(\.code) == damage.codes, "\(findings.map(\.message))")
        for word in damage.words {
            #expect(findings.first?.message.contains(word) == true, "\(findings.map(\.message))")
        }
    }

    @Test func onlyWhatIsNotProvenCanBeAccepted() {
        #expect(!ObjectConsistency.acceptableCodes.contains("OC-0003"), "positions cannot be compared")
        #expect(ObjectConsistency.acceptableCodes.contains("OC-0008"))
    }
}
