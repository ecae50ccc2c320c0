import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing

@Suite struct CollisionSamplerTests {
    static func species(_ isotope: Isotope) throws -> Int {
        try #require(TransportedSpecies.index(of: isotope))
    }

    /// Runs `count` collisions and hands each to `body`.
    static func collide(
        _ projectile: Isotope, _ energy: Double, on target: Isotope, count: Int,
        body: ([Ejectile]) throws -> Void
    ) throws {
        let sampler = try CollisionSampler()
        let out = UnsafeMutablePointer<Ejectile>.allocate(capacity: CollisionSampler.scratchCapacity)
        defer { out.deallocate() }
        for history in 0..<count {
            var random = RandomStream(seed: 11, history: UInt64(history))
            let n = sampler.sample(
                species: try species(projectile), energyMeVPerNucleon: energy, target: try species(target),
                random: &random, out: out)
            try body((0..<n).map { out[$0] })
        }
    }

    @Test(arguments: [(Isotope.proton), .oxygen16], [20.0, 95, 430])
    func everyCollisionConservesChargeNucleonsEnergyAndMomentum(target: Isotope, energy: Double) throws {
        for projectile in TransportedSpecies.all {
            let mass = try Ion(projectile).restEnergyMeV
            let targetMass = try Ion(target).restEnergyMeV
            let kinetic = energy * Double(projectile.massNumber)
            let momentum = (kinetic * (kinetic + 2 * mass)).squareRoot()
            var found = 0
            try Self.collide(projectile, energy, on: target, count: 20) { ejectiles in
                guard !ejectiles.isEmpty else { return }
                found += 1
                #expect(
                    ejectiles.reduce(0) { $0 + Int($1.chargeNumber) }
                        == projectile.atomicNumber + target.atomicNumber)
                #expect(
                    ejectiles.reduce(0) { $0 + Int($1.massNumber) }
                        == projectile.massNumber + target.massNumber)
                let sum = ejectiles.reduce(FourVector(energy: 0)) { $0 + $1.momentum }
                expectClose(
                    sum.energy, kinetic + mass + targetMass, relative: 1e-10,
                    because: "energy, rounding of boosts")
                expectClose(sum.z, momentum, relative: 1e-9, because: "momentum, rounding of boosts")
                #expect(abs(sum.x) < 1e-6 * momentum && abs(sum.y) < 1e-6 * momentum)
                for e in ejectiles {
                    expectClose(
                        e.momentum.massSquared.squareRoot(), e.restEnergyMeV, relative: 1e-6,
                        because: "on the mass shell")
                }
            }
            // At 20 MeV/u on hydrogen some channels (4He) lie above the energy in the centre of mass.
            if energy > 50 { #expect(found == 20, "\(projectile) on \(target) at \(energy) MeV/u") }
        }
    }

    /// Charge-changing cross section of ¹²C on the water molecule: mean of Toshito 2007 (EXFOR E2053) and Golovchenko
    /// 2002 (O1044), 1222 mb; they scatter by 2 %, other targets scaled to water give 8 % less.
    @Test func chargeChangingCrossSectionOnWaterAgreesWithMeasurement() throws {
        var sigma = 0.0
        for (target, atoms) in [(Isotope.proton, 2.0), (.oxygen16, 1.0)] {
            var keptCharge = 0
            let count = 4000
            try Self.collide(.carbon12, 300, on: target, count: count) { ejectiles in
                if ejectiles.contains(where: { $0.isProjectileLike && $0.chargeNumber == 6 }) {
                    keptCharge += 1
                }
            }
            sigma +=
                atoms * (1 - Double(keptCharge) / Double(count))
                * ReactionCrossSection.reactionMB(
                    projectile: .carbon12, target: target, energyMeVPerNucleon: 300)
        }
        expectClose(sigma, 1222, relative: 0.06, because: "spread of the measurements")
    }

    /// Hydrogen at 5 and 10 degrees from ¹²C at 400 MeV/u on carbon: 7630 ± 230 and 4170 ± 160 mb/sr, Zeitlin 2007
    /// (EXFOR C1581); our oxygen target per collision times 783 mb.
    @Test func hydrogenGoesForwardAsMeasuredOnThinTargets() throws {
        var near = 0
        var far = 0
        let count = 12000
        try Self.collide(.carbon12, 400, on: .oxygen16, count: count) { ejectiles in
            for e in ejectiles where e.chargeNumber == 1 {
                let cosine = e.momentum.z / e.momentum.momentumSquared.squareRoot()
                if cosine < 0.997_564 && cosine > 0.994_522 { near += 1 }
                if cosine < 0.987_688 && cosine > 0.981_627 { far += 1 }
            }
        }
        // Solid angles 4...6 and 9...11 degrees.
        let scale = 783 / Double(count) / (2 * .pi)
        expectClose(
            Double(near) * scale / 0.003_042, 7630, relative: 0.25,
            because: "3 % error, C for O, one constant fitted")
        expectClose(
            Double(far) * scale / 0.006_061, 4170, relative: 0.25,
            because: "4 % error, C for O, one constant fitted")
    }
}
