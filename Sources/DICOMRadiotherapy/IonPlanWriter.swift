import DICOMFile
import FacilityModel
import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// Writes a plan as an RT Ion Plan of modulated scanning, or of passive beams.
///
/// Weights are particles: Primary Dosimeter Unit is `NP`, each spot's weight is its number of particles (as a 32-bit
/// float), the cumulative weights are sums of those floats, and Beam Meterset equals Final Cumulative Meterset
/// Weight. Each layer has two control points; the second repeats the positions with weights of zero. Layers without
/// particles are left out.
///
/// ## Source
/// DICOM PS3.3 A.49, C.8.8.25 (RT Ion Beams), C.8.8.13 (fraction scheme), C.8.8.10 (prescription), C.8.8.12 (setup).
/// ## Checked by
/// `IonPlanRoundTripTests`, `ExternalCheckerTests`, `ReferenceGraphTests`.
public enum IonPlanWriter {
    /// Most spots of a layer whose position map still fits the 16-bit length of Explicit VR (8 bytes each).
    public static let explicitSpotLimit = 8191

    /// Writes the plan.
    ///
    /// - Parameters:
    ///   - plan: what to write.
    ///   - machine: the machine of the plan; its nozzle gives spot sizes, virtual sources and devices.
    ///   - ct: the planning CT: patient, study and frame of reference.
    ///   - structureSet: the set the plan was made on, as it exists as a DICOM object.
    ///   - beamDoses: physical dose of each field in one fraction at its isocentre, by field number, if it is to be
    ///     written as Beam Dose (300A,0084).
    ///   - transferSyntax: nil takes Explicit VR Little Endian, or Implicit if a layer has more than
    ///     `explicitSpotLimit` spots; a map that is too long for Explicit VR is written as UN.
    ///   - path: file to write; replaced if it exists.
    /// - Throws: `DICOMExportError`, `DICOMError`.
    @discardableResult
    public static func write(
        plan: Plan, machine: Machine, ct: CTImage, structureSet: StructureSet,
        beamDoses: [Int: AbsorbedDose] = [:], origin: ObjectOrigin = ObjectOrigin(),
        transferSyntax: TransferSyntax? = nil, to path: String
    ) throws -> WrittenObject {
        try check(plan, machine: machine, ct: ct, structureSet: structureSet)
        let file = try DICOMFile()
        let dataset = file.dataset
        let header = ObjectHeader(
            sopClassUID: DICOMUID.rtIonPlan, sopInstanceUID: DICOMUID.make(),
            seriesInstanceUID: DICOMUID.make(), studyInstanceUID: ct.studyInstanceUID,
            frameOfReferenceUID: ct.geometry.frameOfReferenceUID, modality: "RTPLAN",
            seriesDescription: "Kasane ion plan", patient: ct.patient, origin: origin)
        try header.write(to: dataset)
        let beams = try plan.fields.map { try item(for: $0, plan: plan, machine: machine) }
        try writeGeneral(plan, structureSet: structureSet, origin: origin, to: dataset)
        try writePrescription(plan, structureSet: structureSet, to: dataset)
        try writeFractions(plan, beams: beams, beamDoses: beamDoses, to: dataset)
        let setup = try dataset.append(.patientSetupSequence)
        try setup.set(.patientPosition, plan.patientPosition.rawValue)
        try setup.set(.patientSetupNumber, 1)
        try setup.set(.setupTechnique, "ISOCENTRIC")
        for beam in beams { try beam.write(to: dataset.append(.ionBeamSequence)) }
        try dataset.appendReference(
            .referencedStructureSetSequence, sopClassUID: DICOMUID.rtStructureSet,
            instanceUID: structureSet.instanceUID)
        try dataset.set(.approvalStatus, "UNAPPROVED")
        let automatic: TransferSyntax =
            beams.contains(where: \.isTooLongForExplicit) ? .implicitLittleEndian : .explicitLittleEndian
        try file.write(to: path, transferSyntax: transferSyntax ?? automatic)
        return WrittenObject(
            file: path, sopInstanceUID: header.sopInstanceUID,
            seriesInstanceUID: header.seriesInstanceUID)
    }

    /// The writer of a field, scanned or passive.
    private static func item(for field: Field, plan: Plan, machine: Machine) throws -> any IonBeamItem {
        guard let delivery = field.passive, let port = machine.passivePort(field.portID) else {
            return try IonBeamWriter(field: field, plan: plan, machine: machine)
        }
        return try PassiveBeamWriter(
            field: field, delivery: delivery, plan: plan, machine: machine, port: port)
    }

    private static func check(
        _ plan: Plan, machine: Machine, ct: CTImage, structureSet: StructureSet
    ) throws {
        guard plan.machineName == machine.name else {
            throw DICOMExportError.otherMachine(plan: plan.machineName, machine: machine.name)
        }
        guard structureSet.frameOfReferenceUID == ct.geometry.frameOfReferenceUID else {
            throw DICOMExportError.otherFrameOfReference(
                what: "the structure set", found: structureSet.frameOfReferenceUID,
                expected: ct.geometry.frameOfReferenceUID)
        }
        var numbers: Set<Int> = []
        for field in plan.fields where !numbers.insert(field.number).inserted {
            throw DICOMExportError.duplicateFieldNumber(field.number)
        }
    }

    private static func writeGeneral(
        _ plan: Plan, structureSet: StructureSet, origin: ObjectOrigin, to dataset: DICOMItem
    ) throws(DICOMError) {
        let (date, time) = origin.dateAndTime
        try dataset.set(.rtPlanLabel, plan.label)
        try dataset.set(.rtPlanDate, date)
        try dataset.set(.rtPlanTime, time)
        try dataset.set(.rtPlanGeometry, "PATIENT")
        try dataset.set(.planIntent, "RESEARCH")
        try dataset.set(
            .rtPlanDescription,
            "Research software, not a medical device. Doses of the prescription are RBE-weighted, Gy (RBE).")
    }

    private static func writePrescription(
        _ plan: Plan, structureSet: StructureSet, to dataset: DICOMItem
    ) throws {
        let target = plan.prescription.targetName
        guard let structure = structureSet.structure(named: target) else {
            throw DICOMExportError.unknownTarget(target, structureSet: structureSet.label)
        }
        let total = plan.prescription.totalDose.value
        try dataset.set(
            .prescriptionDescription,
            "\(total) Gy (RBE) to \(target) in \(plan.prescription.fractions) fractions, RBE-weighted")
        let reference = try dataset.append(.doseReferenceSequence)
        try reference.set(.doseReferenceNumber, 1)
        try reference.set(.doseReferenceUID, DICOMUID.make())
        try reference.set(.doseReferenceStructureType, "VOLUME")
        try reference.set(.referencedROINumber, structure.number)
        try reference.set(.doseReferenceDescription, target)
        try reference.set(.doseReferenceType, "TARGET")
        try reference.set(.targetPrescriptionDose, decimal: total)
        try reference.set(.doseValuePurpose, "TRACKING")
        try reference.set(.doseValueInterpretation, "NOMINAL")
    }

    private static func writeFractions(
        _ plan: Plan, beams: [any IonBeamItem], beamDoses: [Int: AbsorbedDose], to dataset: DICOMItem
    ) throws(DICOMError) {
        let group = try dataset.append(.fractionGroupSequence)
        try group.set(.fractionGroupNumber, 1)
        try group.set(.numberOfFractionsPlanned, plan.prescription.fractions)
        try group.set(.numberOfBeams, beams.count)
        try group.set(.numberOfBrachyApplicationSetups, 0)
        for beam in beams {
            let item = try group.append(.referencedBeamSequence)
            try item.set(.referencedBeamNumber, beam.field.number)
            try item.set(.beamMeterset, decimal: beam.totalWeight)
            if let dose = beamDoses[beam.field.number] {
                try item.set(.beamDose, decimal: dose.value)
                try item.set(.beamDoseType, "PHYSICAL")
            }
        }
    }
}
