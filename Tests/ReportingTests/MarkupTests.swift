import Reporting
import Testing

@Suite struct MarkupTests {
    @Test func escapesWhatHasAMeaning() {
        #expect(
            Markup.escaped("<script>alert('x') & \"y\"</script>")
                == "&lt;script&gt;alert(&#39;x&#39;) &amp; &quot;y&quot;&lt;/script&gt;")
    }

    @Test func replacesCharactersThatXMLForbids() {
        #expect(Markup.escaped("a\u{0}b\u{1B}c\td") == "a\u{FFFD}b\u{FFFD}c\td")
        #expect(Markup.escaped("山形 α/β") == "山形 α/β")
    }

    @Test(arguments: [
        (1.0, "1"), (-0.004, "0"), (12.345, "12.35"), (12.3, "12.3"), (-3.05, "-3.05"), (.nan, "0"),
        (1e9, "0"),
    ])
    func roundsCoordinates(value: Double, expected: String) {
        #expect(Markup.coordinate(value) == expected)
    }

    @Test func makesTextSafeInAStyleSheet() {
        let text = StyleSheet.string("x\"; } </style><script>")
        #expect(!text.dropFirst().dropLast().contains("\""))
        #expect(!text.contains("<") && !text.contains(";") && !text.contains("}"))
    }
}
