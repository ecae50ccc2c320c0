import FacilityModel

/// A group of patients with one kind of treatment.
public struct TreatmentSite: Hashable, Sendable {
    /// For example `prostate`.
    public var name: String
    /// Share of the patients, 0 to 1.
    public var share: Double
    /// Fractions of a course.
    public var fractions: Int
    /// Times that the patient is positioned in a fraction.
    public var positionings: Int
    /// With beam, gating included.
    public var irradiation: TimeDistribution

    /// - Parameters:
    ///   - name: Of the group.
    ///   - share: Share of the patients.
    ///   - fractions: Of a course.
    ///   - positionings: In a fraction.
    ///   - irradiation: Time with beam.
    public init(
        name: String, share: Double, fractions: Int, positionings: Int = 1, irradiation: TimeDistribution
    ) {
        self.name = name
        self.share = share
        self.fractions = fractions
        self.positionings = positionings
        self.irradiation = irradiation
    }
}

/// Who is treated.
public struct PatientMix: Hashable, Sendable {
    /// Shares add up to 1.
    public let sites: [TreatmentSite]

    /// - Throws: If there is no site, shares do not add up to 1, or a figure is impossible.
    public init(_ sites: [TreatmentSite]) throws(ThroughputError) {
        guard !sites.isEmpty else { throw .noSites }
        for site in sites {
            guard site.share >= 0, site.share <= 1 else {
                throw .figure("share of \(site.name)", site.share, mustBe: "0 to 1")
            }
            guard site.fractions >= 1 else {
                throw .figure("fractions of \(site.name)", Double(site.fractions), mustBe: "at least 1")
            }
            guard site.positionings >= 1 else {
                throw .figure("positionings of \(site.name)", Double(site.positionings), mustBe: "at least 1")
            }
            try site.irradiation.check("irradiation of \(site.name)")
        }
        let sum = sites.reduce(0) { $0 + $1.share }
        guard abs(sum - 1) <= FacilityOperation.shareTolerance else {
            throw .figure("sum of the shares", sum, mustBe: "1")
        }
        self.sites = sites
    }

    /// The patients of a machine file, each positioned once in a fraction.
    ///
    /// - Parameter operation: How the facility is run.
    /// - Throws: What `init(_:)` refuses.
    public init(_ operation: FacilityOperation) throws(ThroughputError) {
        try self.init(
            operation.patientMix.map {
                TreatmentSite(
                    name: $0.name, share: $0.share, fractions: $0.fractions,
                    irradiation: TimeDistribution($0.beamTime))
            })
    }

    /// Mean fractions of a patient.
    public var meanFractions: Double { sites.reduce(0) { $0 + $1.share * Double($1.fractions) } }

    /// Site of a fraction at u in 0 ..< 1 of all fractions.
    func site(at u: Double) -> Int {
        var left = u * meanFractions
        for (index, site) in sites.enumerated() {
            left -= site.share * Double(site.fractions)
            if left < 0 { return index }
        }
        return sites.count - 1
    }
}
