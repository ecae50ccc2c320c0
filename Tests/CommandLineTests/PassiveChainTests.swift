import CaseFiles
import Foundation
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

/// A passive port as a user goes it: plan, report, dose again.
@Suite struct PassiveChainTests {
    private func kasane(_ arguments: String...) throws -> KasaneProcess {
        try KasaneProcess.run(
            arguments + ["--data", KasaneProcess.checkout.appendingPathComponent("Data").path])
    }

    private static func plan(_ filling: String) throws -> String {
        let fields = WaterBoxCase.plan.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("range-shifter: RS30") }.joined(separator: "\n")
        return fields.replacing("machine: yamagata", with: "machine: himac")
            .replacing("port: gantry, gantry-angle: 90", with: "port: b-horizontal, gantry-angle: 90")
                + """
                passive: {filling: \(filling), lateral-margin: 8, proximal-margin: 3, distal-margin: 4, smearing: 3}

                """
    }

    @Test(arguments: ["ridge-filter", "layer-stacking"]) func aPassivePlanGoesAllTheWay(filling: String)
        throws
    {
        let box = try WaterBoxCase(plan: Self.plan(filling))
        defer { #expect(throws: Never.self) { try box.remove() } }
        let made = try kasane("plan", box.planFile.path, "--to", box.path("case"), "--threads", "2")
        try #require(made.status == 0, "\(made.errors)")
        let stored = try CaseFolder.read(path: box.path("case"))
        let delivery = try #require(stored.plan.fields.first?.passive)
        #expect(stored.plan.fields[0].layers.isEmpty && delivery.energy.value == 290)
        #expect(filling == "ridge-filter" ? delivery.slices.count == 1 : delivery.slices.count > 5)
        #expect(delivery.particles > 1e9 && delivery.bolus != nil)
        // 3.8 Gy (RBE) a fraction at the centre.
        let total = try #require(stored.volumes["dose-rbe"])
        let centre = try #require(total.interpolated(at: stored.plan.fields[0].isocentre))
        expectClose(
            centre, 60.8, relative: 0.03, because: "prescribed to the middle of the target, 5 mm voxels")

        for text in ["% through the collimator", "cycles, ", "Gy (RBE)/min"] {
            #expect(made.output.contains(text), "\(text): \(made.output)")
        }
        let cycle = try kasane(
            "facility", "cycle", "himac", "--plan", box.path("case"), "--gating", "0.5")
        #expect(cycle.status == 0, "\(cycle.errors)")
        #expect(cycle.output.contains("passive, \(delivery.slices.count) slices"), "\(cycle.output)")

        // The same dose from the stored settings alone.
        let again = try kasane("dose", box.path("case"), "--to", box.path("again"), "--threads", "1")
        try #require(again.status == 0, "\(again.errors)")
        let repeated = try CaseFolder.read(path: box.path("again"))
        let (a, b) = (stored.fieldDoses[1]?.dose.values ?? [], repeated.fieldDoses[1]?.dose.values ?? [])
        #expect(a.count == b.count && !a.isEmpty)
        let most = a.max() ?? 0
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-4 * most })

        let report = try kasane("report", box.path("case"), "--to", box.path("report.html"))
        try #require(report.status == 0, "\(report.errors)")
        let page = try String(contentsOfFile: box.path("report.html"), encoding: .utf8)
        for text in ["Collimator and bolus", "Passive devices", "layer stacking", "Smearing of the bolus"] {
            #expect(page.contains(text), "\(text)")
        }

        // What there is not says so.
        let refused = try kasane(
            "dose", box.path("case"), "--engine", "monte-carlo", "--histories", "20000", "--to",
            box.path("mc"))
        #expect(refused.status != 0 && refused.errors.contains("passive"), "\(refused.errors)")
        let exported = try kasane("export", box.path("case"), "--to", box.path("dicom"))
        #expect(exported.status == 0, "\(exported.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: box.path("dicom")).sorted()
        #expect(names == ["RD.physical.dcm", "RD.rbe.dcm", "RN.dcm", "RS.dcm"])

        // The plan of the export gives the same dose; leaves and bolus hold hundredths of a millimetre.
        let imported = try kasane(
            "dose", box.path("case"), "--plan", box.path("dicom/RN.dcm"), "--to", box.path("imported"))
        try #require(imported.status == 0, "\(imported.errors)")
        let copy = try CaseFolder.read(path: box.path("imported"))
        let c = copy.fieldDoses[1]?.dose.values ?? []
        #expect(c.count == a.count)
        let worst = zip(a, c).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 2e-3 * most, "\(worst) of \(most)")
    }

    @Test func aPassivePortWithoutItsSectionIsRefused() throws {
        let text = try Self.plan("ridge-filter").split(separator: "\n").filter { !$0.hasPrefix("passive:") }
            .joined(separator: "\n")
        let box = try WaterBoxCase(plan: text + "\n")
        defer { #expect(throws: Never.self) { try box.remove() } }
        let refused = try kasane("plan", box.planFile.path, "--to", box.path("case"))
        #expect(refused.status != 0)
        #expect(refused.errors.contains("passive: port ‘b-horizontal’ is passive"), "\(refused.errors)")
    }
}
