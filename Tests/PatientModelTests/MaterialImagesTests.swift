import Frames
import PatientModel
import TestSupport
import Testing
import Volumes

@Suite struct HounsfieldConversionTests {
    @Test func schneiderCoversScannerAirToTheLargestNumber() throws {
        let conversion = HounsfieldConversion.schneider
        #expect(conversion.properties(hounsfield: -1025) == nil)
        #expect(conversion.properties(hounsfield: -1024) == conversion.properties(hounsfield: -1000))
        #expect(conversion.properties(hounsfield: 2995) == conversion.properties(hounsfield: 32767))
        let titanium = try #require(conversion.properties(hounsfield: 3071))
        // Ti 4.54 g/cm³: rho_e 3.76 times L(263 eV)/L(75 eV) = 0.86; published SPR of titanium is 3.2.
        expectClose(titanium.stopping, 3.2, relative: 0.03, because: "published value to two digits")
    }

    @Test func curveIsLinearAndTakesTheRestFromTheTissueModel() throws {
        let curve = CalibrationCurve(
            name: "clinic.csv",
            points: [
                .init(hounsfield: -1000, stopping: 0.001), .init(hounsfield: 0, stopping: 1),
                .init(hounsfield: 1000, stopping: 1.5),
            ])
        let conversion = try HounsfieldConversion(curve)
        #expect(conversion.domain == -1000...1000)
        let bone = try #require(conversion.properties(hounsfield: 500))
        expectClose(bone.stopping, 1.25, absolute: 1e-12, because: "linear")
        let tissue = try #require(HounsfieldConversion.schneider.properties(hounsfield: 500))
        expectClose(
            bone.scattering / bone.stopping, tissue.scattering / tissue.stopping, relative: 1e-12,
            because: "the tissue model's ratio")
        #expect(conversion.properties(hounsfield: 1001) == nil)
    }

    @Test func badCurvesAreRefusedAtTheirRow() {
        func error(_ rows: [(Double, Double)]) -> CalibrationCurveError? {
            do {
                _ = try HounsfieldConversion(
                    CalibrationCurve(
                        name: "c", points: rows.map { .init(hounsfield: $0.0, stopping: $0.1) }))
                return nil
            } catch { return error }
        }
        #expect(error([(0, 1)]) == .tooFewPoints("c", count: 1))
        #expect(
            error([(0, 1), (100, 1.1), (100, 1.2)])
                == .hounsfieldNotAscending("c", row: 2, hounsfield: 100))
        #expect(error([(0, 1), (100, 0.9)]) == .stoppingFalls("c", row: 1, hounsfield: 100))
        #expect(error([(0, -1), (100, 0.9)]) == .valueOutOfRange("c", row: 0))
        #expect(error([(0, 1), (100, .nan)]) == .valueOutOfRange("c", row: 1))
    }
}

@Suite struct MaterialImagesTests {
    /// A cube of soft tissue (40 HU) in a couch of 300 HU, with a filling of 3071 HU in it.
    static func phantom(frame: String = "1.2.3", extra: Int16? = nil) -> (CTImage, StructureSet) {
        let geometry = Shapes.grid(SIMD3(20, 20, 10), spacing: SIMD3(2, 2, 3))
        var hounsfield = Volume<Int16>(geometry: geometry, repeating: 300)
        for z in 0..<10 {
            for y in 5..<15 { for x in 5..<15 { hounsfield[x, y, z] = 40 } }
        }
        hounsfield[9, 9, 4] = 3071
        if let extra { hounsfield[8, 7, 6] = extra }
        func box(_ name: String, _ lower: Double, _ upper: Double, _ number: Int) -> Structure {
            Shapes.structure(
                name,
                (0..<10).map {
                    Shapes.rectangle(
                        SIMD2(lower, lower), SIMD2(upper, upper), zMM: Double($0) * 3)
                }, number: number)
        }
        let structures = StructureSet(
            instanceUID: "1", label: "test", frameOfReferenceUID: frame,
            structures: [
                box("External", 9, 29, 1), box("Filling", 17, 21, 2), box("Air", 19, 23, 3),
            ])
        let ct = CTImage(
            hounsfield: hounsfield, patientPosition: .headFirstSupine, seriesInstanceUID: "1",
            studyInstanceUID: "1", sliceInstanceUIDs: [],
            patient: PatientIdentity(id: "1", name: "Test"))
        return (ct, structures)
    }

    func make(
        _ phantom: (CTImage, StructureSet), external: String = "External",
        outside: OutsideExternal = .air, overrides: [MaterialOverride] = [],
        conversion: HounsfieldConversion = .schneider
    ) -> Result<(images: MaterialImages, summary: MaterialImages.Summary), MaterialImagesError> {
        do {
            return .success(
                try MaterialImages.make(
                    ct: phantom.0, conversion: conversion, structures: phantom.1,
                    external: external, outside: outside, overrides: overrides))
        } catch { return .failure(error) }
    }

    func failure(
        _ result: Result<
            (images: MaterialImages, summary: MaterialImages.Summary), MaterialImagesError
        >
    ) -> MaterialImagesError? {
        if case .failure(let error) = result { error } else { nil }
    }

    @Test func outsideTheBodyIsAirUnlessWantedAsImaged() throws {
        let (images, summary) = try make(Self.phantom()).get()
        expectClose(Double(images.stoppingPowerRatio[0, 0, 0]), 0.0011, absolute: 2e-4, because: "air")
        expectClose(
            Double(images.stoppingPowerRatio[6, 6, 0]), 1.0435, absolute: 0.003,
            because: "40 HU: density 1.0498, section 8 of the table")
        #expect(summary.titaniumVoxelCount == 1)
        #expect(summary.hounsfieldInside == 40...3071)
        let imaged = try make(Self.phantom(), outside: .asImaged).get().images
        #expect(imaged.stoppingPowerRatio[0, 0, 0] > 1.1)
    }

    @Test func laterOverrideHoldsWhereTwoOverlap() throws {
        let (images, summary) = try make(
            Self.phantom(),
            overrides: [
                MaterialOverride(structureName: "Filling", replacement: .water),
                MaterialOverride(structureName: "Air", replacement: .air),
            ]
        ).get()
        #expect(images.stoppingPowerRatio[9, 9, 4] == 1)
        #expect(images.scatteringRatio[9, 9, 4] == 1)
        #expect(images.stoppingPowerRatio[10, 10, 4] < 0.01)
        // Two voxels by two in ten slices each; one voxel column is shared.
        #expect(summary.overriddenVoxelCounts == [30, 40])
        #expect(summary.contestedVoxelCount == 10)
        #expect(summary.titaniumVoxelCount == 0)
    }

    @Test func missingStructuresAndAnotherFrameAreRefused() {
        let phantom = Self.phantom()
        #expect(
            failure(make(phantom, external: "Body"))
                == .noSuchStructure(
                    "Body", role: .external, existing: ["External", "Filling", "Air"]))
        let wrong = [MaterialOverride(structureName: "Fillling", replacement: .water)]
        #expect(
            failure(make(phantom, overrides: wrong))
                == .noSuchStructure(
                    "Fillling", role: .override, existing: ["External", "Filling", "Air"]))
        #expect(
            failure(make(Self.phantom(frame: "9")))
                == .anotherFrameOfReference(image: "1.2.3", structures: "9"))
    }

    @Test func curveThatDoesNotCoverTheImageSaysWhere() throws {
        let curve = try HounsfieldConversion(
            CalibrationCurve(
                name: "short",
                points: [
                    .init(hounsfield: -1000, stopping: 0), .init(hounsfield: 2000, stopping: 2),
                ]))
        #expect(
            failure(make(Self.phantom(), conversion: curve))
                == .outsideCurve(
                    conversion: "short", hounsfield: 3071, domain: -1000...2000,
                    at: Point3(18, 18, 12)))
        #expect(
            failure(make(Self.phantom(extra: -3024)))
                == .outsideCurve(
                    conversion: "Schneider 2000", hounsfield: -3024, domain: -1024...32767,
                    at: Point3(16, 14, 18)))
        let override = [MaterialOverride(structureName: "Filling", replacement: .hounsfield(2500))]
        #expect(
            failure(make(Self.phantom(), overrides: override, conversion: curve))
                == .overrideOutsideCurve("Filling", hounsfield: 2500, domain: -1000...2000))
    }
}

@Suite struct DoseGridTests {
    @Test func gridCoversTheStructureOnTheLatticeOfTheCT() throws {
        let (ct, structures) = MaterialImagesTests.phantom()
        let external = try #require(structures.structure(named: "External"))
        let grid = try DoseGrid.covering(
            external, in: ct.geometry, spacingMM: SIMD3(3, 3, 3), marginMM: 1)
        #expect(grid.lowerCorner.x <= 8 && grid.upperCorner.x >= 30)
        #expect(grid.dimensions == SIMD3(8, 8, 10))
        let steps = (grid.lowerCorner.mm - ct.geometry.lowerCorner.mm) / 3
        for axis in 0..<3 {
            expectClose(
                steps[axis], steps[axis].rounded(), absolute: 1e-9, because: "whole steps")
        }
        #expect(try StructureMask.rasterise(external, on: grid).volumeOutsideGridCM3 == 0)
    }

    /// With the corner of another dose, the voxels are that dose's, also where it ends.
    @Test func gridSharesTheVoxelsOfAnotherDose() throws {
        let (ct, structures) = MaterialImagesTests.phantom()
        let external = try #require(structures.structure(named: "External"))
        let spacing = SIMD3(2.5, 3.1, 1.7)
        let corner = Point3<DICOMPatient>(15.3, 14.9, 16.1)
        let grid = try DoseGrid.covering(
            external, in: ct.geometry, spacingMM: spacing, marginMM: 0, sharingCorner: corner)
        let steps = (grid.lowerCorner.mm - corner.mm) / spacing
        for axis in 0..<3 {
            expectClose(steps[axis], steps[axis].rounded(), absolute: 1e-9, because: "whole steps")
        }
        #expect(steps.min() < -1, "it reaches before the corner")
        #expect(try StructureMask.rasterise(external, on: grid).volumeOutsideGridCM3 == 0)
    }
}
