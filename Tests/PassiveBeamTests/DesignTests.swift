import FacilityModel
import Frames
import IonPhysics
import PassiveBeam
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import Radiobiology
import TestSupport
import Testing
import Volumes

@Suite struct TargetProfileTests {
    @Test func aSphereInWaterGivesItsChord() async throws {
        let images = Phantom.images(sizeMM: SIMD3(repeating: 120), spacingMM: 2)
        let target = Phantom.target(on: images.geometry) { ($0 * $0).sum() < 25 * 25 }
        let geometry = FieldGeometry(
            field: Phantom.field, patientPosition: .headFirstSupine, sourceDistancesMM: SIMD2(repeating: 1e7))
        let profile = try await TargetProfile.trace(
            target: target, name: "T", images: images, geometry: geometry, settings: PassiveBeamSettings(),
            threads: 2)
        for (r, chord) in [(0.0, 25.0), (15, 20), (20, 15)] {
            let hit = try #require(profile.hits.first { abs($0.uv.x - r) < 0.01 && abs($0.uv.y) < 0.01 })
            expectClose(hit.span.proximalMM, 60 - chord, absolute: 1.2, because: "voxels of 2 mm")
            expectClose(hit.span.distalMM, 60 + chord, absolute: 1.2, because: "voxels of 2 mm")
        }
        expectClose(
            Double(profile.hits.count), .pi * 625, relative: 0.03, because: "area of the disc, 1 mm lattice")
    }

    @Test func whatIsMissingIsRefused() async throws {
        let images = Phantom.images(sizeMM: SIMD3(repeating: 40), spacingMM: 4)
        let geometry = FieldGeometry(
            field: Phantom.field, patientPosition: .headFirstSupine, sourceDistancesMM: SIMD2(repeating: 1e4))
        let empty = StructureMask(geometry: images.geometry, indices: [], shares: [])
        await #expect(throws: PassiveBeamError.emptyTarget(name: "T")) {
            try await TargetProfile.trace(
                target: empty, name: "T", images: images, geometry: geometry, settings: PassiveBeamSettings(),
                threads: 1)
        }
        let wide = Phantom.target(on: Phantom.grid(sizeMM: SIMD3(repeating: 80), spacingMM: 4)) { _ in true }
        await #expect(throws: PassiveBeamError.targetOutsideImage(name: "T")) {
            try await TargetProfile.trace(
                target: wide, name: "T", images: images, geometry: geometry, settings: PassiveBeamSettings(),
                threads: 1)
        }
    }
}

/// A target of 40 × 40 mm whose distal depth steps from 100 to 80 mm at x = 0.
private let stepped = TargetProfile(
    firstMM: SIMD2(-25, -25), pitchMM: 1, columnCount: 51, rowCount: 51,
    spans: (0..<(51 * 51)).map { i in
        let (x, y) = (i % 51 - 25, i / 51 - 25)
        guard abs(x) <= 20, abs(y) <= 20 else { return nil }
        return TargetProfile.Span(proximalMM: 50, distalMM: x < 0 ? 100 : 80)
    })

@Suite struct BolusDesignTests {
    private static func design(
        smearing: Double, tool: Double = 0.1, blank: Double = 100
    ) throws -> BolusDesign {
        try BolusDesign(
            profile: stepped,
            blank: .init(
                material: "polyethylene", distanceMM: 300, leastThicknessMM: 3, greatestThicknessMM: blank,
                toolDiameterMM: tool), baseMM: 4, smearingMM: smearing, reachMM: 10, sourceMM: 10_000,
            pitchMM: 1)
    }

    @Test func theThicknessMakesUpForTheDepth() throws {
        let design = try Self.design(smearing: 0)
        let ratio = MaterialProperties(.polyethylene).stoppingPowerRatio
        expectClose(
            design.bolus.thicknessMM(at: SIMD2(-10, 0)), 4, absolute: 1e-9, because: "deepest: the base")
        expectClose(
            design.bolus.thicknessMM(at: SIMD2(10, 0)), 4 + 20 / ratio, absolute: 1e-9,
            because: "20 mm of water")
        expectClose(
            design.bolus.thicknessMM(at: SIMD2(28, 5)), 4 + 20 / ratio, absolute: 1e-9,
            because: "beyond the target as at its nearest ray")
    }

    @Test func smearingMovesTheStepByItsRadius() throws {
        let design = try Self.design(smearing: 5)
        #expect(design.bolus.thicknessMM(at: SIMD2(4, 0)) < 5)
        #expect(design.bolus.thicknessMM(at: SIMD2(6, 0)) > 20)
    }

    /// A hollow narrower than the tool is widened to it, never left too thick.
    @Test func theToolReachesEveryHollow() throws {
        let design = try Self.design(smearing: 1, tool: 10)
        let atIsocentre = 5 * 10_000 / 9_700.0
        expectClose(design.smearingMM, atIsocentre, relative: 1e-9, because: "radius of the tool, projected")
        let bolus = design.bolus
        // Opening by the tool's disc changes nothing: every point lies in a disc cut as deep as itself.
        let radius = Int(atIsocentre)
        for row in stride(from: radius, to: bolus.rowCount - radius, by: 3) {
            for column in stride(from: radius, to: bolus.columnCount - radius, by: 3) {
                let own = bolus.thicknessMM[row * bolus.columnCount + column]
                var reachable = false
                for dy in -radius...radius {
                    for dx in -radius...radius where dx * dx + dy * dy <= radius * radius {
                        let (y, x) = (row + dy, column + dx)
                        guard y >= radius, x >= radius, y + radius < bolus.rowCount,
                            x + radius < bolus.columnCount
                        else {
                            reachable = true
                            continue
                        }
                        reachable = reachable || Self.thickest(bolus, x, y, radius) <= own + 1e-9
                    }
                }
                #expect(reachable, "(\(column), \(row))")
            }
        }
    }

    private static func thickest(_ bolus: Bolus, _ x: Int, _ y: Int, _ radius: Int) -> Double {
        var most = 0.0
        for dy in -radius...radius {
            for dx in -radius...radius where dx * dx + dy * dy <= radius * radius {
                most = max(most, bolus.thicknessMM[(y + dy) * bolus.columnCount + x + dx])
            }
        }
        return most
    }

    @Test func aBlankThatIsTooThinIsRefused() {
        #expect {
            _ = try Self.design(smearing: 0, blank: 15)
        } throws: {
            guard case .bolusTooThick(let needed, 15) = $0 as? PassiveBeamError else { return false }
            return needed > 20
        }
    }
}

@Suite struct CollimatorDesignTests {
    private static let leaves = PassiveNozzle.Collimator(
        distanceMM: 500, leafWidthMM: 2.5, leafPairCount: 60, travelMM: -40...80)
    private static let disc: [SIMD2<Double>] = (0..<(61 * 61)).compactMap { i in
        let p = SIMD2(Double(i % 61 - 30), Double(i / 61 - 30))
        return (p * p).sum() <= 900 ? p : nil
    }

    @Test func aDiscGetsItsMarginEverywhere() throws {
        let opening = try CollimatorDesign.opening(
            rays: Self.disc, marginMM: 5, collimator: Self.leaves, sourceMM: 10_500)
        let width = opening.boundariesMM[1] - opening.boundariesMM[0]
        expectClose(width, 2.5 * 1.05, relative: 1e-12, because: "projected from 10.5 m")
        expectClose(
            opening.areaMM2, .pi * 35 * 35, relative: 0.05,
            because: "leaves stand outside the circle by up to their width")
        #expect(opening.areaMM2 > .pi * 35 * 35)
        for (pair, ends) in opening.pairsMM.enumerated() where ends.y > ends.x {
            let (low, high) = (opening.boundariesMM[pair], opening.boundariesMM[pair + 1])
            let aside = low <= 0 && high >= 0 ? 0 : min(abs(low), abs(high))
            // At the very tips few rays of the lattice remain.
            guard aside < 33 else { continue }
            expectClose(
                ends.y, max(0, 35 * 35 - aside * aside).squareRoot(), absolute: 0.7,
                because: "circle of radius 35, rays 1 mm apart")
            #expect(ends.x == -ends.y)
        }
    }

    @Test func theOpenShareIsTheOverlap() {
        let opening = LeafOpening(
            boundariesMM: [-4, 0, 4], pairsMM: [SIMD2(-10, 10), SIMD2(0, 5)])
        expectClose(
            opening.openShare(centre: SIMD2(0, 0), size: SIMD2(4, 4)), 0.75, absolute: 1e-12,
            because: "half and quarter")
        #expect(opening.openShare(centre: SIMD2(20, 0), size: SIMD2(2, 2)) == 0)
        expectClose(opening.areaMM2, 80 + 20, absolute: 1e-12, because: "two rectangles")
    }

    @Test func whatLeavesCannotDoIsRefused() {
        #expect(throws: PassiveBeamError.self) {
            try CollimatorDesign.opening(
                rays: [SIMD2(90, 0)], marginMM: 5, collimator: Self.leaves, sourceMM: 10_500)
        }
        #expect(throws: PassiveBeamError.self) {
            try CollimatorDesign.opening(
                rays: [SIMD2(0, 78)], marginMM: 5, collimator: Self.leaves, sourceMM: 10_500)
        }
        // The left leaf may cross the axis by 40 mm at the collimator, not more.
        #expect(throws: PassiveBeamError.self) {
            try CollimatorDesign.opening(
                rays: [SIMD2(55, 0)], marginMM: 5, collimator: Self.leaves, sourceMM: 10_500)
        }
    }
}

@Suite struct RangeShifterChoiceTests {
    private static let stack = PassiveNozzle.RangeShifterStack(
        material: "pmma", platesMM: [0.5, 1, 2, 4, 8, 16, 32], distanceMM: 1000)

    @Test func binaryPlatesComeWithinTheSmallest() throws {
        let ratio = MaterialProperties(.pmma).stoppingPowerRatio
        for wanted in stride(from: 0.0, through: 73, by: 3.7) {
            let choice = try RangeShifterChoice(atMost: wanted, of: Self.stack)
            #expect(choice.waterMM <= wanted + 1e-5 && choice.waterMM > wanted - 0.5 * ratio - 1e-9)
            expectClose(
                choice.platesMM.reduce(0, +) * ratio, choice.waterMM, absolute: 1e-9, because: "sum of plates"
            )
        }
        #expect(try RangeShifterChoice(atMost: 0, of: Self.stack).platesMM.isEmpty)
    }

    @Test func moreThanAllPlatesIsRefused() {
        #expect(throws: PassiveBeamError.self) { try RangeShifterChoice(atMost: 90, of: Self.stack) }
    }
}

@Suite struct PassiveScalingTests {
    @Test func oneFieldGivesThePrescription() throws {
        let centre = PassiveScaling.CentreDose(dose: 2, doseZStar: 90)
        let factor = try PassiveScaling.factors(
            doses: [[centre]], prescribed: .init(4), biology: .clinicalMKM(.nirs2015), numbers: [1])[0]
        let dose = ClinicalDose.of(factor, centre)
        expectClose(dose, 4, relative: 1e-9, because: "scaled to it")
    }

    @Test func twoFieldsGiveItTogetherInEqualShares() throws {
        let (strong, weak) = (
            PassiveScaling.CentreDose(dose: 3, doseZStar: 100),
            PassiveScaling.CentreDose(dose: 1, doseZStar: 50)
        )
        let factors = try PassiveScaling.factors(
            doses: [[strong, strong], [weak, weak]], prescribed: .init(4), biology: .clinicalMKM(.nirs2015),
            numbers: [1, 2])
        let both = PassiveScaling.CentreDose(
            dose: factors[0] * 3 + factors[1], doseZStar: factors[0] * 100 + factors[1] * 50)
        expectClose(
            ClinicalDose.of(1, both), 4, relative: 1e-9, because: "the sum counts, not the sum of RBE doses")
        #expect(factors[1] > factors[0])
    }

    @Test func aFieldWithoutDoseIsRefused() {
        #expect(throws: PassiveBeamError.noDoseAtCentre(field: 7)) {
            try PassiveScaling.factors(
                doses: [[.init(dose: 0, doseZStar: 0)]], prescribed: .init(4), biology: .physical,
                numbers: [7])
        }
    }
}
