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
    /// One positioning: from entering the room to the approved position.
    public var setUp: TimeDistribution
    /// From the approved position to the request for beam.
    public var preparation: TimeDistribution
    /// With beam, gating included.
    public var irradiation: TimeDistribution
    /// From the end of the beam until the room is free.
    public var leaving: TimeDistribution

    /// - Parameters:
    ///   - name: Of the group.
    ///   - share: Share of the patients.
    ///   - fractions: Of a course.
    ///   - positionings: In a fraction.
    ///   - setUp: Of one positioning; 8.9 ± 8.2 min.
    ///   - preparation: 9.5 ± 4.6 min.
    ///   - irradiation: 4.0 ± 2.4 min.
    ///   - leaving: 3 ± 1 min, assumed.
    ///
    /// ## Source
    /// Mori et al., Int. J. Radiat. Oncol. Biol. Phys. 95 (2016) 258: gated lung and liver treatments at NIRS. No such figures are
    /// published for other sites, so these stand for all.
    public init(
        name: String, share: Double, fractions: Int, positionings: Int = 1,
        setUp: TimeDistribution = .logNormal(meanMin: 8.9, deviationMin: 8.2),
        preparation: TimeDistribution = .logNormal(meanMin: 9.5, deviationMin: 4.6),
        irradiation: TimeDistribution = .logNormal(meanMin: 4.0, deviationMin: 2.4),
        leaving: TimeDistribution = .logNormal(meanMin: 3, deviationMin: 1)
    ) {
        self.name = name
        self.share = share
        self.fractions = fractions
        self.positionings = positionings
        self.setUp = setUp
        self.preparation = preparation
        self.irradiation = irradiation
        self.leaving = leaving
    }

    /// Expected use of the room by a fraction, minutes: positionings · time of one + preparation + irradiation + leaving.
    ///
    /// ## Source
    /// Rule of JP2011-194066 (room use = number of positionings · minutes per positioning + irradiation minutes), to which
    /// preparation and leaving are added.
    public var expectedRoomUseMin: Double {
        Double(positionings) * setUp.meanMin + preparation.meanMin + irradiation.meanMin + leaving.meanMin
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
            try site.setUp.check("set-up of \(site.name)")
            try site.preparation.check("preparation of \(site.name)")
            try site.irradiation.check("irradiation of \(site.name)")
            try site.leaving.check("leaving of \(site.name)")
        }
        let sum = sites.reduce(0) { $0 + $1.share }
        guard abs(sum - 1) < 1e-6 else { throw .figure("sum of the shares", sum, mustBe: "1") }
        self.sites = sites
    }

    private init(known sites: [TreatmentSite]) { self.sites = sites }

    /// Mean fractions of a patient.
    public var meanFractions: Double { sites.reduce(0) { $0 + $1.share * Double($1.fractions) } }

    /// Mean expected use of the room by a fraction, minutes; each site counts with its fractions.
    public var expectedRoomUseMin: Double {
        sites.reduce(0) { $0 + $1.share * Double($1.fractions) * $1.expectedRoomUseMin } / meanFractions
    }

    /// Site of a fraction at u in 0 ..< 1 of all fractions.
    func site(at u: Double) -> Int {
        var left = u * meanFractions
        for (index, site) in sites.enumerated() {
            left -= site.share * Double(site.fractions)
            if left < 0 { return index }
        }
        return sites.count - 1
    }

    /// Yamagata in 2023: 69 % prostate, in 12 fractions. The shares of the others are assumed; their fractions are those of the Japanese
    /// carbon-ion study group.
    ///
    /// ## Source
    /// 69 % of 662 patients: Nikkei, 2024; fractions: reviews of NIRS-QST and J-CROS.
    public static let yamagata2023 = PatientMix(known: [
        TreatmentSite(name: "prostate", share: 0.69, fractions: 12),
        TreatmentSite(name: "head and neck", share: 0.07, fractions: 16),
        TreatmentSite(name: "bone and soft tissue", share: 0.06, fractions: 16),
        TreatmentSite(name: "pancreas", share: 0.06, fractions: 12),
        TreatmentSite(name: "liver", share: 0.05, fractions: 4),
        TreatmentSite(name: "lung", share: 0.04, fractions: 4),
        TreatmentSite(name: "rectum", share: 0.03, fractions: 16),
    ])
}
