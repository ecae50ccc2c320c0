import Reporting
import Testing

@Suite struct ComparisonPictureTests {
    @Test func everyPlanIsNamedAndAxesHaveUnits() {
        let picture = ComparisonPicture.doseVolume(
            [("himac", [[0, 1], [58, 0.97], [62, 0]]), ("yamagata", [[0, 1], [57, 0.95], [63, 0]])],
            structure: "CTV",
            name: "c")
        for word in ["himac", "yamagata", "RBE-weighted dose (Gy (RBE))", "Volume (%)"] {
            #expect(picture.fileContents.contains(word), "\(word)")
        }
    }
}
