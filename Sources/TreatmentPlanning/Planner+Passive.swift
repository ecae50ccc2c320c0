import CaseFiles
import FacilityModel
import PassiveBeam
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import Volumes

extension Planner {
    /// Fields of passive ports: each is fitted to the target, its dose computed once and scaled to the prescription.
    ///
    /// - Throws: `PlanningError` where scanned and passive ports are mixed or the request says nothing of passive fields;
    ///   `PassiveBeamError`, `CancellationError`.
    func passivePlan(
        _ empty: Plan, progress: (PlanningProgress) -> Void
    ) async throws -> PlanningResult {
        var plan = empty
        guard let request = input.request.passive else { throw PlanningError.noPassiveRequest }
        progress(.init(.spots, .began))
        var findings: [Finding] = []
        var designs: [PassiveFieldDesign] = []
        for (index, field) in plan.fields.enumerated() {
            guard let port = input.machine.passivePort(field.portID) else {
                throw PlanningError.mixedDelivery(scanned: field.name)
            }
            progress(
                .init(.spots, .at(Double(index) / Double(plan.fields.count), "field ‘\(field.name)’")))
            let cache = try tables(for: port.id)
            let design = try await PassiveFieldDesign(
                field: field, target: try targetMask(), targetName: plan.prescription.targetName,
                nozzle: port.nozzle, request: request,
                planner: PassiveFieldDesign.Planner(
                    images: images, patientPosition: plan.patientPosition, ion: plan.ion,
                    biology: input.request.biology.model, depthTable: { try cache.table($0) }),
                threads: input.threads)
            plan.fields[index].passive = design.delivery
            findings += design.findings
            designs.append(design)
        }
        let slices = plan.fields.reduce(0) { $0 + ($1.passive?.slices.count ?? 0) }
        progress(.init(.spots, .ended("\(slices) passive irradiations in \(plan.fields.count) fields")))

        var doses = try await dose(of: plan, progress: progress)
        let atCentres = plan.fields.map { field in
            designs.map { design in
                PassiveScaling.CentreDose(
                    dose: doses[field.number]?.dose.interpolated(at: design.centre) ?? 0,
                    doseZStar: doses[field.number]?.doseZStar.interpolated(at: design.centre) ?? 0)
            }
        }
        let factors = try PassiveScaling.factors(
            doses: atCentres, prescribed: plan.prescription.dosePerFraction,
            biology: input.request.biology.model, numbers: plan.fields.map(\.number))
        for (index, factor) in factors.enumerated() {
            let number = plan.fields[index].number
            doses[number] = doses[number]?.scaled(by: factor)
            for slice in designs[index].delivery.slices.indices {
                plan.fields[index].passive?.slices[slice].particles *= factor
            }
        }
        let figures = try plan.fields.compactMap { field -> PassiveFieldFigures? in
            guard let delivery = field.passive, let port = input.machine.passivePort(field.portID) else {
                return nil
            }
            let cache = try tables(for: port.id)
            return PassiveFieldFigures(
                field: field,
                efficiency: try PassiveEfficiency(
                    of: delivery, nozzle: port.nozzle, ion: plan.ion, biology: input.request.biology.model,
                    depthTable: { try cache.table($0) }))
        }
        return PlanningResult(
            plan: plan, fieldDoses: doses, optimisation: nil, passive: figures,
            findings: self.findings + findings + hotSpot(of: plan, fieldDoses: doses))
    }

    /// The dose engine of a passive port.
    func passiveEngine(for port: PassivePort) throws -> PassiveDoseEngine {
        let cache = try tables(for: port.id)
        return PassiveDoseEngine(
            images: images, nozzle: port.nozzle, ion: input.machine.ion,
            patientPosition: input.patient.ct.patientPosition,
            filterBiology: input.request.biology.model, depthTable: { try cache.table($0) })
    }
}

extension DoseDistribution {
    /// The dose of that many times as many ions.
    func scaled(by factor: Double) -> DoseDistribution {
        let factor = Float(factor)
        return DoseDistribution(
            dose: dose.map { $0 * factor }, doseZStar: doseZStar.map { $0 * factor },
            doseLET: doseLET.map { $0 * factor })
    }
}
