import Frames
import IonPhysics
import PatientModel
import TestSupport
import Testing

@Suite struct SchneiderTissuesTests {
    @Test func sectionsCoverTheScaleInOrder() {
        let sections = SchneiderTissues.sections
        #expect(sections.count == 25)
        for (a, b) in zip(sections, sections.dropFirst()) {
            #expect(a.fromHounsfield < b.fromHounsfield)
        }
        for section in sections {
            expectClose(
                section.material.components.reduce(0) { $0 + $1.massFraction }, 1, absolute: 1e-12,
                because: "normalised")
        }
    }

    @Test func densityFollowsTheSevenPieces() {
        // Values of the published piecewise formula, worked out by hand.
        for (hounsfield, density) in [
            (-1024, 0.00121), (-1000, 0.00121), (-535, 0.4800), (-68, 0.9573), (0, 1.018),
            (18, 1.03), (49, 1.0603), (1450, 1.8754), (2247, 2.3245), (3071, 4.54),
        ] {
            expectClose(
                SchneiderTissues.densityGPerCM3(hounsfield: hounsfield), density, absolute: 1e-4,
                because: "four digits typed")
        }
        #expect(SchneiderTissues.material(hounsfield: 3000).name == "titanium")
        #expect(SchneiderTissues.material(hounsfield: -97).name == "tissue 3")
        #expect(SchneiderTissues.material(hounsfield: -83).name == "tissue 4")
    }
}

@Suite struct RelativePropertiesTests {
    /// Computed outside this project (another Bethe, scattering length and fragmentation code on the same
    /// compositions, at the middle of each section): CT number, stopping, scattering, nuclear ratio.
    static let independent: [(Int, Double, Double, Double)] = [
        (-535, 0.4762, 0.4737, 0.4773), (-68, 0.9736, 0.8200, 1.0276),
        (-8, 1.0163, 0.9246, 1.0483), (49, 1.0527, 1.0365, 1.0587),
        (100, 1.1026, 1.0795, 1.1098), (160, 1.0974, 1.0878, 1.1165),
        (450, 1.2255, 1.4328, 1.1938), (750, 1.3581, 1.7893, 1.2741),
        (1150, 1.5324, 2.2738, 1.3755), (1450, 1.6641, 2.6349, 1.4535),
    ]

    @Test(arguments: independent)
    func ratiosAgreeWithAnIndependentCode(
        hounsfield: Int, stopping: Double, scattering: Double, nuclear: Double
    ) throws {
        let found = try #require(HounsfieldConversion.schneider.properties(hounsfield: hounsfield))
        expectClose(
            found.stopping, stopping, relative: 0.003,
            because: "rounding of compositions to three digits")
        expectClose(
            found.scattering, scattering, relative: 0.005, because: "rounding of compositions to three digits"
        )
        expectClose(
            found.nuclear, nuclear, relative: 0.025,
            because: "two parametrisations of the cross sections on H and Ca differ by 4 %")
    }

    @Test func waterIsOne() {
        let water = RelativeProperties(Material.water)
        expectClose(water.stopping, 1, absolute: 1e-12, because: "definition")
        expectClose(water.scattering, 1, absolute: 1e-12, because: "definition")
        expectClose(water.nuclear, 1, absolute: 1e-12, because: "definition")
    }
}
