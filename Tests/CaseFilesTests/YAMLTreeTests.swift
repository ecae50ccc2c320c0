import CaseFiles
import Foundation
import Testing

@Suite struct YAMLTreeTests {
    @Test func keysKeepTheirOrderAndTextStaysText() throws {
        let text = try YAMLTree.map([
            .init("format", .text("kasane-test")), .init("version", .integer(1)),
            .init("uid", .text("1.2")), .init("yes", .text("no")), .init("flag", .flag(false)),
            .init("nothing", .null), .init("infinite", .number(.infinity)), .init("number", .number(0.1)),
            .init("list", .list([.integer(1), .text("α \"β\": γ # δ\n")])),
            .init("empty", .list([])),
            .init("map", .map([.init("z", .number(1e-20)), .init("a", .number(2))])),
        ]).text()
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "format: \"kasane-test\"" && lines[1] == "version: 1")
        #expect(lines[2] == "uid: \"1.2\"" && lines[3] == "yes: \"no\"")
        #expect(text.contains("flag: false") && text.contains("nothing: null"))
        #expect(text.contains("infinite: null"), "YAML has .inf, but no reader should compute with it")
        #expect(text.contains("number: 0.1") && text.contains("z: 1e-20"))
        #expect(text.contains("α \\\"β\\\": γ # δ\\n"))
        #expect(text.contains("empty: []"))
        let (z, a) = (text.range(of: "z:"), text.range(of: "a: 2"))
        let (first, second) = (try #require(z), try #require(a))
        #expect(first.lowerBound < second.lowerBound, "keys keep their order")
    }
}
