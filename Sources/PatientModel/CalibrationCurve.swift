/// A clinic's own curve from CT numbers to relative stopping power, with scattering and nuclear ratios if it has them.
public struct CalibrationCurve: Hashable, Sendable {
    /// One row of the curve.
    public struct Point: Hashable, Sendable {
        public var hounsfield: Double
        /// Stopping power relative to water.
        public var stopping: Double
        /// Scattering power relative to water; nil to take it from the tissue model.
        public var scattering: Double?
        /// Reaction cross section relative to water; nil to take it from the tissue model.
        public var nuclear: Double?

        public init(
            hounsfield: Double, stopping: Double, scattering: Double? = nil, nuclear: Double? = nil
        ) {
            self.hounsfield = hounsfield
            self.stopping = stopping
            self.scattering = scattering
            self.nuclear = nuclear
        }
    }

    /// Name for reports, usually the file name.
    public var name: String
    /// By ascending CT number; at least two.
    public var points: [Point]

    public init(name: String, points: [Point]) {
        self.name = name
        self.points = points
    }

    /// Refuses curves that are too short, not ascending, not finite, negative, or where stopping power falls as
    /// the CT number rises.
    func check() throws(CalibrationCurveError) {
        guard points.count >= 2 else { throw .tooFewPoints(name, count: points.count) }
        for (row, point) in points.enumerated() {
            let values = [point.stopping, point.scattering ?? 1, point.nuclear ?? 1]
            guard point.hounsfield.isFinite, values.allSatisfy({ $0.isFinite && $0 >= 0 && $0 < 30 })
            else { throw .valueOutOfRange(name, row: row) }
            guard point.hounsfield >= -32768, point.hounsfield <= 32767 else {
                throw .valueOutOfRange(name, row: row)
            }
            guard row > 0 else { continue }
            let previous = points[row - 1]
            guard point.hounsfield > previous.hounsfield else {
                throw .hounsfieldNotAscending(name, row: row, hounsfield: point.hounsfield)
            }
            guard point.stopping >= previous.stopping else {
                throw .stoppingFalls(name, row: row, hounsfield: point.hounsfield)
            }
        }
        guard points[points.count - 1].hounsfield - points[0].hounsfield >= 1 else {
            throw .tooFewPoints(name, count: points.count)
        }
    }

    /// Linear interpolation within one segment.
    func value(_ hounsfield: Int, segment: Int) -> RelativeProperties {
        let (a, b) = (points[segment], points[segment + 1])
        let t = (Double(hounsfield) - a.hounsfield) / (b.hounsfield - a.hounsfield)
        func mix(_ p: Double, _ q: Double) -> Double { p + t * (q - p) }
        let stopping = mix(a.stopping, b.stopping)
        let tissue = HounsfieldConversion.schneiderProperties(hounsfield: hounsfield)
        let scattering =
            if let p = a.scattering, let q = b.scattering { mix(p, q) } else {
                stopping * tissue.scattering / tissue.stopping
            }
        let nuclear =
            if let p = a.nuclear, let q = b.nuclear { mix(p, q) } else {
                stopping * tissue.nuclear / tissue.stopping
            }
        return RelativeProperties(stopping: stopping, scattering: scattering, nuclear: nuclear)
    }
}

/// Why a calibration curve cannot be used; `row` counts the points from 0.
public enum CalibrationCurveError: Error, Hashable, Sendable {
    case tooFewPoints(String, count: Int)
    case valueOutOfRange(String, row: Int)
    case hounsfieldNotAscending(String, row: Int, hounsfield: Double)
    case stoppingFalls(String, row: Int, hounsfield: Double)
}

extension CalibrationCurveError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooFewPoints(let name, let count):
            "calibration curve \(name) has \(count) points over less than 1 HU or fewer than two points "
                + "(nothing to interpolate); give at least two"
        case .valueOutOfRange(let name, let row):
            "calibration curve \(name), point \(row + 1): a value is negative, not finite or too large "
                + "(CT numbers are 16 bit, ratios 0 to 30); correct it"
        case .hounsfieldNotAscending(let name, let row, let hounsfield):
            "calibration curve \(name), point \(row + 1): \(hounsfield) HU does not exceed the point before "
                + "(CT numbers must ascend); sort the points and remove double ones"
        case .stoppingFalls(let name, let row, let hounsfield):
            "calibration curve \(name), point \(row + 1): the stopping power at \(hounsfield) HU is less than "
                + "at the point before (it must not fall); correct it"
        }
    }
}
