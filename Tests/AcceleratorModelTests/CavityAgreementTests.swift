import AcceleratorModel
import BeamOptics
import IonPhysics
import Quantities
import TestSupport
import Testing

/// The cavity of the optics and the longitudinal map of the ramp are the same physics.
@Suite struct CavityAgreementTests {
    /// 1000 turns in a stationary bucket, in a ring without compaction, where both maps are exact: small and large amplitudes.
    @Test(arguments: [0.3, 1.5, 2.8]) func bothGiveTheSameOrbitOver1000Turns(phase: Double) throws {
        let (length, harmonic, voltageMV) = (63.0, 2, 2e-3)
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 100)
        let lattice = try Lattice(
            name: "straight", reference: reference,
            elements: [
                LatticeElement(
                    name: "rf", kind: .cavity(voltageMV: voltageMV, harmonic: harmonic, lagRad: 0)),
                LatticeElement(name: "d", kind: .drift, lengthM: length),
            ])
        let light = PhysicalConstants.speedOfLightMPerS
        let period = length / reference.speedMPerS
        let turn = TurnFigures(
            angularFrequency: 2 * .pi * Double(harmonic) / period, synchronousPhase: 0, sineOfPhase: 0,
            chargeVoltageMeV: voltageMV * Double(reference.chargeState),
            totalEnergyMeV: reference.totalEnergyMeV, inverseMomentum: 1 / reference.momentumMeV,
            periodS: period, inverseAcceptance: 1)
        let kernel = LongitudinalKernel(
            restEnergySquared: reference.restEnergyMeV * reference.restEnergyMeV, compaction: 0,
            lightTimeS: length / light)
        // No compaction: above no transition, so a late particle must gain; it starts `phase` behind.
        let time = phase / turn.angularFrequency
        var lanes = LongitudinalLanes(time: .init(repeating: time), energy: .zero)
        var start = BeamCoordinates<Double>(reference: reference)
        start.zeta = -reference.speedMPerS * time
        var own: [(time: Double, energy: Double)] = []
        for _ in 0..<1000 {
            own.append((lanes.time[0], lanes.energy[0]))
            kernel.advance(&lanes, through: [turn])
        }
        var (late, energy) = (0.0, 0.0)
        ParticleTracker(BeamLineMap(lattice)).trackOne(start, turns: 1000) { turn, p in
            guard turn < 1000 else { return }
            late = max(late, abs(-p.zeta / reference.speedMPerS - own[turn].time))
            energy = max(energy, abs((p.energyRatio - 1) * reference.totalEnergyMeV - own[turn].energy))
        }
        // Synchrotron motion is slow: some turns of the bucket within the 1000.
        #expect(own.contains { $0.time < 0 }, "it went round")
        let most = own.map { abs($0.energy) }.max() ?? 0
        expectClose(late / time, 0, absolute: 1e-7, because: "the same exact map, rounding over 1000 turns")
        expectClose(energy / most, 0, absolute: 1e-7, because: "the same exact map, rounding over 1000 turns")
    }
}
