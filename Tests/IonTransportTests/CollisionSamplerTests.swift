import Foundation
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

    /// Cross section per solid angle at angles, mb/sr, for one nuclide or (mass number 0) one element.
    ///
    /// Ejectiles below `threshold`, MeV per nucleon, did not reach the detectors and are left out.
    static func perSolidAngle(
        _ collisions: [[Ejectile]], charge: Int32, mass: Int32, atDegrees angle: Double, halfWidth: Double,
        threshold: Double, reactionMB: Double
    ) -> Double {
        let (inner, outer) = (cos((angle - halfWidth) * .pi / 180), cos((angle + halfWidth) * .pi / 180))
        var count = 0
        for collision in collisions {
            for e in collision
            where e.chargeNumber == charge && (mass == 0 || e.massNumber == mass)
                && e.kineticEnergyMeV > threshold * Double(e.massNumber)
            {
                let cosine = e.momentum.z / e.momentum.momentumSquared.squareRoot()
                if cosine < inner && cosine > outer { count += 1 }
            }
        }
        return Double(count) / Double(collisions.count) / (2 * .pi * (inner - outer)) * reactionMB
    }

    static func collisions(_ projectile: Isotope, _ energy: Double, on target: Isotope, count: Int) throws
        -> [[Ejectile]]
    {
        var result: [[Ejectile]] = []
        result.reserveCapacity(count)
        try collide(projectile, energy, on: target, count: count) { result.append($0) }
        return result
    }

    /// ¹²C at 400 MeV/u on carbon at 5 and 10 degrees, mb/sr: Zeitlin 2007 (EXFOR C1581).
    @Test func elementsGoForwardAsZeitlinMeasured() throws {
        let collisions = try Self.collisions(.carbon12, 400, on: .carbon12, count: 30000)
        let reaction = ReactionCrossSection.reactionMB(
            projectile: .carbon12, target: .carbon12, energyMeVPerNucleon: 400)
        for (charge, angle, measured, tolerance) in [
            (Int32(1), 5.0, 7630.0, 0.45), (1, 10, 4170, 0.15), (2, 5, 4220, 0.3), (2, 10, 610, 0.3),
            (3, 5, 200, 0.35),
        ] {
            expectClose(
                Self.perSolidAngle(
                    collisions, charge: charge, mass: 0, atDegrees: angle, halfWidth: 1, threshold: 20,
                    reactionMB: reaction),
                measured, relative: tolerance,
                because:
                    "H at 5 degrees lies between Zeitlin and what Dudouet at 95 MeV/u asks for; counting error"
            )
        }
    }

    /// ¹²C at 95 MeV/u on carbon, mb/sr at 7, 11, 17 and 21 degrees: Dudouet 2013 (EXFOR O2170); Data/Reference/dudouet.
    @Test func nuclidesGoForwardAsDudouetMeasured() throws {
        let collisions = try Self.collisions(.carbon12, 95, on: .carbon12, count: 60000)
        let reaction = ReactionCrossSection.reactionMB(
            projectile: .carbon12, target: .carbon12, energyMeVPerNucleon: 95)
        var (good, all) = (0, 0)
        let rows = try Self.referenceRows("dudouet/c12_95.csv", columns: 6).filter { $0[0] == 6 }
        for row in rows {
            let (charge, mass, angle) = (Int32(row[1]), Int32(row[2]), row[3])
            let angles = charge <= 2 ? [7.0, 11, 17, 21] : [7, 11]
            guard angles.contains(angle), mass != 6 || charge == 3, charge < 4 || mass == 7, charge < 5 else {
                continue
            }
            let ours = Self.perSolidAngle(
                collisions, charge: charge, mass: mass, atDegrees: angle, halfWidth: 1, threshold: 5,
                reactionMB: reaction)
            all += 1
            if abs(ours / row[4] - 1) < 0.25 { good += 1 }
            #expect(
                (0.6...1.6).contains(ours / row[4]),
                "Z \(charge) A \(mass) at \(angle) degrees: \(ours) for \(row[4])")
        }
        #expect(all >= 26)
        #expect(Double(good) >= 0.85 * Double(all), "\(good) of \(all) within 25 %")
    }

    /// Violent collisions slow what goes sideways; energies of ¹²C, 95 MeV/u, on carbon at 11 and 17 degrees: Dudouet 2013;
    /// Data/Reference/dudouet.
    @Test func clustersThatGoSidewaysAreSlowedAsDudouetMeasured() throws {
        let collisions = try Self.collisions(.carbon12, 95, on: .carbon12, count: 60000)
        let rows = try Self.referenceRows("dudouet/c12_95_mean_energy.csv", columns: 4)
        #expect(rows.count == 14)
        for row in rows {
            let (charge, mass) = (Int32(row[0]), Int32(row[1]))
            let (inner, outer) = (cos((row[2] - 2) * .pi / 180), cos((row[2] + 2) * .pi / 180))
            var (sum, count) = (0.0, 0)
            for collision in collisions {
                for e in collision where e.chargeNumber == charge && e.massNumber == mass {
                    let perNucleon = e.kineticEnergyMeV / Double(mass)
                    let cosine = e.momentum.z / e.momentum.momentumSquared.squareRoot()
                    if perNucleon > 5 && cosine < inner && cosine > outer {
                        sum += perNucleon
                        count += 1
                    }
                }
            }
            expectClose(
                sum / Double(count), row[3], relative: 0.28,
                because:
                    "Z \(charge) A \(mass) at \(row[2]) degrees; without stopping 6Li and 7Li have 45 % more; counting error"
            )
        }
    }

    /// Share of ⁴He collisions that leave ³He: mass-changing minus charge-changing over mass-changing cross section on carbon, Horst
    /// 2017 and 2019 (EXFOR O2435, O2441); each ± 0.08.
    @Test(arguments: [(74.0, 0.54), (125, 0.35), (176, 0.25), (216, 0.25)])
    func heliumLosesANeutronAsMeasured(energy: Double, measured: Double) throws {
        var kept = 0
        let count = 6000
        try Self.collide(.helium4, energy, on: .carbon12, count: count) { ejectiles in
            if ejectiles.contains(where: { $0.isProjectileLike && $0.chargeNumber == 2 }) { kept += 1 }
        }
        expectClose(
            Double(kept) / Double(count), measured, absolute: 0.12, because: "1.5 experimental errors")
    }

    /// Comma separated numbers of a reference file, comments and heading left out.
    static func referenceRows(_ path: String, columns: Int) throws -> [[Double]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: folder.appending(path: "Data/Reference/\(path)"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let numbers = line.split(separator: ",").compactMap { Double($0) }
            return numbers.count == columns ? numbers : nil
        }
    }
}
