import AcceleratorModel
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct SpaceChargeTuneShiftTests {
    /// Round beam in a ring of equal tunes: ΔQ = −N r/(2π β² γ³ B ε).
    @Test func roundBeamByHand() throws {
        let motion = try ChargedIon(.carbon12).motion(energyMeVPerNucleon: 6)
        let shift = try SpaceChargeTuneShift(
            ions: 1e10, motion: motion, emittancesUM: SIMD2(20, 20), tunes: SIMD2(3, 3), bunchingFactor: 0.5,
            profileFactor: 1)
        // r = 36 · 1.43996e-18/11.1749 m; β = 0.1130, γ = 1.00644.
        let radius = 36 * 1.439964548e-15 / 11174.86
        let expected = -1e10 * radius / (2 * .pi * 0.112972 * 0.112972 * 1.01945 * 0.5 * 20e-6)
        expectClose(shift.vertical, expected, relative: 1e-3, because: "figures of the hand sum")
        expectClose(shift.horizontal, expected, relative: 1e-3, because: "round")
        let gaussian = try SpaceChargeTuneShift(
            ions: 1e10, motion: motion, emittancesUM: SIMD2(20, 20), tunes: SIMD2(3, 3), bunchingFactor: 0.5)
        expectClose(gaussian.vertical / shift.vertical, 2, relative: 1e-12, because: "middle of a Gaussian")
    }

    @Test func warnsBeyondTheUsualLimit() throws {
        let motion = try ChargedIon(.carbon12).motion(energyMeVPerNucleon: 4)
        func shift(_ ions: Double) throws -> SpaceChargeTuneShift {
            try SpaceChargeTuneShift(
                ions: ions, motion: motion, emittancesUM: SIMD2(180, 20), tunes: SIMD2(1.68, 1.13),
                bunchingFactor: 0.35)
        }
        #expect(try shift(1e9).warning == nil)
        #expect(try shift(1e11).warning != nil)
        expectClose(
            try shift(2e10).greatest / shift(1e10).greatest, 2, relative: 1e-12, because: "linear in the ions"
        )
        #expect(throws: AcceleratorError.self) { try shift(-1) }
        #expect(throws: AcceleratorError.figure("bunching factor", 1.5, mustBe: "above 0 and at most 1")) {
            try SpaceChargeTuneShift(
                ions: 1, motion: motion, emittancesUM: SIMD2(1, 1), tunes: SIMD2(1, 1), bunchingFactor: 1.5)
        }
    }
}
