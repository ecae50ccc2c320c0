/// From CT numbers to what the beam meets.
///
/// A table over all whole CT numbers of a domain, made once; values outside the domain are refused by who uses it.
public struct HounsfieldConversion: Sendable {
    /// Name for reports, for example `Schneider 2000` or the curve's file name.
    public let name: String
    /// CT numbers that the conversion covers.
    public let domain: ClosedRange<Int>
    private let table: [RelativeProperties]

    /// The tissue model of Schneider, Bortfeld & Schlegel; titanium from 2995 HU on.
    ///
    /// ## Checked by
    /// `HounsfieldConversionTests`.
    public static let schneider: HounsfieldConversion = {
        let top = SchneiderTissues.titaniumHounsfield
        let values = (SchneiderTissues.domain.lowerBound...top).map(schneiderProperties)
        return HounsfieldConversion(
            name: "Schneider 2000", domain: SchneiderTissues.domain, table: values)
    }()

    /// A calibration curve of one's own, linear between its points.
    ///
    /// Where the curve has no scattering or nuclear ratio, the ratio of it to the stopping ratio is that of the tissue
    /// model at the same CT number.
    ///
    /// - Throws: `CalibrationCurveError`.
    /// ## Checked by
    /// `HounsfieldConversionTests`.
    public init(_ curve: CalibrationCurve) throws(CalibrationCurveError) {
        try curve.check()
        let first = Int(curve.points[0].hounsfield.rounded(.up))
        let last = Int(curve.points[curve.points.count - 1].hounsfield.rounded(.down))
        var values: [RelativeProperties] = []
        values.reserveCapacity(last - first + 1)
        var segment = 0
        for hounsfield in first...last {
            while segment + 2 < curve.points.count,
                curve.points[segment + 1].hounsfield < Double(hounsfield)
            { segment += 1 }
            values.append(curve.value(hounsfield, segment: segment))
        }
        self.init(name: curve.name, domain: first...last, table: values)
    }

    private init(name: String, domain: ClosedRange<Int>, table: [RelativeProperties]) {
        self.name = name
        self.domain = domain
        self.table = table
    }

    /// The properties at a CT number; nil outside the domain.
    public func properties(hounsfield: Int) -> RelativeProperties? {
        guard domain.contains(hounsfield) else { return nil }
        return table[min(hounsfield - domain.lowerBound, table.count - 1)]
    }

    /// The tissue model at one CT number.
    static func schneiderProperties(hounsfield: Int) -> RelativeProperties {
        let section = SchneiderTissues.sectionIndex(hounsfield: hounsfield)
        return ofUnitDensity[section].scaled(by: SchneiderTissues.densityGPerCM3(hounsfield: hounsfield))
    }

    /// Ratios of each section at unit density; they are proportional to density.
    private static let ofUnitDensity = SchneiderTissues.sections.map { RelativeProperties($0.material) }
}
