import DICOMFile
import DICOMRadiotherapy
import PlanModel
import TestSupport
import Testing
import TreatmentPlanning
import Volumes

@Suite struct DoseUnderCheckTests {
    private func dose(
        _ type: String, extent: DoseExtent = .plan, meaning: DoseMeaning = .physical, value: Float = 2,
        fractions: DoseUnderCheck.Fractions? = nil
    ) throws -> (DoseUnderCheck?, [Finding]) {
        let samples = try CheckSamples()
        let (ct, plan) = try samples.writePlan()
        try samples.writeDose("RD.dcm", of: plan, ct: ct, extent: extent, meaning: meaning, value: value)
        try samples.edit("RD.dcm") { try $0.set(.doseSummationType, type) }
        var findings: [Finding] = []
        let read = try DoseReader.read(file: samples.file("RD.dcm"))
        let result = try DoseUnderCheck.interpret(
            read, plan: CheckSamples.plan(), fractions: fractions, findings: &findings)
        return (result, findings)
    }

    @Test(arguments: [
        ("PLAN", DoseExtent.plan, [1, 2], 10), ("FRACTION", .plan, [1, 2], 10),
        ("FRACTION_SESSION", .plan, [1, 2], 1), ("BEAM", .beam(2), [2], 10),
        ("BEAM_SESSION", .beam(1), [1], 1),
    ])
    func summationTypesMeanWhatTheStandardSays(
        type: String, extent: DoseExtent, fields: [Int], fractions: Int
    ) throws {
        let (result, findings) = try dose(type, extent: extent)
        let dose = try #require(result)
        #expect(dose.fieldNumbers == fields && dose.fractions == fractions)
        #expect(dose.isWholePlan == (fields.count == 2) && dose.isJudged)
        #expect(findings.map(\.code) == (type == "FRACTION" ? ["CHECK-0014"] : []))
    }

    @Test func aPersonMayKnowBetter() throws {
        let (one, findings) = try dose("FRACTION", fractions: .one)
        #expect(one?.fractions == 1 && findings.isEmpty)
        #expect(try dose("BEAM_SESSION", extent: .beam(1), fractions: .all).0?.fractions == 10)
    }

    @Test(arguments: ["MULTI_PLAN", "PLAN_OVERVIEW", "CONTROL_POINT", "RECORD", "BRACHY"])
    func otherDosesAreNotOfThisPlan(type: String) throws {
        #expect(try dose(type).0 == nil)
    }

    @Test func anEffectiveDoseOfOneFieldIsNotJudged() throws {
        let (one, _) = try dose("BEAM", extent: .beam(1), meaning: .rbeWeighted(model: "m"))
        #expect(one?.quantity == .rbeWeighted && one?.isJudged == false)
        let (whole, _) = try dose("PLAN", meaning: .rbeWeighted(model: "m"))
        #expect(whole?.isJudged == true && whole?.comment.contains("m") == true)
    }

    @Test func aBeamThatIsNotNamedOrNotThereIsRefused() {
        #expect(throws: DoseUnderCheckError.self) { _ = try dose("BEAM") }
        #expect(throws: DoseUnderCheckError.self) { _ = try dose("BEAM", extent: .beam(7)) }
        do { _ = try dose("BEAM", extent: .beam(7)) } catch {
            #expect("\(error)".contains("(300C,0006) is 7") && "\(error)".contains("1, 2"))
        }
    }

    @Test func absorbedDosesOfAllFieldsAddUpToThePlan() throws {
        let first = try #require(try dose("BEAM", extent: .beam(1), value: 2).0)
        let second = try #require(try dose("BEAM", extent: .beam(2), value: 3).0)
        let plan = CheckSamples.plan()
        let sum = try #require(DoseUnderCheck.sum([second, first], plan: plan))
        #expect(sum.isWholePlan && sum.fieldNumbers == [1, 2] && sum.files.count == 2)
        expectClose(Double(sum.volume.values[7]), 5, absolute: 1e-5, because: "2 + 3")
        #expect(DoseUnderCheck.sum([first], plan: plan) == nil, "a field is missing")
        let session = try #require(try dose("BEAM_SESSION", extent: .beam(2)).0)
        #expect(DoseUnderCheck.sum([first, session], plan: plan) == nil, "other fractions")
        let effective = try #require(
            try dose("BEAM", extent: .beam(2), meaning: .rbeWeighted(model: "m")).0)
        #expect(
            DoseUnderCheck.sum([first, effective], plan: plan) == nil, "RBE-weighted doses do not add up")
    }
}
