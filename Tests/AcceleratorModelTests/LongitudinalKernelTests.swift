import AcceleratorModel
import Foundation
import IonPhysics
import TestSupport
import Testing

@Suite struct LongitudinalKernelTests {
    @Test func sineAgreesWithTheLibrary() {
        for i in -4000...4000 {
            let x = Double(i) * 0.0247
            let mine = LongitudinalKernel.sine(SIMD8(repeating: x))
            expectClose(mine[5], sin(x), absolute: 2e-14, because: "series and reduction")
        }
    }

    /// The map keeps area: the determinant of its derivative over many turns is 1.
    @Test func areaIsKept() throws {
        let program = try Accelerator.small.ramp(topMeVPerNucleon: 60)
        let rest = program.ion.restEnergyMeV
        let kernel = LongitudinalKernel(
            restEnergySquared: rest * rest, compaction: 1 / (1.68 * 1.68), lightTimeS: 63 / 299_792_458.0)
        var turns = TurnSequence(program: program)
        let (time, energy) = (2e-8, 0.02)
        let (dt, de) = (1e-12, 1e-6)
        var lanes = LongitudinalLanes(time: .init(repeating: time), energy: .init(repeating: energy))
        lanes.time[1] += dt
        lanes.time[2] -= dt
        lanes.energy[3] += de
        lanes.energy[4] -= de
        // Into the ramp, where the frequency changes.
        _ = turns.next(atMost: 100_000, until: 0.06)
        for _ in 0..<20 { kernel.advance(&lanes, through: turns.next(atMost: 256, until: 1)) }
        let a = (lanes.time[1] - lanes.time[2]) / (2 * dt)
        let b = (lanes.time[3] - lanes.time[4]) / (2 * de)
        let c = (lanes.energy[1] - lanes.energy[2]) / (2 * dt)
        let d = (lanes.energy[3] - lanes.energy[4]) / (2 * de)
        expectClose(a * d - b * c, 1, absolute: 1e-4, because: "differences of rounded numbers")
    }
}
