import BeamOptics
import BeamTransport
import Glibc
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct LineScatteringTests {
    /// Highland's formula in the form of the Particle Data Group, 13.6 MeV and 0.038.
    static func highland(_ ion: Ion, energy: Double, thicknessMM: Double, radiationLengthMM: Double) -> Double
    {
        let pv = ion.kinematics(energyMeVPerNucleon: energy).momentumVelocityMeV
        let t = thicknessMM / radiationLengthMM
        return 13.6 * Double(ion.chargeNumber) / pv * t.squareRoot() * (1 + 0.038 * log(t))
    }

    /// Radiation lengths of the Particle Data Group. The calibrated Rossi form has no logarithm: it is that of thick layers, and more than Highland's in thin ones.
    @Test(arguments: [
        (Material.air, 1400.0, 303_900.0), (Material.kapton, 0.5, 285.7), (Material.water, 5.0, 360.8),
    ])
    func nearToHighland(material: Material, thicknessMM: Double, radiationLengthMM: Double) throws {
        let table = try RangeTable(.carbon12)
        let scattering = LineScattering(rangeTable: table)
        for start in [100.0, 430] {
            var energy = start
            let powers = scattering.powers(
                MaterialProperties(material), thicknessMM: thicknessMM, energyMeVPerNucleon: &energy)
            let angle = (powers.reduce(0, +) * thicknessMM / Double(powers.count)).squareRoot()
            let other = Self.highland(
                table.ion, energy: 0.5 * (start + energy), thicknessMM: thicknessMM,
                radiationLengthMM: radiationLengthMM)
            #expect(
                angle / other > 0.95 && angle / other < 1.35, "\(material.name) \(start): \(angle / other)")
            #expect(energy < start)
        }
    }

    @Test func gasAddsTheFermiEygesMoments() throws {
        let entry = try SampleLine.entry(emittance: [1e-12, 1e-12])
        let line = try SampleLine.line(
            [.gas(name: "air", material: .air, lengthM: 2)], entry: entry)
        let beam = try line.beam(energyMeVPerNucleon: 430).isocentre
        let bare = try line.beam(energyMeVPerNucleon: 430, matter: .scattererOnly).isocentre
        let added = (0..<2).map { beam.betatron.rows[$0] - bare.betatron.rows[$0] }
        let angle = added[1][1]
        expectClose(added[0][0], angle * 4 / 3, relative: 5e-3, because: "T L^3/3 over T L")
        expectClose(added[0][1], angle, relative: 5e-3, because: "T L^2/2 over T L")
        let table = try RangeTable(.carbon12)
        let middle = 0.5 * (430 + beam.energyMeVPerNucleon)
        expectClose(
            angle,
            LineScattering(rangeTable: table).powerRad2PerMM(
                MaterialProperties(.air), energyMeVPerNucleon: middle) * 2000, relative: 1e-4,
            because: "T L of the transport")
        let water = MaterialProperties(.air).stoppingPowerRatio * 2000
        expectClose(
            beam.energyMeVPerNucleon, table.energyMeVPerNucleon(after: water, from: 430), relative: 1e-9,
            because: "the range table")
    }

    @Test func anIonThatStopsIsRefused() throws {
        let line = try SampleLine.line(
            [.plate(name: "block", material: .water, thicknessMM: 100)], entry: SampleLine.entry())
        #expect(throws: BeamTransportError.stopped(part: "block", energyMeVPerNucleon: 100)) {
            try line.beam(energyMeVPerNucleon: 100)
        }
    }
}
