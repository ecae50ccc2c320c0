import Reporting
import Testing

@Suite struct ColourMapTests {
    @Test(arguments: [ColourMap.plasma, .viridis])
    func lightnessRisesAlongTheMap(map: ColourMap) {
        let luminances = (0...64).map { map.colour(at: Double($0) / 64).luminance }
        for (a, b) in zip(luminances, luminances.dropFirst()) { #expect(b > a) }
    }

    @Test func endsAndMiddleAreAsPublished() {
        // matplotlib 3: plasma(0), plasma(128/255) and plasma(255) are 0d0887, cc4778 and f0f921.
        #expect(ColourMap.plasma.colour(at: 0).css == "#0d0887")
        #expect(ColourMap.plasma.colour(at: 0.5).css == "#cc4778")
        #expect(ColourMap.plasma.colour(at: 1).css == "#f0f921")
        #expect(ColourMap.plasma.colour(at: -3).css == "#0d0887")
        #expect(ColourMap.plasma.colour(at: .nan).css == "#0d0887")
    }

    @Test func linesOnWhiteCanBeRead() {
        for colour in [Colour(255, 234, 0), Colour(255, 255, 255), Colour(0, 255, 255), Colour(10, 20, 30)] {
            #expect(colour.readableOnWhite.contrastWithWhite >= 3)
        }
        #expect(Colour(10, 20, 30).readableOnWhite == Colour(10, 20, 30))
    }
}
