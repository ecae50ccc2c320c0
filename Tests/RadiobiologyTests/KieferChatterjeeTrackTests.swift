import Radiobiology
import TestSupport
import Testing

@Suite struct KieferChatterjeeTrackTests {
    @Test(arguments: [(6, 0.1, 6500.0), (6, 10, 161), (6, 290, 12.9), (1, 100, 0.725), (10, 1, 1500)])
    func wholeTrackHoldsTheLET(charge: Int, energy: Double, letKeVPerUM: Double) {
        let track = KieferChatterjeeTrack(
            chargeNumber: charge, energyMeVPerNucleon: energy, letKeVPerUM: letKeVPerUM)
        expectClose(
            track.enclosedGyUM2(radiusUM: 1e6), 0.1602176634 * letKeVPerUM, relative: 1e-12,
            because: "the core takes what the penumbra leaves")
        #expect(track.coreDoseGy > 0)
    }

    /// Far off axis the domain sees the local dose: z₁ → D(b).
    @Test func farDomainSeesTheLocalDose() {
        let track = KieferChatterjeeTrack(chargeNumber: 6, energyMeVPerNucleon: 290, letKeVPerUM: 12.9)
        expectClose(
            DomainSpecificEnergy.singleTrackGy(track: track, domainRadiusUM: 0.32, impactUM: 20),
            track.localDoseGy(radiusUM: 20), relative: 5e-4, because: "curvature (r_d/b)²")
    }

    /// ∫ z₁ 2πb db is the LET over the density, whatever the domain.
    @Test func sumOverImpactParametersIsTheLET() {
        let track = KieferChatterjeeTrack(chargeNumber: 6, energyMeVPerNucleon: 20, letKeVPerUM: 93)
        let end = 0.32 + track.penumbraRadiusUM
        let steps = 40_000
        var sum = 0.0
        for i in 0..<steps {
            let b = (Double(i) + 0.5) * end / Double(steps)
            sum +=
                DomainSpecificEnergy.singleTrackGy(track: track, domainRadiusUM: 0.32, impactUM: b) * 2 * .pi
                * b * end / Double(steps)
        }
        expectClose(sum, 0.1602176634 * 93, relative: 1e-4, because: "energy is conserved")
    }
}
