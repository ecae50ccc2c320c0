import Frames
import Volumes

/// A planning CT on a regular grid with axes along the DICOM patient frame.
public struct CTImage: Sendable {
    /// CT numbers, HU.
    public var hounsfield: Volume<Int16>
    public var patientPosition: PatientPosition
    /// DICOM Series Instance UID (0020,000E).
    public var seriesInstanceUID: String
    /// DICOM Study Instance UID (0020,000D).
    public var studyInstanceUID: String
    /// SOP Instance UIDs of the slices, from the most inferior up (index = z).
    public var sliceInstanceUIDs: [String]
    public var patient: PatientIdentity

    public init(
        hounsfield: Volume<Int16>, patientPosition: PatientPosition, seriesInstanceUID: String,
        studyInstanceUID: String, sliceInstanceUIDs: [String], patient: PatientIdentity
    ) {
        self.hounsfield = hounsfield
        self.patientPosition = patientPosition
        self.seriesInstanceUID = seriesInstanceUID
        self.studyInstanceUID = studyInstanceUID
        self.sliceInstanceUIDs = sliceInstanceUIDs
        self.patient = patient
    }

    /// The grid of the image.
    public var geometry: VolumeGeometry { hounsfield.geometry }
}

/// Who the images belong to, as DICOM writes it.
public struct PatientIdentity: Hashable, Sendable {
    /// Patient ID (0010,0020).
    public var id: String
    /// Patient's Name (0010,0010), components separated by `^`.
    public var name: String
    /// Patient's Birth Date (0010,0030), `YYYYMMDD` or empty.
    public var birthDate: String
    /// Patient's Sex (0010,0040), `M`, `F`, `O` or empty.
    public var sex: String

    public init(id: String, name: String, birthDate: String = "", sex: String = "") {
        self.id = id
        self.name = name
        self.birthDate = birthDate
        self.sex = sex
    }
}
