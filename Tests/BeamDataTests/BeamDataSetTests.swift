import BeamData
import Quantities
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct BeamDataSetTests {
    // MARK: File

    @Test func survivesTheFile() throws {
        let set = try SyntheticBeam.set()
        let read = try BeamDataSet(bytes: set.encoded())
        #expect(read.ion == .carbon12)
        #expect(read.provenance == set.provenance)
        #expect(read.axes == set.axes)
        for (a, b) in zip(read.nodes, set.nodes) {
            #expect(a.rangeMM == b.rangeMM)
            for (x, y) in zip(a.components, b.components) {
                let greatest = Double(y.doseGyMM2.max() ?? 0)
                for (u, v) in zip(x.doseGyMM2, y.doseGyMM2) {
                    expectClose(
                        Double(u), Double(v),
                        absolute: greatest * 2 * (Double(v) / greatest).squareRoot() / 65535
                            + 1e-9 * greatest, because: "half a step of the 16-bit square-root scale")
                }
            }
        }
    }

    @Test func secondEncodingGivesTheSameBytes() throws {
        let bytes = try SyntheticBeam.set().encoded()
        #expect(try BeamDataSet(bytes: bytes).encoded() == bytes)
    }

    @Test func refusesDamagedFiles() throws {
        let bytes = try SyntheticBeam.set().encoded()
        #expect(throws: BeamDataError.notBeamData) { try BeamDataSet(bytes: Array("DICM".utf8)) }
        #expect(throws: BeamDataError.notBeamData) { try BeamDataSet(bytes: []) }
        #expect(throws: BeamDataError.wrongLength(bytes: bytes.count - 7, expected: bytes.count)) {
            try BeamDataSet(bytes: bytes.dropLast(7))
        }
        var changed = bytes
        changed[bytes.count / 2] ^= 1
        #expect(throws: BeamDataError.self) { try BeamDataSet(bytes: changed) }
        var newer = bytes
        newer[8] = 3
        #expect(throws: BeamDataError.unsupportedVersion(3, supported: 2)) { try BeamDataSet(bytes: newer) }
    }

    @Test func refusesNodesOutOfOrderAndBadValues() throws {
        #expect(throws: BeamDataError.self) { try SyntheticBeam.set(energies: [120, 100]) }
        #expect(throws: BeamDataError.self) { try SyntheticBeam.set(energies: [120]) }
        var node = SyntheticBeam.node(130)
        node.components[0].doseGyMM2[3] = .nan
        #expect(throws: BeamDataError.self) {
            try BeamDataSet(
                ion: .carbon12, provenance: "", axes: SyntheticBeam.axes,
                nodes: [SyntheticBeam.node(100), node])
        }
    }

    // MARK: Interpolation

    @Test func energyAndRangeAreInverse() throws {
        let set = try SyntheticBeam.set()
        for energy in [100, 103.3, 131, 160, 209.9] {
            let range = try set.rangeMM(energyMeVPerNucleon: energy)
            expectClose(range, SyntheticBeam.rangeMM(energy), relative: 1e-12, because: "power law")
            expectClose(
                try set.energyMeVPerNucleon(rangeMM: range), energy, relative: 1e-12, because: "power law")
        }
    }

    /// Between nodes the synthetic tables follow their closed form.
    @Test func interpolatesBetweenNodes() throws {
        let set = try SyntheticBeam.set()
        let energy = 131.0
        let range = SyntheticBeam.rangeMM(energy)
        let table = try set.depthTable(energyMeVPerNucleon: energy, stepMM: 0.5)
        expectClose(table.rangeMM, range, relative: 1e-12, because: "power law")
        for i in 0..<table.count {
            let t = Double(i) * 0.5 / range
            guard t < 0.97 || (1.03..<1.27).contains(t) else { continue }
            expectClose(
                Double(table.components[0].doseGyMM2[i]), SyntheticBeam.primaryDose(t, range: range),
                relative: 0.002, absolute: 1e-12,
                because: "cubic in ln R over 20 % steps")
        }
    }

    @Test func refusesWhatItDoesNotHold() throws {
        let set = try SyntheticBeam.set()
        #expect(throws: BeamDataError.self) { try set.depthTable(energyMeVPerNucleon: 99, stepMM: 1) }
        #expect(throws: BeamDataError.self) { try set.depthTable(energyMeVPerNucleon: 211, stepMM: 1) }
        #expect(throws: BeamDataError.self) { try set.depthTable(energyMeVPerNucleon: 150, stepMM: 0) }
        #expect(throws: BeamDataError.self) {
            try set.depthTable(energyMeVPerNucleon: 150, relativeEnergySpread: -0.1, stepMM: 1)
        }
        #expect(throws: BeamDataError.self) {
            try set.depthTable(energyMeVPerNucleon: 150, waterOffsetMM: 1000, stepMM: 1)
        }
        #expect(throws: BeamDataError.self) { try set.spectra(energyMeVPerNucleon: 150, depthMM: 500) }
    }

    // MARK: Spread and offset

    /// A Gaussian peak convolved with a Gaussian: variances add, area stays.
    @Test func ridgeFilterWidensThePeak() throws {
        let set = try SyntheticBeam.set()
        let range = SyntheticBeam.rangeMM(175)
        let step = 0.05
        let sharp = try set.depthTable(energyMeVPerNucleon: 175, stepMM: step)
        let wide = try set.depthTable(energyMeVPerNucleon: 175, ridgeFilterSigmaMM: 1, stepMM: step)
        func peak(_ table: BeamDepthTable) -> Float { table.components[0].doseGyMM2.max() ?? 0 }
        let s = 0.003 * range
        let base = exp(-range / 250) * 1e-6
        expectClose(
            Double(peak(wide)), base * (1 + 6 * s / (s * s + 1).squareRoot()), relative: 0.01,
            because: "sum of Gaussians; the exponential below moves by 0.4 % per mm")
        // Beyond 5 sigma before the peak nothing changes but the slope of the plateau.
        let plateau = Int(20 / step)
        expectClose(
            Double(wide.components[0].doseGyMM2[plateau]), Double(sharp.components[0].doseGyMM2[plateau]),
            relative: 1e-4, because: "the plateau is nearly straight")
    }

    @Test func energySpreadIsASpreadOfRange() throws {
        let set = try SyntheticBeam.set()
        let energy = 175.0
        // dR/dE = 1.6 R/E for the power law.
        let sigma = 0.002 * 1.6 * SyntheticBeam.rangeMM(energy)
        let a = try set.depthTable(energyMeVPerNucleon: energy, relativeEnergySpread: 0.002, stepMM: 0.1)
        let b = try set.depthTable(energyMeVPerNucleon: energy, ridgeFilterSigmaMM: sigma, stepMM: 0.1)
        for (x, y) in zip(a.components[0].doseGyMM2, b.components[0].doseGyMM2) {
            expectClose(Double(x), Double(y), relative: 1e-4, because: "same Gaussian")
        }
    }

    @Test func waterOffsetCutsTheFirstMillimetres() throws {
        let set = try SyntheticBeam.set()
        let whole = try set.depthTable(energyMeVPerNucleon: 145, stepMM: 0.5)
        let cut = try set.depthTable(energyMeVPerNucleon: 145, waterOffsetMM: 10, stepMM: 0.5)
        #expect(cut.rangeMM == whole.rangeMM - 10)
        for i in 0..<40 {
            expectClose(
                Double(cut.components[1].doseGyMM2[i]), Double(whole.components[1].doseGyMM2[i + 20]),
                relative: 1e-6, because: "same depth of water")
        }
    }

    /// z* and LET stay those of the component whatever the spread, and sigma lies between its neighbours'.
    @Test func ratiosAreKept() throws {
        let table = try SyntheticBeam.set().depthTable(
            energyMeVPerNucleon: 160, relativeEnergySpread: 0.001, ridgeFilterSigmaMM: 0.7, stepMM: 0.5)
        for i in 0..<Int(table.rangeMM / 0.5) {
            let dose = Double(table.components[0].doseGyMM2[i])
            expectClose(
                Double(table.components[0].doseZStarGy2MM2[i]) / dose, 7, relative: 1e-5,
                because: "constant z*")
            expectClose(
                Double(table.components[0].doseLETGyMM2KeVPerUM[i]) / dose, 20, relative: 1e-5,
                because: "constant LET")
        }
        let middle = Int(40 / 0.5)
        expectClose(
            Double(table.components[2].sigmaMM[middle]), 4, relative: 0.005, because: "σ = 0.1 d, linear")
    }

    @Test func spectraInterpolate() throws {
        let set = try SyntheticBeam.set()
        let spectra = try set.spectra(
            energyMeVPerNucleon: 120, depthMM: 0.5 * SyntheticBeam.rangeMM(120))
        #expect(spectra.map(\.species) == [.proton, .carbon12])
        #expect(spectra[0].edgesMeVPerNucleon == [0, 60, 120, 180])
        // Indices of depth number 1: 3, 4, 5 and 15, 16, 17.
        expectClose(spectra[0].total, 120 * 12, relative: 1e-6, because: "node itself")
        expectClose(spectra[1].total, 120 * 48, relative: 1e-6, because: "node itself")
    }
}
