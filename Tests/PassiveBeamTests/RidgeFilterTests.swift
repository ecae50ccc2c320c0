import BeamData
import FacilityModel
import PassiveBeam
import Quantities
import Radiobiology
import TestSupport
import Testing

@Suite struct RidgeFilterTests {
    private static let model = ClinicalMKM.nirs2015

    private static func line(_ energy: Double = 290) throws -> PassiveBeamLine {
        let setting = try #require(
            Sample.nozzle.spreading.settings.first { $0.energy.value == energy && $0.fieldDiameterMM == 200 })
        return try PassiveBeamLine(
            nozzle: Sample.nozzle, ion: .carbon12, setting: setting, biology: .clinicalMKM(model),
            depthTable: Sample.depthTable)
    }

    /// Ions per mm² that give a clinical dose at a depth.
    private static func fluence(_ table: BroadBeamTable, clinicalDose: Double, atWaterMM depth: Double)
        -> Double
    {
        let value = table.broadBeam(atWaterMM: depth)
        var (low, high) = (0.0, 1e10)
        for _ in 0..<100 {
            let middle = 0.5 * (low + high)
            let dose = model.clinicalDose(dose: middle * value.dose, doseZStar: middle * value.doseZStar)
                .value
            if dose < clinicalDose { low = middle } else { high = middle }
        }
        return low
    }

    /// The filter of 1994 to 2011: 60 mm at 290 MeV/u.
    @Test func sixtyMillimetresAt290AreFlatAndTheCentreHasRBE2Point4() throws {
        let line = try Self.line()
        let filter = try line.ridgeFilter(widthMM: 60)
        #expect(filter.flatness < 0.025)
        let passage = try line.passage(rangeShifterMM: 0, filter: filter)
        let table = try line.table(behind: passage, filter: filter)
        let distal = line.reachMM
        let source = line.open.sourceDistanceMM
        let ions = Self.fluence(table, clinicalDose: 4, atWaterMM: distal - 30)
        var doses: [Double] = []
        for step in 0...120 {
            let depth = distal - 60 + 0.5 * Double(step)
            let widening = 1 + (depth - distal + 30) / source
            let value = table.broadBeam(atWaterMM: depth)
            let scale = ions / (widening * widening)
            doses.append(
                Self.model.clinicalDose(dose: scale * value.dose, doseZStar: scale * value.doseZStar).value)
        }
        let (low, high) = (doses.min() ?? 0, doses.max() ?? 0)
        #expect((high - low) / (high + low) <= 0.025, "\(low)...\(high)")
        let centre = ions * table.broadBeam(atWaterMM: distal - 30).dose
        expectClose(
            4 / centre, 2.4, absolute: 0.15, because: "clinical RBE at the centre (Kanai et al. 1999)")
        // Behind the end only fragments are left.
        let behind =
            table.broadBeam(atWaterMM: distal + 10).dose / table.broadBeam(atWaterMM: distal - 30).dose
        #expect(behind > 0.02 && behind < 0.2)
    }

    /// Kanai's clinical RBE at the centre, as remembered: the narrower, the higher.
    @Test(arguments: [(30.0, 2.8), (40, 2.6), (50, 2.5), (60, 2.4), (80, 2.3), (100, 2.2), (120, 2.1)])
    func theCentresRBEFallsWithTheWidth(width: Double, rbe: Double) throws {
        let line = try Self.line()
        let filter = try line.ridgeFilter(widthMM: width)
        let table = try line.table(behind: line.passage(rangeShifterMM: 0, filter: filter), filter: filter)
        let depth = line.reachMM - width / 2
        let ions = Self.fluence(table, clinicalDose: 4, atWaterMM: depth)
        expectClose(
            4 / (ions * table.broadBeam(atWaterMM: depth).dose), rbe, absolute: 0.15,
            because: "table of the passive ports, remembered to 0.1")
    }

    @Test func theBarHoldsTheMaterialOfItsSteps() throws {
        let filter = try Self.line().ridgeFilter(widthMM: 60)
        let bar = filter.bar(pitchMM: 5)
        #expect(bar.count == 61)
        expectClose(bar[0].widthMM, 5, relative: 1e-12, because: "the foot fills the pitch")
        for (below, above) in zip(bar, bar.dropFirst()) {
            #expect(above.widthMM <= below.widthMM && above.heightMM > below.heightMM)
        }
        var area = 0.0
        for (below, above) in zip(bar, bar.dropFirst()) {
            area += (above.heightMM - below.heightMM) * above.widthMM
        }
        expectClose(area, 5 * filter.meanThicknessMM, relative: 1e-9, because: "mean thickness times pitch")
        // 60 mm of water are 28 mm of aluminium.
        expectClose(bar[60].heightMM, 28.3, absolute: 0.7, because: "stopping power of aluminium, 2.12")
        expectClose(
            filter.mixture.shares.reduce(0, +), 1, relative: 1e-12, because: "every ion passes somewhere")
        #expect(filter.mixture.shares[0] > 0.1, "most ions in one step make the distal edge")
    }

    @Test(arguments: [350.0, 400]) func otherEnergiesAreFlatToo(energy: Double) throws {
        for width in [30.0, 60, 120] {
            #expect(try Self.line(energy).ridgeFilter(widthMM: width).flatness < 0.025)
        }
    }

    @Test func theNarrowPeakFallsFromItsEnd() throws {
        let line = try Self.line()
        let filter = try line.ridgeFilter(widthMM: 10)
        let table = try line.table(behind: line.passage(rangeShifterMM: 0, filter: filter), filter: filter)
        let ions = Self.fluence(table, clinicalDose: 4, atWaterMM: line.reachMM - 1)
        func dose(_ before: Double) -> Double {
            let value = table.broadBeam(atWaterMM: line.reachMM - before)
            return Self.model.clinicalDose(dose: ions * value.dose, doseZStar: ions * value.doseZStar).value
        }
        expectClose(dose(5) / 4, 0.79, absolute: 0.05, because: "linear to one half at 10 mm")
        expectClose(dose(10) / 4, 0.53, absolute: 0.05, because: "linear to one half at 10 mm")
    }

    @Test func unknownWidthsAreRefused() throws {
        let line = try Self.line()
        #expect(
            throws: PassiveBeamError.noRidgeFilter(
                widthMM: 45, available: Sample.nozzle.ridgeFilters.widthsMM + [10])
        ) {
            try line.ridgeFilter(widthMM: 45)
        }
    }
}
