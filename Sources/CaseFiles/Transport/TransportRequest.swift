import Frames
import IonTransport
import PhantomTransport

/// What a transport file asks for.
public struct TransportRequest: Sendable {
    /// Title for people.
    public var label: String
    public var beam: BeamDescription
    public var phantom: PhantomChoice
    public var scores: [ScoreDescription]
    public var settings: RunSettings
}

/// What the ions are shot into.
public enum PhantomChoice: Sendable {
    case solids(SolidPhantom)
    case ct(CTPhantomChoice)
}

/// A CT as phantom, not yet read.
public struct CTPhantomChoice: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// A folder of DICOM files; series by its UID if it holds several; outside of the contour `external` is air.
        case dicom(folder: String, seriesUID: String?, external: String?, structureSetUID: String?)
        /// A MetaImage file of CT numbers.
        case metaImage(String)
        /// A case folder: its CT, calibration, contour, overrides and dose grid.
        case caseFolder(String)
    }

    public var source: Source
    /// Nil for a case folder, which has its own.
    public var calibration: CalibrationChoice?
    /// Voxels of transport, mm; nil for those of the CT (of the dose grid for a case folder).
    public var spacingMM: Vector3<DICOMPatient>?
}
