import Reporting
import Testing

struct FaultPictureTests {
    private static func picture(rows: [FaultPicture.Row]) -> String {
        FaultPicture(
            title: "A <fault>", rangeMS: -1...4, rate: [SIMD2(-1, 2e8), SIMD2(0, 4e9), SIMD2(1, 0)],
            askedRate: [SIMD2(-1, 2e8), SIMD2(4, 2e8)], counts: [SIMD2(-1, -50), SIMD2(1, 20)],
            trueCounts: [SIMD2(-1, -50), SIMD2(1, 900)], rows: rows
        ).picture.fileContents
    }

    @Test func saysWhatIsDrawn() {
        let text = Self.picture(rows: [
            .init(
                name: "state",
                bars: [
                    .init(rangeMS: -50...0.5, label: "irradiating"),
                    .init(rangeMS: 0.5...900, label: "interrupted"),
                ]), .init(name: "intensityHigh", bars: [.init(rangeMS: 0.5...900, label: "latched")]),
        ])
        for word in [
            "A &lt;fault&gt;", "Time since the fault (ms)", "Rate (10⁹ ions/s)", "Counts over preset",
            "irradiating", "interrupted", "intensityHigh", "latched", "preset", "first monitor",
        ] { #expect(text.contains(word), "\(word)") }
        #expect(!text.contains("nan") && !text.contains("inf\""))
    }

    /// A bar outside is not drawn, a short one has no text.
    @Test func barsStayInside() {
        let text = Self.picture(rows: [
            .init(
                name: "row",
                bars: [
                    .init(rangeMS: 10...20, label: "outside"), .init(rangeMS: 1...1.01, label: "short"),
                ])
        ])
        #expect(!text.contains("outside") && !text.contains("short"))
    }
}
