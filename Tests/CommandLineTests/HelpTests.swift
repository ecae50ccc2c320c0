import Testing

@Suite struct HelpTests {
    @Test func topLevelHelpSaysWhatItIs() throws {
        let help = try KasaneProcess.run(["--help"])
        #expect(help.status == 0)
        let words = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("not a medical device"))
    }

    @Test func unknownCommandIsAUsageError() throws {
        let result = try KasaneProcess.run(["no-such-command"])
        #expect(result.status == 64)
        #expect(result.errors.contains("no-such-command"))
    }
}
