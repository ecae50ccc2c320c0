import ArgumentParser
import CaseFiles
import DICOMRadiotherapy
import FacilityModel
import Foundation
import TreatmentPlanning

/// `kasane export`: DICOM objects of a case.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write RT Ion Plan, RT Dose (absorbed and RBE-weighted) and RT Structure Set.",
        discussion: """
            EXAMPLES
              kasane export build/head --to build/head-dicom
              kasane export build/head --to build/head-dicom --dose-bits 16
              kasane export build/head --to build/head-dicom --beam-doses
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String

    @Option(name: .customLong("to"), help: "Folder to write the DICOM files to.")
    var output: String

    @Option(help: "Bits of a stored dose value: 16 or 32.")
    var doseBits: Int = 32

    @Flag(help: "Write the absorbed dose of every field too (Dose Summation Type BEAM).")
    var beamDoses = false

    @OptionGroup var compute: ComputeOptions

    func validate() throws {
        guard DoseWriter.Depth(rawValue: doseBits) != nil else {
            throw ValidationError("--dose-bits \(doseBits) (must be 16 or 32)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        let written = try PlanExport.write(
            plan: opened.planCase.plan, machine: opened.setup.machine.machine,
            patient: opened.planner.input.patient, evaluation: opened.evaluation,
            fieldDoses: opened.planCase.fieldDoses, modelName: opened.setup.request.biology.name,
            depth: DoseWriter.Depth(rawValue: doseBits) ?? .thirtyTwo, writesFieldDoses: beamDoses, to: output
        )
        for object in written.all { print("\(object.file)  \(object.sopInstanceUID)") }
    }
}
