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
    ///   - dose: Delivered dose; nil for none. It is kept as a case in the folder `delivered`.
    ///   - date: For people.
    ///   - created: ISO 8601.
    /// - Returns: The report.
    public func writeResults(
        _ run: [FractionDelivery.DeliveredField], dose: DoseResult?, date: String, created: String
    ) throws -> URL {
        let ct = opened.planner.input.patient.ct
        let fields = try allFields(run)
        for field in fields {
            try writeRecords(field.history)
        }
        if let dose { try writeDeliveredCase(dose, created: created) }
        let request = plan.request
        let report = DeliveryReport(
            patientID: ct.patient.id, ctUID: ct.seriesInstanceUID,
            structureSetUID: opened.planner.input.patient.structures.instanceUID, plan: plan.plan,
            fraction: request.fraction, facility: plan.description.machine.facility,
            machineNotice: plan.description.notice, fields: fields.map(\.reportField),
            dose: dose.map { facts($0) },
            washes: try dose.map { try washes($0) } ?? [],
            options: options(fields),
            provenance: ReportProvenance(
                program: PlanCase.programName,
                inputs: [.init(name: "plan.json of \(plan.plan.label)", hash: planDigest)],
                seed: request.seed,
                options: [], timings: []), date: date)
        let page = URL(fileURLWithPath: "\(folder)/report.html")
        try Data(DeliveryPage.render(report).utf8).write(to: page, options: .atomic)
        return page
    }

    private func options(_ fields: [FractionDelivery.DeliveredField]) -> [ReportFact] {
        let request = plan.request
        let faults = fields.flatMap { field in
            field.faults.map { "\($0.title), field \(field.prepared.field.number)" }
        }
        return [
            ReportFact("Paintings of each layer", request.paintings.map { "\($0)" } ?? "as planned"),
            ReportFact("Paintings of the volume", "\(request.volumePaintings)"),
            ReportFact(
                "Order of spots", request.isOrderOptimised ? "for the scanning magnets" : "as planned"),
            ReportFact("Extraction rate", request.rateText),
            ReportFact("Beam on between spots up to", "\(NumberText.short(request.rasterStepMM)) mm"),
            ReportFact("Ions per count", NumberText.short(plan.ionsPerCount)),
            ReportFact("Breathing", request.breathing?.description ?? "patient at rest"),
            ReportFact("Spill", request.spill?.text ?? "assumed noise and lines of the power supplies"),
            ReportFact("Faults that were injected", faults.isEmpty ? "none" : faults.joined(separator: "; ")),
            ReportFact(
                "Log",
                "group commit every \(NumberText.short(request.commitS * 1e3)) ms of the virtual clock, with beam on half as long again"
            ),
        ]
    }

    /// Gamma, structures and method, as the report shows them.
    private func facts(_ dose: DoseResult) -> DeliveryReport.DoseComparisonFacts {
        let target = plan.plan.prescription.targetName
        let compared = dose.compared
        func row(_ name: String, _ criteria: GammaCriteria, _ gamma: GammaResult) -> DeliveryReport.GammaRow {
            .init(
                criteria:
                    "\(name), \(NumberText.short(100 * criteria.doseDifference)) %/\(NumberText.short(criteria.distanceMM)) mm, global, over 10 %",
                passRate: gamma.passRate, points: gamma.gamma.count)
        }
        let structures = compared.planned.structures.compactMap { planned in
            compared.delivered.structures.first { $0.structureName == planned.structureName }.map {
                DeliveryReport.StructurePair(
                    planned: planned, delivered: $0, isTarget: planned.structureName == target)
            }
        }
        return .init(
            gamma: [
                row("RBE-weighted", Self.criteria, compared.rbeWeighted.gamma),
                row("absorbed", Self.criteria, compared.physical.gamma),
                row("absorbed", Self.widerCriteria, dose.wider),
            ], structures: structures, prescribedDose: plan.plan.prescription.totalDose.value,
            lostGoals: compared.lostGoals.map { $0.finding.message }, method: dose.method)
    }

    /// Planned and delivered RBE-weighted dose, their difference and gamma in three planes through the target.
    private func washes(_ dose: DoseResult) throws -> [Picture] {
        let patient = opened.planner.input.patient
        let target = plan.plan.prescription.targetName
        return try ComparedDoseWashes(
            scene: .init(
                ct: patient.ct.hounsfield, structures: patient.structures, plan: plan.plan,
                centre: plan.targetCentre ?? plan.plan.fields[0].isocentre),
            comparison: dose.compared.rbeWeighted, unit: "Gy (RBE)",
            prescribed: plan.plan.prescription.totalDose.value, otherName: "Delivered",
            name: "delivered-\(target.filter(\.isLetter))"
        ).pictures()
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
        var given: [SIMD2<Int>: Double] = [:]
        var total = (primary: Int64(0), secondary: Int64(0))
        for (index, layer) in prepared.sequence.layers.enumerated() where bookings.indices.contains(index) {
            for (visit, booking) in bookings[index].enumerated() {
                total.primary += booking.primary
                total.secondary += booking.secondary
                let spot = SIMD2(layer.planLayer, Int(layer.visits[visit].spot))
                given[spot, default: 0] += Double(booking.primary) * ionsPerCount
                if let position = booking.positionMM {
                    errors.append(position - layer.visits[visit].positionMM)
                }
            }
        }
        let ratios = prepared.field.layers.enumerated().flatMap { index, layer in
            layer.spots.enumerated().compactMap { spot, planned in
                planned.particles > 0 ? (given[SIMD2(index, spot)] ?? 0) / planned.particles : nil
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
