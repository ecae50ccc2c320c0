import BeamOptics
import TestSupport
import Testing

@Suite struct OpticsMatchingTests {
    @Test func tunesAndChromaticitiesAreReached() throws {
        let start = try PIMMSRing.lattice(strengths: (0.31, -0.52, 0.523))
        let tuned = try OpticsMatching(
            knobs: ["qf1k1", "qdk1"], targets: [.tune(0, 1.665997), .tune(1, 1.720026)]
        ).match(start)
        let optics = try LinearOptics.ring(BeamLineMap(tuned))
        expectClose(optics.tunes.x, 1.665997, absolute: 2e-7, because: "tolerance of the target")
        expectClose(optics.tunes.y, 1.720026, absolute: 2e-7, because: "tolerance of the target")
        let corrected = try OpticsMatching(
            knobs: ["k2xcf", "k2xcd"], targets: [.chromaticity(0, -0.2), .chromaticity(1, -0.3)]
        ).match(tuned)
        let values = try Chromaticity.ring(corrected).values
        expectClose(values.x, -0.2, absolute: 2e-4, because: "tolerance of the target")
        expectClose(values.y, -0.3, absolute: 2e-4, because: "tolerance of the target")
    }

    @Test func whatCannotBeReachedIsNamed() throws {
        let ring = try PIMMSRing.lattice()
        #expect(throws: BeamOpticsError.unknownFamily("nothing")) {
            try OpticsMatching(knobs: ["nothing"], targets: [.tune(0, 1.6)]).match(ring)
        }
        let error = #expect(throws: BeamOpticsError.self) {
            try OpticsMatching(knobs: ["qf1k1"], targets: [.tune(0, 1.66), .tune(1, 1.2)]).match(ring)
        }
        #expect(String(describing: try #require(error)).contains("Q"))
    }
}
