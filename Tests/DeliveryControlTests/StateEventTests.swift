import DeliveryControl
import Foundation
import Testing

/// Every state with every event, against the table that people read.
struct StateEventTests {
    /// Cells of all tables of the page.
    static let rows: [[String]] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/components/delivery-control.md")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }()

    /// The table of states and events: `[event][state]`.
    static let page: [String: [String: String]] = {
        guard let header = rows.first(where: { $0.first == "event" }) else { return [:] }
        var table: [String: [String: String]] = [:]
        for cells in rows where cells.count == header.count && cells.first != "event" {
            table[cells[0]] = Dictionary(uniqueKeysWithValues: zip(header.dropFirst(), cells.dropFirst()))
        }
        return table
    }()

    /// One event of each kind, as it comes in life; some kinds in two forms.
    static let events = [
        "load", "setup agrees", "setup differs", "start", "layerReady", "beamUnavailable", "beamAvailable",
        "magnetsSettled", "permit", "withdrawn gate", "withdrawn other", "recorded", "sample",
        "sample at preset",
        "beamSeen on", "beamSeen off", "tick", "fault", "cleared", "interrupt", "terminate", "reset",
        "override",
    ]

    static func event(_ name: String, _ harness: inout ControlHarness) -> FieldEvent {
        switch name {
        case "load": return .load(ControlHarness.field(), approvedHash: "hash", from: .beginning)
        case "setup agrees": return .setup(harness.good)
        case "setup differs":
            var readings = harness.good
            readings.setup.couchMM.x += 5
            return .setup(readings)
        case "start": return .start(token: harness.token)
        case "layerReady": return .layerReady(harness.readings(), counters: harness.counters)
        case "beamUnavailable": return .beamUnavailable
        case "beamAvailable": return .beamAvailable(harness.readings())
        case "magnetsSettled": return .magnetsSettled(visit: harness.control.visit)
        case "permit": return .permit(.gate, until: harness.time.after(1_000_000_000_000))
        case "withdrawn gate": return .withdrawn(.gate)
        case "withdrawn other": return .withdrawn(.beamLine)
        case "recorded": return .recorded(through: harness.time)
        case "sample": return .sample(harness.count(10))
        case "sample at preset": return .sample(harness.count(500))
        case "beamSeen on": return .beamSeen(true, harness.counters)
        case "beamSeen off": return .beamSeen(false, harness.counters)
        case "tick": return .tick
        case "fault": return .fault(.spotPosition)
        case "cleared": return .cleared(.spotPosition)
        case "interrupt": return .interrupt
        case "terminate": return .terminate
        case "reset":
            return .reset(.operatorInterrupt, by: [RightHolder(id: "T", right: .therapist)])
        case "override":
            return .override(
                .imaging,
                by: [RightHolder(id: "T", right: .therapist), RightHolder(id: "U", right: .therapist)],
                reason: "seen")
        default: fatalError(name)
        }
    }

    /// What happened, in the page's words: new state or `=`, `refused`, beam commands, interlock.
    static func words(_ phase: FieldControl.Phase, _ commands: [FieldCommand], before: FieldControl.Phase)
        -> String
    {
        var words = [phase == before ? "=" : phase.rawValue]
        if commands.contains(where: { if case .refused = $0 { true } else { false } }) {
            words.append("refused")
        }
        if commands.contains(.beamOn) { words.append("on") }
        if commands.contains(.beamOff) { words.append("off") }
        if commands.contains(.cut) { words.append("cut") }
        words += ControlHarness.interlocks(commands).map { "\($0)" }
        return words.joined(separator: " ")
    }

    static func answer(_ name: String, in phase: FieldControl.Phase) -> String {
        var harness = ControlHarness()
        harness.lead(to: phase)
        guard harness.control.phase == phase else { return "not reached: \(harness.control.phase)" }
        let event = event(name, &harness)
        // As long as the counts take.
        let commands = harness.send(event, after: name.hasPrefix("sample") ? 500_000 : 1000)
        return words(harness.control.phase, commands, before: phase)
    }

    @Test(arguments: events)
    func pair(name: String) throws {
        let row = try #require(Self.page[name], "docs/components/delivery-control.md has no row \(name)")
        for phase in FieldControl.Phase.allCases {
            #expect(row[phase.rawValue] == Self.answer(name, in: phase), "\(name) in \(phase)")
        }
    }

    @Test func everyKindHasARow() {
        for kind in FieldEvent.Kind.allCases {
            #expect(Self.events.contains { $0.hasPrefix(kind.rawValue) }, "\(kind)")
        }
        #expect(Set(Self.page.keys).isSuperset(of: Self.events))
    }
}
