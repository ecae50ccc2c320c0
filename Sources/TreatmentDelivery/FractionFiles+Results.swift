import CaseFiles
import DICOMRadiotherapy
import DeliveryControl
import DeliveryLog
import DeliverySimulation
import FacilityModel
import Foundation
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Reporting
import TreatmentPlanning
import Volumes

extension FractionFiles {
    /// Writes treatment records, delivered dose and report.
    ///
    /// - Parameters:
    ///   - run: Fields that had beam in this run, with their traces; records and report have those of earlier runs too.
    ///   - dose: Delivered dose; nil for none.
    ///   - date: For people.
    ///   - created: ISO 8601.
    /// - Returns: The report.
    public func writeResults(
        _ run: [FractionDelivery.DeliveredField], dose: DeliveredDose?, date: String, created: String
    ) throws -> URL {
        let ct = opened.planner.input.patient.ct
        let fields = try allFields(run)
        for field in fields {
            try writeRecords(field.history)
        }
        if let dose {
            try MetaImageFile.data(dose.fraction.dose, comment: "Absorbed dose of the delivered fraction, Gy")
                .write(
                    to: URL(fileURLWithPath: "\(folder)/delivered-dose.mha"), options: .atomic)
        }
        let request = plan.request
        let report = DeliveryReport(
            patientID: ct.patient.id, ctUID: ct.seriesInstanceUID,
            structureSetUID: opened.planner.input.patient.structures.instanceUID, plan: plan.plan,
            fraction: request.fraction, facility: plan.description.machine.facility,
            machineNotice: plan.description.notice, fields: fields.map(\.reportField), dose: dose?.facts,
            washes: [],
            options: [
                ReportFact("Paintings", request.paintings.map { "\($0)" } ?? "as planned"),
                ReportFact("Beam on between spots up to", "\(NumberText.short(request.rasterStepMM)) mm"),
                ReportFact("Ions per count", NumberText.short(plan.rules.ionsPerCount)),
                ReportFact(
                    "Breathing gate",
                    request.gateThreshold.map { "amplitude below \(NumberText.short($0))" } ?? "none"),
                ReportFact(
                    "Log",
                    "group commit every \(NumberText.short(request.commitS * 1e3)) ms of the virtual clock"),
            ],
            provenance: ReportProvenance(
                program: PlanCase.programName,
                inputs: [.init(name: "plan.json of \(plan.plan.label)", hash: planDigest)],
                seed: request.seed,
                options: [], timings: []), date: date)
        let page = URL(fileURLWithPath: "\(folder)/report.html")
        try Data(DeliveryPage.render(report).utf8).write(to: page, options: .atomic)
        return page
    }

    /// One RT Ion Beams Treatment Record for each session.
    private func writeRecords(_ history: FieldHistory) throws {
        let ct = opened.planner.input.patient.ct
        var before: Int64 = 0
        for session in history.sessions {
            guard let log = session.log, let delivered = session.delivered else { continue }
            let header = log.header
            let record = IonTreatmentRecord(
                identifier: header.identifier, planUID: header.planUID.isEmpty ? nil : header.planUID,
                fraction: header.fraction, session: header.session, startedMS: header.startedMS,
                particlesPerCount: header.ionsPerCount, countsBefore: before, delivered: delivered)
            try IonTreatmentRecordWriter.write(
                record, plan: plan.plan, machine: plan.description.machine, patient: ct.patient,
                studyInstanceUID: ct.studyInstanceUID, frameOfReferenceUID: ct.geometry.frameOfReferenceUID,
                to: "\(folder)/\(session.name).dcm")
            before += delivered.total.primary
        }
    }
}

extension FractionDelivery.DeliveredField {
    /// The field as the report shows it: all sessions of the fraction, times and trace of the last.
    public var reportField: DeliveryReport.DeliveredField {
        let bookings = history.bookings
        let ionsPerCount = prepared.figures.monitors.ionsPerCount
        var errors: [SIMD2<Double>] = []
        var ratios: [Double] = []
        var total = (primary: Int64(0), secondary: Int64(0))
        for (index, layer) in prepared.sequence.layers.enumerated() where bookings.indices.contains(index) {
            for (visit, booking) in bookings[index].enumerated() {
                total.primary += booking.primary
                total.secondary += booking.secondary
                ratios.append(Double(booking.primary) / Double(layer.counts(ofVisit: visit)))
                if let position = booking.positionMM {
                    errors.append(position - layer.visits[visit].positionMM)
                }
            }
        }
        let times = outcome?.times ?? TimeShares()
        let seconds = history.sessions.compactMap(\.delivered).reduce(0) { sum, session in
            sum + ((session.end?.seconds ?? 0) - (session.begin?.seconds ?? 0))
        }
        return .init(
            number: prepared.field.number, name: prepared.field.name, state: history.standing.rawValue,
            sessions: history.sessions.count, visits: prepared.sequence.visitCount,
            plannedIons: prepared.field.particles, primaryIons: Double(total.primary) * ionsPerCount,
            secondaryIons: Double(total.secondary) * ionsPerCount, durationS: outcome?.durationS ?? seconds,
            times: [
                .init(name: "beam", seconds: times.beam), .init(name: "scanning", seconds: times.scanning),
                .init(name: "gate", seconds: times.gate),
                .init(name: "energy steps", seconds: times.energySteps),
                .init(name: "fills", seconds: times.fills), .init(name: "other", seconds: times.other),
            ], fills: outcome?.fills ?? 0,
            interlocks: history.sessions.compactMap(\.delivered).flatMap(\.events).filter { !$0.isWarning }
                .map {
                    ("\($0.interlock)", $0.time.seconds)
                }, positionErrorsMM: errors, spotRatios: ratios, trace: trace)
    }
}
