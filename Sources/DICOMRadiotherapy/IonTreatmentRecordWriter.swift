import DICOMFile
import DeliveryControl
import FacilityModel
import Foundation
import PatientModel
import PlanModel

/// Writes what a session of a field delivered as an RT Ion Beams Treatment Record.
///
/// Two control points for each layer in which the session had beam ready, with the indices of the plan as `IonPlanWriter` writes it. The first
/// carries the spots in order of delivery: measured position, particles of the primary monitor, the index of the planned spot, the moment;
/// the second repeats the positions with zeros. Meterset is particles (`NP`). Metersets of control points count from the begin of the
/// fraction, so that a continuation goes on where the session before ended; the sum of Delivered Primary Meterset over the sessions is
/// what the field got.
///
/// UIDs and dates come from the record alone: written twice, it is the same instance.
///
/// ## Source
/// DICOM PS3.3 A.50, C.8.8.26 (session record), C.8.8.21.2 (metersets of interrupted beams), C.8.8.26.2 (prescribed indices).
/// ## Checked by
/// `TreatmentRecordTests`, `ExternalCheckerTests`.
public enum IonTreatmentRecordWriter {
    /// Writes the record.
    ///
    /// - Parameters:
    ///   - record: What was delivered.
    ///   - plan: The plan; the record's field must be one of its fields.
    ///   - machine: Machine of the plan.
    ///   - patient: As in the plan's DICOM object.
    ///   - studyInstanceUID: Study of the plan.
    ///   - frameOfReferenceUID: Of the plan.
    ///   - origin: Who writes; its date is not used.
    ///   - path: File to write; replaced if it exists.
    /// - Throws: `DICOMExportError`, `DICOMError`.
    @discardableResult
    public static func write(
        _ record: IonTreatmentRecord, plan: Plan, machine: Machine, patient: PatientIdentity,
        studyInstanceUID: String, frameOfReferenceUID: String, origin: ObjectOrigin = ObjectOrigin(),
        to path: String
    ) throws -> WrittenObject {
        let number = record.delivered.field.fieldNumber
        guard let field = plan.fields.first(where: { $0.number == number }) else {
            throw DICOMExportError.unknownField(number: number, plan: plan.label)
        }
        guard plan.machineName == machine.name else {
            throw DICOMExportError.otherMachine(plan: plan.machineName, machine: machine.name)
        }
        let clock = RecordClock(startedMS: record.startedMS)
        var origin = origin
        origin.created = clock.date(record.delivered.begin ?? .start)
        let header = ObjectHeader(
            sopClassUID: DICOMUID.rtIonBeamsTreatmentRecord,
            sopInstanceUID: DICOMUID.make(from: record.identifier),
            seriesInstanceUID: DICOMUID.make(from: record.identifier ^ SIMD2(0, 1)),
            studyInstanceUID: studyInstanceUID, frameOfReferenceUID: frameOfReferenceUID,
            modality: "RTRECORD", seriesDescription: "Kasane treatment record", patient: patient,
            origin: origin)
        let beam = try IonRecordBeam(record: record, field: field, plan: plan, machine: machine, clock: clock)
        let file = try DICOMFile()
        let dataset = file.dataset
        try header.write(to: dataset)
        // The record stands in no frame of its own; positions are those of the gantry.
        for tag in [DICOMTag.frameOfReferenceUID, .positionReferenceIndicator] { try dataset.remove(tag) }
        try dataset.set(.instanceNumber, record.session)
        let (date, time) = clock.dateAndTime(record.delivered.begin ?? .start)
        try dataset.set(.treatmentDate, date)
        try dataset.set(.treatmentTime, time)
        if let planUID = record.planUID {
            try dataset.appendReference(
                .referencedRTPlanSequence, sopClassUID: DICOMUID.rtIonPlan, instanceUID: planUID)
        } else {
            try dataset.setEmpty(.referencedRTPlanSequence)
        }
        let unit = try dataset.append(.treatmentMachineSequence)
        try unit.set(.treatmentMachineName, machine.name)
        try unit.set(.manufacturer, origin.manufacturer)
        try unit.set(.institutionName, machine.facility)
        try unit.set(.institutionalDepartmentName, field.portID)
        try unit.set(.manufacturerModelName, origin.modelName)
        try unit.setEmpty(.deviceSerialNumber)
        try dataset.set(.referencedFractionGroupNumber, 1)
        try dataset.set(.numberOfFractionsPlanned, plan.prescription.fractions)
        try dataset.set(.primaryDosimeterUnit, "NP")
        try beam.write(to: dataset.append(.treatmentSessionIonBeamSequence))
        try file.write(
            to: path,
            transferSyntax: beam.isTooLongForExplicit ? .implicitLittleEndian : .explicitLittleEndian
        )
        return WrittenObject(
            file: path, sopInstanceUID: header.sopInstanceUID, seriesInstanceUID: header.seriesInstanceUID)
    }
}

/// Calendar times of a session.
struct RecordClock {
    let startedMS: Int64

    func date(_ time: MonotonicTime) -> Date {
        Date(timeIntervalSince1970: Double(startedMS) * 1e-3 + time.seconds)
    }

    /// Date (DA) and time (TM) to the microsecond, UTC.
    func dateAndTime(_ time: MonotonicTime) -> (date: String, time: String) {
        let microseconds = startedMS * 1000 + time.nanoseconds / 1000
        let days = microseconds.flooredQuotient(86_400_000_000)
        let rest = microseconds - days * 86_400_000_000
        let (date, _) = ObjectOrigin(
            created: Date(timeIntervalSince1970: Double(days) * 86400 + 43200)
        ).dateAndTime
        func text(_ value: Int64, _ width: Int) -> String {
            let digits = "\(value)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let seconds = rest / 1_000_000
        return (
            date,
            text(seconds / 3600, 2) + text(seconds / 60 % 60, 2) + text(seconds % 60, 2) + "."
                + text(rest % 1_000_000, 6)
        )
    }

    /// Both as DT.
    func dateTime(_ time: MonotonicTime) -> String {
        let (date, time) = dateAndTime(time)
        return date + time + "+0000"
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
