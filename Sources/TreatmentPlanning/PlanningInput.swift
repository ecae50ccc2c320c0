import CaseFiles
import FacilityModel
import PatientModel
import PencilBeam
import PlanModel
import Radiobiology
import Volumes

/// Everything that planning needs besides the images themselves.
public struct PlanningInput: Sendable {
    public var request: PlanRequest
    public var patient: PatientImport
    public var machine: Machine
    public var conversion: HounsfieldConversion
    /// Beam data of the machine's ion with the nozzle's ridge filter and energy spread, by port.
    public var depthTables: [String: DepthTableCache]
    public var threads: Int
    /// The dose grid, in place of one over the external contour with the spacing of the request; must cover the contour.
    public var doseGrid: VolumeGeometry?

    public init(
        request: PlanRequest, patient: PatientImport, machine: Machine,
        conversion: HounsfieldConversion, depthTables: [String: DepthTableCache], threads: Int,
        doseGrid: VolumeGeometry? = nil
    ) {
        self.request = request
        self.patient = patient
        self.machine = machine
        self.conversion = conversion
        self.depthTables = depthTables
        self.threads = threads
        self.doseGrid = doseGrid
    }
}

extension BiologyChoice {
    /// The model that the choice names.
    public var model: BiologicalModel {
        switch self {
        case .clinicalMKM: .clinicalMKM(.nirs2015)
        case .constantRBE(let rbe): .constantRBE(rbe)
        case .physical: .physical
        }
    }
}
