import ArgumentParser
import DICOMRadiotherapy
import Foundation
import Frames
import PatientModel
import PlanModel
import TreatmentPlanning
import Volumes

/// `kasane import`: reads a patient's DICOM and says what is there and what is wrong with it.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read CT and structures from DICOM, check them, and list what they hold.",
        discussion: """
            Nothing is changed or copied: planning reads the same folder again. Use this to see whether a
            patient can be planned on, which structures there are, and which series to choose.

            EXAMPLES
              kasane import build/example/head
              kasane import /data/patient --ct 1.2.840.113619.2.55.3
              kasane import /data/patient --list
            """)

    @Argument(help: "Folder of DICOM files; folders below it are searched too.")
    var folder: String

    @Option(name: .customLong("ct"), help: "Series Instance UID of the CT, if there are several.")
    var ctSeries: String?

    @Option(
        name: .customLong("structures"), help: "SOP Instance UID of the structure set, if there are several.")
    var structureSet: String?

    @Flag(help: "Only list the series and objects of the folder.")
    var list = false

    func run() async throws {
        try await reportingErrors { try perform() }
    }

    private func perform() throws {
        if list {
            let catalogue = try DICOMCatalogue.scan(folder: folder)
            for series in catalogue.series { print(series.summary) }
            FindingList.print(catalogue.findings)
            return
        }
        let patient = try PatientImport(folder: folder, ctSeriesUID: ctSeries, structureSetUID: structureSet)
        let grid = patient.ct.geometry
        print("Patient     \(patient.ct.patient.name)  (\(patient.ct.patient.id))")
        print("CT          \(patient.ct.seriesInstanceUID)")
        print(
            "            \(grid.dimensions.x) x \(grid.dimensions.y) x \(grid.dimensions.z) voxels of "
                + String(
                    format: "%.3f x %.3f x %.3f mm", grid.spacingMM.x, grid.spacingMM.y, grid.spacingMM.z)
                + ", \(patient.ct.patientPosition.rawValue)")
        print("Structures  \(patient.structures.label)  (\(patient.structures.structures.count))\n")
        print(try structureTable(patient).text)
        FindingList.print(patient.findings)
    }

    private func structureTable(_ patient: PatientImport) throws -> TextTable {
        var table = TextTable(header: ["structure", "type", "contours", "volume cm³"], leftColumns: [0, 1])
        for structure in patient.structures.structures {
            var volume = "-"
            if !structure.contours.isEmpty {
                let mask = try StructureMask.rasterise(structure, on: patient.ct.geometry)
                volume = String(format: "%.2f", mask.volumeCM3 + mask.volumeOutsideGridCM3)
            }
            table.rows.append(
                [structure.name, structure.interpretedType, "\(structure.contours.count)", volume])
        }
        return table
    }
}

/// Findings on standard error, the most serious first.
enum FindingList {
    static func print(_ findings: [Finding]) {
        for finding in findings.sorted(by: { $0.severity > $1.severity }) {
            complain("\(finding.severity.rawValue) \(finding.code): \(finding.message)")
        }
    }
}
