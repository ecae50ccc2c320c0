import CaseFiles
import Testing

/// Readers of text get random damage; they may refuse it or read it, but must come back.
@Suite struct DamagedTextTests {
    /// Linear congruential numbers, the same in every run (Knuth's MMIX constants).
    struct Sequence64 {
        var state: UInt64
        mutating func next(below count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
    }

    /// Bytes swapped, removed, doubled or replaced by signs that matter to YAML, JSON and numbers.
    static func damaged(_ text: String, seed: UInt64) -> String {
        var random = Sequence64(state: seed)
        var bytes = Array(text.utf8)
        let signs = Array("{}[]:,-#&*!|>'\"%@`\n \t0.eE9~\u{0}\u{7f}".utf8)
        for _ in 0...random.next(below: 4) {
            let place = random.next(below: bytes.count)
            switch random.next(below: 5) {
            case 0: bytes[place] = signs[random.next(below: signs.count)]
            case 1: bytes.insert(signs[random.next(below: signs.count)], at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeSubrange(place..<min(place + random.next(below: 200), bytes.count))
            default:
                let end = min(place + random.next(below: 200), bytes.count)
                bytes.insert(contentsOf: bytes[place..<end], at: random.next(below: bytes.count))
            }
            if bytes.isEmpty { return "" }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How many of the damaged texts were refused; the rest was read.
    func refused(_ text: String, count: UInt64, read: (String) throws -> Void) -> Int {
        (0..<count).reduce(0) { sum, seed in
            do {
                try read(Self.damaged(text, seed: seed))
                return sum
            } catch let error as InvalidFile {
                #expect(!error.findings.isEmpty && error.description.hasPrefix("x"))
                return sum + 1
            } catch {
                Issue.record("another error than InvalidFile: \(error)")
                return sum
            }
        }
    }

    @Test func planFiles() {
        let refused = refused(wholePlan, count: 1500) { _ = try PlanFile.read(text: $0, file: "x") }
        #expect(refused > 750)
    }

    @Test func machineFiles() throws {
        let refused = refused(try machineText(), count: 300) {
            _ = try MachineFile.read(text: $0, file: "x")
        }
        #expect(refused > 100)
    }

    @Test func calibrationCurves() {
        let curve = "HU,SPR,scattering\n-1000,0.001,0.001\n0,1,1\n1000,1.5,1.7\n3000,2.5,3\n"
        let refused = refused(curve, count: 1500) { _ = try CalibrationFile.read(text: $0, file: "x") }
        #expect(refused > 500)
    }
}
