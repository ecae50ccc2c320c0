import Quantities
import Radiobiology
import TestSupport
import Testing

@Suite struct DomainSpecificEnergyTests {
    struct Row: Sendable {
        var z: Int
        var energy: Double
        var letKeVPerUM: Double
        var zBar: Double
        var zStar: Double
    }

    /// z̄_d and z*_d (Gy) for HSG cells, integrated independently with the LET of MSTAR 3.12 (keV/µm) as input.
    static let reference: [Row] = [
        Row(z: 1, energy: 1, letKeVPerUM: 25.93, zBar: 12.655, zStar: 12.233),
        Row(z: 1, energy: 5, letKeVPerUM: 7.861, zBar: 3.232, zStar: 3.2235),
        Row(z: 1, energy: 10, letKeVPerUM: 4.537, zBar: 1.6696, zStar: 1.6683),
        Row(z: 1, energy: 20, letKeVPerUM: 2.59, zBar: 0.86942, zStar: 0.86922),
        Row(z: 1, energy: 50, letKeVPerUM: 1.237, zBar: 0.37484, zStar: 0.37483),
        Row(z: 1, energy: 100, letKeVPerUM: 0.7247, zBar: 0.20517, zStar: 0.20517),
        Row(z: 1, energy: 200, letKeVPerUM: 0.447, zBar: 0.11884, zStar: 0.11884),
        Row(z: 1, energy: 300, letKeVPerUM: 0.35057, zBar: 0.090053, zStar: 0.090053),
        Row(z: 1, energy: 430, letKeVPerUM: 0.29199, zBar: 0.072891, zStar: 0.072891),
        Row(z: 2, energy: 1, letKeVPerUM: 103.38, zBar: 50.493, zStar: 30.829),
        Row(z: 2, energy: 5, letKeVPerUM: 31.436, zBar: 12.926, zStar: 12.397),
        Row(z: 2, energy: 10, letKeVPerUM: 18.149, zBar: 6.679, zStar: 6.5958),
        Row(z: 2, energy: 20, letKeVPerUM: 10.361, zBar: 3.4782, zStar: 3.4653),
        Row(z: 2, energy: 50, letKeVPerUM: 4.9497, zBar: 1.5002, zStar: 1.499),
        Row(z: 2, energy: 100, letKeVPerUM: 2.8995, zBar: 0.82102, zStar: 0.82081),
        Row(z: 2, energy: 200, letKeVPerUM: 1.7883, zBar: 0.47551, zStar: 0.47546),
        Row(z: 2, energy: 300, letKeVPerUM: 1.4024, zBar: 0.36025, zStar: 0.36023),
        Row(z: 2, energy: 430, letKeVPerUM: 1.1684, zBar: 0.29174, zStar: 0.29173),
        Row(z: 3, energy: 1, letKeVPerUM: 225.75, zBar: 110.34, zStar: 21.292),
        Row(z: 3, energy: 5, letKeVPerUM: 71.107, zBar: 29.287, zStar: 23.794),
        Row(z: 3, energy: 10, letKeVPerUM: 41.067, zBar: 15.141, zStar: 14.207),
        Row(z: 3, energy: 20, letKeVPerUM: 23.451, zBar: 7.8923, zStar: 7.7429),
        Row(z: 3, energy: 50, letKeVPerUM: 11.206, zBar: 3.4078, zStar: 3.3944),
        Row(z: 3, energy: 100, letKeVPerUM: 6.5652, zBar: 1.8664, zStar: 1.8641),
        Row(z: 3, energy: 200, letKeVPerUM: 4.0497, zBar: 1.0817, zStar: 1.0812),
        Row(z: 3, energy: 300, letKeVPerUM: 3.1758, zBar: 0.81986, zStar: 0.81964),
        Row(z: 3, energy: 430, letKeVPerUM: 2.646, zBar: 0.66415, zStar: 0.66403),
        Row(z: 4, energy: 1, letKeVPerUM: 361.5, zBar: 176.63, zStar: 13.447),
        Row(z: 4, energy: 5, letKeVPerUM: 126.32, zBar: 52.1, zStar: 28.494),
        Row(z: 4, energy: 10, letKeVPerUM: 73.009, zBar: 26.928, zStar: 22.123),
        Row(z: 4, energy: 20, letKeVPerUM: 41.69, zBar: 14.031, zStar: 13.214),
        Row(z: 4, energy: 50, letKeVPerUM: 19.921, zBar: 6.0583, zStar: 5.9831),
        Row(z: 4, energy: 100, letKeVPerUM: 11.672, zBar: 3.3181, zStar: 3.3048),
        Row(z: 4, energy: 200, letKeVPerUM: 7.1994, zBar: 1.9231, zStar: 1.9203),
        Row(z: 4, energy: 300, letKeVPerUM: 5.6459, zBar: 1.4575, zStar: 1.4563),
        Row(z: 4, energy: 430, letKeVPerUM: 4.704, zBar: 1.1807, zStar: 1.18),
        Row(z: 5, energy: 1, letKeVPerUM: 503.76, zBar: 246.02, zStar: 9.7182),
        Row(z: 5, energy: 5, letKeVPerUM: 196.12, zBar: 80.98, zStar: 23.886),
        Row(z: 5, energy: 10, letKeVPerUM: 114.05, zBar: 42.097, zStar: 26.696),
        Row(z: 5, energy: 20, letKeVPerUM: 65.141, zBar: 21.926, zStar: 18.98),
        Row(z: 5, energy: 50, letKeVPerUM: 31.127, zBar: 9.4661, zStar: 9.1827),
        Row(z: 5, energy: 100, letKeVPerUM: 18.237, zBar: 5.1846, zStar: 5.134),
        Row(z: 5, energy: 200, letKeVPerUM: 11.249, zBar: 3.0048, zStar: 2.9943),
        Row(z: 5, energy: 300, letKeVPerUM: 8.8217, zBar: 2.2774, zStar: 2.2726),
        Row(z: 5, energy: 430, letKeVPerUM: 7.35, zBar: 1.8449, zStar: 1.8423),
        Row(z: 6, energy: 1, letKeVPerUM: 658.66, zBar: 321.6, zStar: 7.4967),
        Row(z: 6, energy: 5, letKeVPerUM: 277.98, zBar: 114.79, zStar: 17.678),
        Row(z: 6, energy: 10, letKeVPerUM: 163.97, zBar: 60.572, zStar: 25.769),
        Row(z: 6, energy: 20, letKeVPerUM: 93.8, zBar: 31.58, zStar: 23.608),
        Row(z: 6, energy: 50, letKeVPerUM: 44.823, zBar: 13.631, zStar: 12.803),
        Row(z: 6, energy: 100, letKeVPerUM: 26.261, zBar: 7.4658, zStar: 7.316),
        Row(z: 6, energy: 200, letKeVPerUM: 16.199, zBar: 4.3269, zStar: 4.2956),
        Row(z: 6, energy: 300, letKeVPerUM: 12.703, zBar: 3.2794, zStar: 3.2653),
        Row(z: 6, energy: 430, letKeVPerUM: 10.584, zBar: 2.6566, zStar: 2.6488),
        Row(z: 8, energy: 1, letKeVPerUM: 991.63, zBar: 484.08, zStar: 5.0767),
        Row(z: 8, energy: 5, letKeVPerUM: 469.18, zBar: 193.32, zStar: 10.862),
        Row(z: 8, energy: 10, letKeVPerUM: 287.62, zBar: 106.24, zStar: 17.048),
        Row(z: 8, energy: 20, letKeVPerUM: 166.54, zBar: 56.099, zStar: 24.871),
        Row(z: 8, energy: 50, letKeVPerUM: 79.684, zBar: 24.234, zStar: 19.973),
        Row(z: 8, energy: 100, letKeVPerUM: 46.686, zBar: 13.273, zStar: 12.455),
        Row(z: 8, energy: 200, letKeVPerUM: 28.798, zBar: 7.6923, zStar: 7.5181),
        Row(z: 8, energy: 300, letKeVPerUM: 22.584, zBar: 5.8301, zStar: 5.7511),
        Row(z: 8, energy: 430, letKeVPerUM: 18.816, zBar: 4.7228, zStar: 4.6795),
        Row(z: 10, energy: 1, letKeVPerUM: 1409.9, zBar: 688.84, zStar: 3.6397),
        Row(z: 10, energy: 5, letKeVPerUM: 704.07, zBar: 290.48, zStar: 7.6435),
        Row(z: 10, energy: 10, letKeVPerUM: 441.54, zBar: 163.16, zStar: 11.386),
        Row(z: 10, energy: 20, letKeVPerUM: 259.19, zBar: 87.339, zStar: 18.667),
        Row(z: 10, energy: 50, letKeVPerUM: 124.49, zBar: 37.866, zStar: 24.184),
        Row(z: 10, energy: 100, letKeVPerUM: 72.947, zBar: 20.738, zStar: 17.801),
        Row(z: 10, energy: 200, letKeVPerUM: 44.996, zBar: 12.019, zStar: 11.369),
        Row(z: 10, energy: 300, letKeVPerUM: 35.287, zBar: 9.1095, zStar: 8.8121),
        Row(z: 10, energy: 430, letKeVPerUM: 29.4, zBar: 7.3794, zStar: 7.2156),
    ]

    @Test(arguments: reference)
    func agreesForTheSameLET(row: Row) {
        let track = KieferChatterjeeTrack(
            chargeNumber: row.z, energyMeVPerNucleon: row.energy, letKeVPerUM: row.letKeVPerUM)
        let z = DomainSpecificEnergy(track: track, parameters: .hsgInaniwa2010)
        expectClose(z.doseMeanGy, row.zBar, relative: 0.005, because: "same model, same LET")
        expectClose(z.saturationCorrectedGy, row.zStar, relative: 0.005, because: "same model, same LET")
    }

    /// z* of carbon read off the published curve, with the LET of MSTAR 3.12: Inaniwa et al. 2010.
    @Test(arguments: [(5.0, 17.166), (10, 25.793), (20, 23.449), (50, 12.707), (100, 7.2742), (200, 4.2794)])
    func carbonAgreesWithThePublishedCurve(energy: Double, zStarGy: Double) throws {
        let row = try #require(Self.reference.first { $0.z == 6 && $0.energy == energy })
        let track = KieferChatterjeeTrack(
            chargeNumber: 6, energyMeVPerNucleon: energy, letKeVPerUM: row.letKeVPerUM)
        expectClose(
            DomainSpecificEnergy(track: track, parameters: .hsgInaniwa2010).saturationCorrectedGy, zStarGy,
            relative: 0.03, because: "reading of the printed curve")
    }
}
