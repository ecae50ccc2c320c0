import DICOMFile
import DICOMRadiotherapy
import Foundation
import PatientModel
import PlanModel
import Testing
import Volumes

@Suite struct DICOMCatalogueTests {
    @Test func listsSeriesAndWhatCannotBeRead() throws {
        let scratch = try Scratch()
        let written = try Samples.writeCase(to: scratch)
        try FileManager.default.createDirectory(
            atPath: scratch.file("deeper/still"), withIntermediateDirectories: true)
        try CTWriter.write(
            ct: Samples.ct(slices: 3), description: "old scan", to: scratch.file("deeper/still"))
        try Data("hello".utf8).write(to: URL(fileURLWithPath: scratch.file("readme.txt")))
        try Data(count: 128).write(to: URL(fileURLWithPath: scratch.file(".hidden")))
        var broken = Data(count: 128)
        broken.append(Data("DICM and then nonsense".utf8))
        try broken.write(to: URL(fileURLWithPath: scratch.file("broken.dcm")))

        let catalogue = try DICOMCatalogue.scan(folder: scratch.path)
        #expect(catalogue.series.map(\.modality) == ["CT", "CT", "RTDOSE", "RTDOSE", "RTPLAN", "RTSTRUCT"])
        let ct = try #require(catalogue.series(uid: written.ct.seriesInstanceUID))
        #expect(ct.objects.map(\.file) == written.slices)
        #expect(ct.patient == written.ct.patient)
        #expect(ct.frameOfReferenceUID == written.ct.geometry.frameOfReferenceUID)
        #expect(
            catalogue.series(modality: "CT").contains {
                $0.description == "old scan" && $0.objects.count == 3
            })
        let set = try #require(catalogue.series(modality: "RTSTRUCT").first?.objects.first)
        #expect(set.label == "Planning" && set.references == [written.ct.seriesInstanceUID])
        #expect(catalogue.series(modality: "RTPLAN").first?.objects.first?.label == "CLIVUS")
        #expect(
            Set(catalogue.series(modality: "RTDOSE").map { $0.objects[0].label }) == [
                "PHYSICAL", "EFFECTIVE",
            ])
        #expect(catalogue.findings.map(\.code).sorted() == ["DICOM-0001", "DICOM-0002"])
        #expect(ct.summary.contains("5 files"))
    }

    @Test func foldersAndFilesTogetherListEachFileOnce() throws {
        let scratch = try Scratch()
        let written = try Samples.writeCase(to: scratch)
        let paths = [scratch.path, written.planFile.file, scratch.path]
        let catalogue = try DICOMCatalogue.scan(paths: paths)
        let once = try DICOMCatalogue.scan(folder: scratch.path)
        #expect(catalogue.series == once.series)
        let alone = try DICOMCatalogue.scan(paths: [written.planFile.file])
        let plan = try #require(alone.series.first?.objects.first)
        #expect(alone.series.count == 1 && plan.file == written.planFile.file)
        #expect(plan.patient == written.ct.patient && plan.equipment.contains("Kasane"))
        #expect(plan.frameOfReferenceUID == written.ct.geometry.frameOfReferenceUID)
        #expect(throws: DICOMError.self) { try DICOMCatalogue.scan(paths: [scratch.path, "/no/such"]) }
    }

    @Test func refusesAFolderThatIsNotThere() {
        #expect(throws: DICOMError.self) { try DICOMCatalogue.scan(folder: "/no/such/folder") }
    }
}

/// Every UID that an object refers to belongs to another object of the case, and no two objects share one.
@Suite struct ReferenceGraphTests {
    @Test func resolves() throws {
        let scratch = try Scratch()
        let written = try Samples.writeCase(to: scratch)
        let files = try scratch.contents().map { scratch.file($0) }
        var instances: [String: String] = [:]
        for path in files {
            let dataset = try DICOMFile(reading: path).dataset
            let uid = try dataset.requiredText(.sopInstanceUID)
            #expect(instances[uid] == nil, "\(uid) is used twice")
            #expect(DICOMUID.isValid(uid))
            instances[uid] = try dataset.requiredText(.sopClassUID)
            #expect(try dataset.requiredText(.frameOfReferenceUID) == written.ct.geometry.frameOfReferenceUID)
            #expect(try dataset.requiredText(.studyInstanceUID) == written.ct.studyInstanceUID)
        }
        var resolved = 0
        func follow(_ item: DICOMItem) throws {
            let uid = try item.requiredText(.referencedSOPInstanceUID)
            let expected = try item.requiredText(.referencedSOPClassUID)
            #expect(instances[uid] == expected, "\(item.path) of \(item.file.path)")
            resolved += 1
        }
        for path in files {
            let dataset = try DICOMFile(reading: path).dataset
            for tag in [DICOMTag.referencedStructureSetSequence, .referencedRTPlanSequence] {
                for item in dataset.items(tag) { try follow(item) }
            }
            for frame in dataset.items(.referencedFrameOfReferenceSequence) {
                for study in frame.items(.rtReferencedStudySequence) {
                    #expect(try study.requiredText(.referencedSOPInstanceUID) == written.ct.studyInstanceUID)
                    for series in study.items(.rtReferencedSeriesSequence) {
                        #expect(try series.requiredText(.seriesInstanceUID) == written.ct.seriesInstanceUID)
                        for item in series.items(.contourImageSequence) { try follow(item) }
                    }
                }
            }
            for structure in dataset.items(.roiContourSequence) {
                for contour in structure.items(.contourSequence) {
                    for item in contour.items(.contourImageSequence) { try follow(item) }
                }
            }
        }
        // 1 set of the plan, 1 plan of each dose, 5 slices of the set, 4 contours on slices.
        #expect(resolved == 12)
        let plan = try DICOMFile(reading: written.planFile.file).dataset
        let target = try plan.items(.doseReferenceSequence)[0].requiredInteger(.referencedROINumber)
        #expect(written.structureSet.structures.contains { $0.number == target && $0.name == "CTV" })
        let beams = try plan.items(.ionBeamSequence).map { try $0.requiredInteger(.beamNumber) }
        let referenced = try plan.items(.fractionGroupSequence)[0].items(.referencedBeamSequence).map {
            try $0.requiredInteger(.referencedBeamNumber)
        }
        #expect(beams == referenced)
    }
}
