/// The three planes of a report, each with the way radiology looks at it.
///
/// | plane | seen from | to the right of the picture | down |
/// |---|---|---|---|
/// | axial | the feet | patient left (+x) | posterior (+y) |
/// | sagittal | the patient's left | posterior (+y) | inferior (−z) |
/// | coronal | the front | patient left (+x) | inferior (−z) |
///
/// The picture follows the patient's anatomy and not the couch: it is the same for every patient position.
public enum AnatomicalPlane: String, Hashable, Sendable, CaseIterable {
    case axial, sagittal, coronal

    /// Index of the DICOM patient axis (0 x, 1 y, 2 z) along the normal.
    var normalAxis: Int {
        switch self {
        case .axial: 2
        case .sagittal: 0
        case .coronal: 1
        }
    }

    /// Index of the DICOM patient axis that runs across the picture, left to right, always in its + sense.
    var acrossAxis: Int { self == .sagittal ? 1 : 0 }

    /// Index of the DICOM patient axis that runs along the height of the picture.
    var downAxis: Int { self == .axial ? 1 : 2 }

    /// +1 if the patient axis rises downwards in the picture, −1 if it rises upwards.
    var downSign: Double { self == .axial ? 1 : -1 }

    /// Letters at the left, right, top and bottom edge.
    public var edgeLetters: (left: String, right: String, top: String, bottom: String) {
        switch self {
        case .axial: ("R", "L", "A", "P")
        case .sagittal: ("A", "P", "S", "I")
        case .coronal: ("R", "L", "S", "I")
        }
    }

    /// Name of the coordinate along the normal, as the caption writes it.
    var normalName: String { ["x", "y", "z"][normalAxis] }

    /// The name with a capital.
    public var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
