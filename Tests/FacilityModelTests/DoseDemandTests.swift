import FacilityModel
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct DoseDemandTests {
    /// Ions whose energy lost per slice is flat in the cube, solved slice by slice from the deepest, without reactions:
    /// the same question by other means.
    @Test func closedFormAgreesWithSolvingSliceBySlice() throws {
        let table = try RangeTable(.carbon12)
        let (edge, slices) = (100.0, 400)
        let width = edge / Double(slices)
        // Energy that an ion of residual range r at a slice's front loses in the slice.
        func loss(_ range: Double) -> Double {
            guard range > 0 else { return 0 }
            let after = range > width ? table.energyMeVPerNucleon(rangeMM: range - width) : 0
            return 12 * (table.energyMeVPerNucleon(rangeMM: range) - after)
        }
        // Group j stops at the back of slice j; slice i gets from group j the loss at range (j − i + 1) w.
        let losses = (0...slices).map { loss(Double($0) * width) }
        var weights = [Double](repeating: 0, count: slices)
        for i in stride(from: slices - 1, through: 0, by: -1) {
            var given = 0.0
            for j in (i + 1)..<max(slices, i + 1) { given += weights[j] * losses[j - i + 1] }
            weights[i] = max(0, (1 - given) / losses[1])
        }
        let perSlice = 1 / PhysicalConstants.joulePerMeV / Double(slices)
        let solved = weights.reduce(0, +) * perSlice
        let demand = try DoseDemand(.carbon12)
        let survival = demand.survival(toMM: 100, rangeMM: 150)
        let closed = demand.ions(doseGy: 1, volumeCM3: 1000, depthMM: 100) * survival
        expectClose(closed, solved, relative: 0.05, because: "R = α T^p holds to some per cent")
    }

    @Test func publishedSphereOfSixtyMillimetres() throws {
        // 113 cm³ at 1 Gy: 7.1e11 MeV at 0.8 to 1 GeV left in the target by an ion.
        let ions = try DoseDemand(.carbon12).ions(doseGy: 1, volumeCM3: 113, depthMM: 100)
        #expect((7.0e8...9.0e8).contains(ions), "\(ions)")
    }

    @Test func survivalFallsWithDepthAndFollowsTheMeanFreePath() throws {
        let demand = try DoseDemand(.carbon12)
        let near = demand.survival(toMM: 20, rangeMM: 150)
        let far = demand.survival(toMM: 140, rangeMM: 150)
        #expect(near < 1 && far < near && far > 0.4)
        // Carbon at 270 MeV/u has a mean free path of some 240 mm in water.
        expectClose(near, 0.92, absolute: 0.01, because: "exp(-20/240)")
    }

    @Test func dosesAndIonsGoTogether() throws {
        let demand = try DoseDemand(.carbon12)
        expectClose(
            demand.ions(doseGy: 3, volumeCM3: 200, depthMM: 80),
            3 * demand.ions(doseGy: 1, volumeCM3: 200, depthMM: 80), relative: 1e-12, because: "linear")
    }
}
