import IonPhysics
import Quantities
import TestSupport
import Testing

/// Stopping power and CSDA range of water against ICRU Report 90 (I = 78 eV), in MeV cm²/g and g/cm².
@Suite struct StoppingPowerTests {
    struct Row: Sendable {
        var isotope: Isotope
        var energy: Double
        var stopping: Double?
        var range: Double?
    }

    /// ICRU Report 90 (2016), table values; those for carbon off its nodes are spline interpolated.
    static let icru90: [Row] = [
        Row(isotope: .proton, energy: 10, stopping: 45.32, range: 0.1240),
        Row(isotope: .proton, energy: 50, stopping: 12.38, range: 2.240),
        Row(isotope: .proton, energy: 100, stopping: 7.250, range: 7.759),
        Row(isotope: .proton, energy: 200, stopping: 4.470, range: 26.09),
        Row(isotope: .proton, energy: 300, stopping: 3.504, range: 51.70),
        Row(isotope: .proton, energy: 400, stopping: 3.018, range: 82.63),
        Row(isotope: .helium4, energy: 10, stopping: 180.2, range: 0.1250),
        Row(isotope: .helium4, energy: 50, stopping: 49.23, range: 2.253),
        Row(isotope: .helium4, energy: 100, stopping: 28.85, range: 7.802),
        Row(isotope: .helium4, energy: 200, stopping: 17.80, range: 26.22),
        Row(isotope: .carbon12, energy: 10, stopping: 1607.1, range: 0.043832),
        Row(isotope: .carbon12, energy: 20, stopping: 923.36, range: 0.14664),
        Row(isotope: .carbon12, energy: 50, stopping: 443.4, range: 0.7542),
        Row(isotope: .carbon12, energy: 100, stopping: 260.3, range: 2.600),
        Row(isotope: .carbon12, energy: 200, stopping: 160.9, range: 8.718),
        Row(isotope: .carbon12, energy: 300, stopping: 126.28, range: 17.25),
        Row(isotope: .carbon12, energy: 333.3333, stopping: 119.3, range: 20.51),
        Row(isotope: .carbon12, energy: 400, stopping: 108.87, range: 27.55),
        Row(isotope: .carbon12, energy: 416.6667, stopping: 106.8, range: 29.40),
        Row(isotope: .carbon12, energy: 430, stopping: 105.26, range: 30.91),
    ]

    @Test(arguments: icru90)
    func agreesWithICRU90(row: Row) throws {
        let table = try RangeTable(row.isotope)
        if let stopping = row.stopping {
            expectClose(
                table.stoppingPower.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: row.energy),
                stopping, relative: 0.003, because: "ICRU 90, same I-value")
        }
        if let range = row.range {
            expectClose(
                table.rangeMM(energyMeVPerNucleon: row.energy) / 10, range, relative: 0.003,
                because: "ICRU 90, same I-value")
        }
    }

    /// ICRU 73 with its errata (I = 78 eV), integrated: S at 200, 300, 400 MeV/u; R in g/cm².
    @Test(arguments: [
        Row(isotope: .oxygen16, energy: 200, stopping: 286.2, range: 6.538),
        Row(isotope: .oxygen16, energy: 300, stopping: 224.7, range: 12.93),
        Row(isotope: .oxygen16, energy: 400, stopping: 193.8, range: 20.65),
        Row(isotope: .neon20, energy: 200, stopping: 447.6, range: 5.231),
        Row(isotope: .neon20, energy: 300, stopping: 351.6, range: 10.34),
        Row(isotope: .neon20, energy: 400, stopping: 303.4, range: 16.50),
    ])
    func heavierIonsAgreeWithICRU73Errata(row: Row) throws {
        try agreesWithICRU90(row: row)
    }

    /// The low-energy part reproduces the nodes of ICRU 90 it is made of.
    @Test(arguments: [
        Row(isotope: .proton, energy: 0.08, stopping: 824.1),
        Row(isotope: .proton, energy: 0.5, stopping: 406.5),
        Row(isotope: .carbon12, energy: 0.25, stopping: 8791),
        Row(isotope: .carbon12, energy: 0.05, stopping: 4652),
    ])
    func meetsTheLowEnergyNodes(row: Row) throws {
        expectClose(
            try StoppingPower(row.isotope).massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: row.energy),
            try #require(row.stopping), relative: 0.02,
            because: "scaling that joins the nodes to the formula at 1 MeV/u")
    }

    @Test(arguments: 1...10)
    func isContinuousWhereTheTablesJoin(atomicNumber: Int) throws {
        let masses = [1, 4, 7, 9, 11, 12, 14, 16, 19, 20]
        let stopping = try StoppingPower(
            Isotope(atomicNumber: atomicNumber, massNumber: masses[atomicNumber - 1]))
        expectClose(
            stopping.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: 1 - 1e-9),
            stopping.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: 1), relative: 1e-7,
            because: "joined by a factor")
    }

    /// The same speed means the same stopping power for isotopes of one element, up to m_e/M terms.
    @Test func isotopesOfOneElementStopAlikeAtOneSpeed() throws {
        let p = try StoppingPower(.proton)
        let d = try StoppingPower(.deuteron)
        for gamma in [1.0005, 1.01, 1.1, 1.3] {
            let energyP = (gamma - 1) * p.ion.restEnergyMeV
            let energyD = (gamma - 1) * d.ion.restEnergyMeV / 2
            expectClose(
                d.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: energyD),
                p.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: energyP), relative: 3e-3,
                because: "S depends on speed; below 1 MeV/u joining scales differ slightly")
        }
    }

    @Test func refusesWhatTheModelDoesNotCover() {
        #expect(throws: IonPhysicsError.chargeOutsideModel(.neutron, valid: 1...20)) {
            try StoppingPower(.neutron)
        }
    }
}

@Suite struct RangeTableTests {
    @Test(arguments: [Isotope.proton, .helium4, .carbon12, .neon20])
    func inverseReturnsToTheEnergy(isotope: Isotope) throws {
        let table = try RangeTable(isotope)
        for energy in [1e-4, 0.0012, 0.03, 0.7, 1, 1.3, 9.99, 50, 123.4, 290, 430, 999.9] {
            expectClose(
                table.energyMeVPerNucleon(rangeMM: table.rangeMM(energyMeVPerNucleon: energy)), energy,
                relative: 1e-10, because: "Newton's method to rounding")
        }
    }

    @Test func slopeIsTheInverseOfTheStoppingPower() throws {
        let table = try RangeTable(.carbon12)
        for energy in [0.11, 2.2, 17, 81, 204, 399] {
            let h = 1e-4 * energy
            let slope =
                (table.rangeMM(energyMeVPerNucleon: energy + h)
                    - table.rangeMM(energyMeVPerNucleon: energy - h)) / (2 * h)
            expectClose(
                slope, 12 / table.stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy), relative: 2e-5,
                because: "cubic interpolation between 96 nodes per decade")
        }
    }

    @Test func losesEnergyAlongThePath() throws {
        let table = try RangeTable(.carbon12)
        let range = table.rangeMM(energyMeVPerNucleon: 290)
        expectClose(
            table.rangeMM(energyMeVPerNucleon: table.energyMeVPerNucleon(after: 100, from: 290)),
            range - 100, relative: 1e-10, because: "definition")
        #expect(table.energyMeVPerNucleon(after: range + 1, from: 290) == 0)
    }
}
