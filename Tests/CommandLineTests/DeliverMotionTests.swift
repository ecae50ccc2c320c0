import DeliveryControl
import DeliveryLog
import Foundation
import Testing

/// `kasane deliver` with breathing, motion and faults, and the dose of several fractions.
@Suite struct DeliverMotionTests {
    private func kasane(_ arguments: [String]) throws -> KasaneProcess {
        try KasaneProcess.run(
            arguments + ["--data", KasaneProcess.checkout.appendingPathComponent("Data").path])
    }

    private func planned() throws -> WaterBoxCase {
        let box = try WaterBoxCase()
        let made = try kasane(["plan", box.planFile.path, "--to", box.path("case")])
        try #require(made.status == 0, "\(made.errors)")
        return box
    }

    private func d95(_ run: KasaneProcess) throws -> Double {
        let line = try #require(run.output.split(separator: "\n").first { $0.contains(": D95") })
        let words = line.split(separator: " ")
        let place = try #require(words.firstIndex(of: "D95"))
        return try #require(Double(words[place + 1]))
    }

    /// A target that moves by its own diameter loses dose; a gate gives it back; the paintings fill the gate from its opening.
    @Test func motionTakesDoseAndTheGateGivesItBack() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        func deliver(_ name: String, _ options: [String]) throws -> KasaneProcess {
            let run = try kasane(
                [
                    "deliver", box.path("case"), "--to", box.path(name), "--breathing", "3.5", "--motion",
                    "0,0,20", "--phases", "5",
                ]
                    + options)
            try #require(run.status == 0, "\(run.errors)")
            return run
        }
        let free = try d95(deliver("free", []))
        let gated = try d95(
            deliver(
                "gated",
                ["--paintings", "4", "--gate-target", "2", "--gate-sampling", "20", "--phase-controlled"]))
        #expect(gated > free + 5, "\(gated), \(free) Gy (RBE)")
        let history = try FieldHistory(folder: box.path("gated"), fieldNumber: 1)
        let field = try #require(history.sessions.compactMap(\.log).first?.header.field)
        #expect(field.isGated && field.layers.allSatisfy { $0.visits[0].beginsAtGateOpening })
        let page = try String(contentsOfFile: box.path("gated/report.html"), encoding: .utf8)
        #expect(
            page.contains("gate on the target within 2.0 mm") && page.contains("in 5 phases of breathing"))
        // Another motion is another fraction.
        let other = try kasane([
            "deliver", box.path("case"), "--to", box.path("free"), "--resume", "--breathing", "3.5",
            "--motion", "0,0,5",
            "--phases", "5",
        ])
        #expect(other.status != 0 && other.errors.contains("everything moves by 0,0,20"), "\(other.errors)")
    }

    /// A fault of the catalogue strikes once: the door opens, the field is interrupted and goes on, the report names it; a killed control
    /// leaves a remainder, which a resumed fraction gives.
    @Test func faultsStrikeOnce() throws {
        let box = try planned()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let door = try kasane([
            "deliver", box.path("case"), "--to", box.path("door"), "--faults", "21", "--no-dose",
        ])
        #expect(door.status == 0 || door.errors.contains("--resume"), "\(door.errors)")
        let page = try String(contentsOfFile: box.path("door/report.html"), encoding: .utf8)
        #expect(page.contains("couch drifts or is moved, field 1"))
        let arguments = [
            "deliver", box.path("case"), "--to", box.path("killed"), "--faults", "13", "--no-dose",
        ]
        let killed = try kasane(arguments)
        #expect(killed.status != 0 && killed.errors.contains("--resume goes on"), "\(killed.errors)")
        let part = try FieldHistory(folder: box.path("killed"), fieldNumber: 1)
        #expect(part.standing == .interrupted && part.sessions.first?.log?.isClosed == false)
        let rest = try kasane(arguments + ["--resume"])
        try #require(rest.status == 0, "\(rest.errors)")
        let whole = try FieldHistory(folder: box.path("killed"), fieldNumber: 1)
        #expect(whole.standing == .completed && whole.sessions.count == 2)
        let planned = try #require(part.sessions.compactMap(\.log).first?.header.field)
        let counts = whole.bookings.joined().reduce(0) { $0 + $1.primary }
        #expect(abs(Double(counts) / Double(planned.counts) - 1) < 0.03)
    }
}

/// `kasane deliver total`.
@Suite struct DeliverTotalTests {
    private func kasane(_ arguments: [String]) throws -> KasaneProcess {
        try KasaneProcess.run(
            arguments + ["--data", KasaneProcess.checkout.appendingPathComponent("Data").path])
    }

    @Test func fractionsAddUp() throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let made = try kasane(["plan", box.planFile.path, "--to", box.path("case")])
        try #require(made.status == 0, "\(made.errors)")
        for fraction in ["1", "2"] {
            let run = try kasane([
                "deliver", box.path("case"), "--to", box.path("f\(fraction)"), "--fraction", fraction,
                "--seed", fraction,
            ])
            try #require(run.status == 0, "\(run.errors)")
        }
        let total = try kasane([
            "deliver", "total", box.path("case"), box.path("f1"), box.path("f2"), "--to", box.path("mean"),
        ])
        #expect(total.output.contains("fractions 1, 2"), "\(total.output) \(total.errors)")
        let row = try #require(total.output.split(separator: "\n").first { $0.hasPrefix("CTV") })
        let numbers = row.split(separator: " ").compactMap { Double($0) }
        // D95 delivered and planned so far: monitors and beam off are right within 1 %.
        #expect(numbers.count == 6 && abs(numbers[0] / numbers[1] - 1) < 0.015, "\(row)")
        let evaluated = try kasane(["evaluate", box.path("mean")])
        #expect(evaluated.output.contains("CTV"), "\(evaluated.errors)")
        let twice = try kasane(["deliver", "total", box.path("case"), box.path("f1"), box.path("f1")])
        #expect(twice.status != 0 && twice.errors.contains("given once"), "\(twice.errors)")
        let none = try kasane(["deliver", "total", box.path("case"), box.path("case")])
        #expect(none.status != 0 && none.errors.contains("no fraction here"), "\(none.errors)")
    }
}
