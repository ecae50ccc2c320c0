import DICOMFile
import Frames
import PatientModel
import PlanModel
import Volumes

/// Collects the contours of one structure and counts what a person should know of them.
struct ContourReader {
    var structure: String
    /// Grid of the CT, if there is one to compare with.
    var geometry: VolumeGeometry?
    private(set) var contours: [Contour] = []
    private var skippedTypes: [String: Int] = [:]
    private var tooShort = 0
    private var betweenPlanes = 0
    private var outside = 0
    private var repeated = 0
    private var seen: Set<Contour> = []

    /// How far the points of a contour may lie from its plane, mm.
    static let planeToleranceMM = 0.05

    init(structure: String, geometry: VolumeGeometry?) {
        self.structure = structure
        self.geometry = geometry
    }

    /// Adds an item of Contour Sequence.
    mutating func add(_ item: DICOMItem) throws {
        let type = try item.requiredText(.contourGeometricType)
        // CLOSED_PLANAR_XOR is the name that newer editions give to the even-odd rule.
        guard ["CLOSED_PLANAR", "CLOSED_PLANAR_XOR", "CLOSEDPLANAR_XOR"].contains(type) else {
            skippedTypes[type, default: 0] += 1
            return
        }
        guard let data = try item.numbers(.contourData) else {
            tooShort += 1
            return
        }
        guard data.count.isMultiple(of: 3) else {
            throw DICOMError.wrongValueCount(
                item.location(.contourData), count: data.count, expected: "a multiple of 3")
        }
        if let stated = try item.integer(.numberOfContourPoints), stated != data.count / 3 {
            throw item.invalid(
                .numberOfContourPoints, value: "\(stated)",
                why: "\(DICOMTag.contourData) has \(data.count / 3) points",
                remedy: "the file is damaged, export the structure set again")
        }
        var points: [SIMD2<Double>] = []
        points.reserveCapacity(data.count / 3)
        var (lowest, highest, sum) = (Double.infinity, -Double.infinity, 0.0)
        for i in stride(from: 0, to: data.count, by: 3) {
            points.append(SIMD2(data[i], data[i + 1]))
            (lowest, highest) = (min(lowest, data[i + 2]), max(highest, data[i + 2]))
            sum += data[i + 2]
        }
        guard points.count >= 3 else {
            tooShort += 1
            return
        }
        guard highest - lowest <= Self.planeToleranceMM else {
            throw DICOMImportError.contourNotAxial(
                item.location(.contourData), structure: structure, lowestMM: lowest,
                highestMM: highest)
        }
        let contour = Contour(
            zMM: highest == lowest ? lowest : sum / Double(points.count), points: points)
        // By the even-odd rule a polygon that is there twice would cancel itself.
        guard seen.insert(contour).inserted else {
            repeated += 1
            return
        }
        note(contour)
        contours.append(contour)
    }

    private mutating func note(_ contour: Contour) {
        guard let geometry else { return }
        let plane = (contour.zMM - geometry.origin.z) / geometry.spacingMM.z
        if abs(plane - plane.rounded()) > 0.02 { betweenPlanes += 1 }
        let (low, high) = (geometry.lowerCorner, geometry.upperCorner)
        let isInside =
            contour.zMM >= low.z && contour.zMM <= high.z
            && contour.points.allSatisfy {
                $0.x >= low.x && $0.x <= high.x && $0.y >= low.y && $0.y <= high.y
            }
        if !isInside { outside += 1 }
    }

    /// What was seen, one finding per kind.
    var findings: [Finding] {
        var list: [Finding] = []
        func report(_ count: Int, _ severity: Finding.Severity, _ code: String, _ text: String) {
            guard count > 0 else { return }
            list.append(
                Finding(
                    severity: severity, code: code,
                    message: "structure '\(structure)': \(count) contour\(count == 1 ? "" : "s") \(text)",
                    path: structure))
        }
        for (type, count) in skippedTypes.sorted(by: { $0.key < $1.key }) {
            report(
                count, type == "POINT" ? .information : .warning, "SS-0002",
                "of type \(type) left out (only closed planar polygons enclose a volume)")
        }
        report(tooShort, .warning, "SS-0003", "with fewer than three points left out")
        report(betweenPlanes, .information, "SS-0004", "between the image planes, kept at their own z")
        report(outside, .warning, "SS-0005", "reach outside the CT; what is outside is not planned")
        report(
            repeated, .warning, "SS-0010",
            "given twice, used once (the even-odd rule would cancel the pair)")
        return list
    }
}
