import CaseFiles
import DICOMRadiotherapy
import FacilityModel
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

/// What a dose check finds in the objects before any dose is computed.
extension DoseCheckSetup {
    /// `CHECK-0008`: what was done with monitor units, or that a calibration was not needed.
    static func monitorUnits(
        _ imported: ImportedIonPlan, calibration: MonitorUnitCalibration?
    ) -> [Finding] {
        guard let calibration else { return [] }
        let units = Set(imported.beams.map(\.unit))
        let words =
            calibration.points.count == 1
            ? "\(calibration.points[0].particles) ions per monitor unit at every energy"
            : "a table of \(calibration.points.count) energies"
        return [
            Finding(
                severity: units.contains(.monitorUnits) ? .information : .warning, code: "CHECK-0008",
                message: units.contains(.monitorUnits)
                    ? "\(imported.file): monitor units were converted with \(words)"
                    : "\(imported.file): Primary Dosimeter Unit (300A,00B3) is NP, numbers of particles; the monitor calibration (\(words)) "
                        + "was not used")
        ]
    }

    /// `CHECK-0007`: an isocentre outside the CT.
    static func isocentres(_ plan: Plan, ct: CTImage, file: String) -> [Finding] {
        let (a, b) = (ct.geometry.lowerCorner.mm, ct.geometry.upperCorner.mm)
        return plan.fields.compactMap { field in
            let p = field.isocentre.mm
            guard (0..<3).contains(where: { p[$0] < a[$0] || p[$0] > b[$0] }) else { return nil }
            return Finding(
                severity: .failure, code: "CHECK-0007",
                message:
                    "\(file): beam \(field.number): Isocenter Position (300A,012C) is (\(p.x), \(p.y), \(p.z)) mm (the CT reaches from "
                    + "(\(a.x), \(a.y), \(a.z)) to (\(b.x), \(b.y), \(b.z)) mm); give the CT of this plan")
        }
    }

    /// `CHECK-0013`: what an effective dose is compared with.
    static func quantity(of dose: DoseUnderCheck, biology: BiologyChoice) -> [Finding] {
        guard dose.quantity == .rbeWeighted else { return [] }
        let isOwn = dose.comment.contains(biology.name)
        let model = dose.comment.isEmpty ? "of a model that it does not name" : "'\(dose.comment)'"
        return [
            Finding(
                severity: isOwn ? .information : .warning, code: "CHECK-0013",
                message:
                    "\(dose.files[0]): Dose Type (3004,0004) is EFFECTIVE, \(model); it is compared with \(biology.name)"
                    + (isOwn
                        ? ""
                        : ". Another RBE model gives another dose from the same beam: differences here may be of models; export PHYSICAL to "
                            + "check the beam"),
                path: dose.files[0])
        ]
    }

    /// `CHECK-0010`: a target that reaches outside the dose grid.
    static func coverage(of target: Structure, by dose: DoseUnderCheck) throws -> [Finding] {
        var (outside, whole) = (0.0, 0.0)
        do {
            let mask = try StructureMask.rasterise(target, on: dose.volume.geometry)
            outside = mask.volumeOutsideGridCM3
            whole = outside + mask.volumeCM3
        } catch StructureMaskError.outsideGrid {
            (outside, whole) = (1, 1)
        }
        guard outside > 0.001 * whole else { return [] }
        let g = dose.volume.geometry
        let (a, b) = (g.lowerCorner.mm, g.upperCorner.mm)
        return [
            Finding(
                severity: .failure, code: "CHECK-0010",
                message:
                    "\(dose.files[0]): the dose grid from (\(a.x), \(a.y), \(a.z)) to (\(b.x), \(b.y), \(b.z)) mm leaves out "
                    + "\((1000 * outside / whole).rounded() / 10) % of target '\(target.name)' (its dose is not known there); export the "
                    + "dose on a grid that covers it", path: dose.files[0])
        ]
    }

    /// `CHECK-0016`: a dose that this program wrote, so that little or nothing of the check is independent.
    static func independence(
        of doses: [CatalogueObject], engine: DoseCheckRequest.Engine
    ) -> [Finding] {
        guard let dose = doses.first(where: { $0.equipment.hasPrefix(ObjectOrigin().manufacturer) }) else {
            return []
        }
        let start = "\(dose.file): Manufacturer (0008,0070) is \(ObjectOrigin().manufacturer): "
        return [
            engine == .pencilBeam
                ? Finding(
                    severity: .warning, code: "CHECK-0016",
                    message: start
                        + "a pencil beam dose of this program agrees with itself, whatever is wrong with it; check it with --engine monte-carlo",
                    path: dose.file)
                : Finding(
                    severity: .information, code: "CHECK-0016",
                    message: start
                        + "machine file, CT calibration and RBE model may be the same on both sides, then only the transport is checked",
                    path: dose.file)
        ]
    }
}
