import BeamData
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// A beam data set in closed form: an exponential plateau, a Gaussian peak of 0.3 % of the range, a linear halo.
enum SyntheticBeam {
    static let axes: BeamDataAxes = {
        let plateau: [Double] = (0..<180).map { Double($0) * 0.005 }
        let peak: [Double] = (0..<320).map { 0.9 + Double($0) * 0.0005 }
        let tail: [Double] = (0..<48).map { 1.06 + Double($0) * 0.02 }
        return BeamDataAxes(
            depths: plateau + peak + tail, spectrumDepths: [0, 0.5, 1, 1.5],
            spectrumEdges: [0, 0.5, 1, 1.5], species: [.proton, .carbon12])
    }()

    /// R = 0.02 E^1.6 mm: a power law, which the interpolation meets exactly.
    static func rangeMM(_ energy: Double) -> Double { 0.02 * pow(energy, 1.6) }

    static func primaryDose(_ t: Double, range: Double) -> Double {
        let peak = exp(-(t - 1) * (t - 1) / (2 * 0.003 * 0.003))
        return t < 1.3 ? exp(-range * t / 250) * (1 + 6 * peak) * 1e-6 : 0
    }

    static func node(_ energy: Double) -> BeamDataNode {
        let range = rangeMM(energy)
        func table(_ dose: (Double) -> Double, zStar: Double, meanLET: Double, sigma: Double)
            -> ComponentDepthTable
        {
            ComponentDepthTable(
                doseGyMM2: axes.depths.map { Float(dose($0)) },
                doseZStarGy2MM2: axes.depths.map { Float(dose($0) * zStar) },
                doseLETGyMM2KeVPerUM: axes.depths.map { Float(dose($0) * meanLET) },
                sigmaMM: axes.depths.map { Float(sigma * range * $0) })
        }
        return BeamDataNode(
            energyMeVPerNucleon: energy, rangeMM: range,
            components: [
                table({ primaryDose($0, range: range) }, zStar: 7, meanLET: 20, sigma: 0.006),
                table({ 1e-7 * exp(-$0) }, zStar: 9, meanLET: 30, sigma: 0.01),
                table({ 2e-7 * exp(-$0) }, zStar: 1, meanLET: 3, sigma: 0.1),
            ],
            spectra: (0..<axes.spectrumCount).map { Float($0) * Float(energy) })
    }

    static func set(energies: [Double] = [100, 120, 145, 175, 210]) throws -> BeamDataSet {
        try BeamDataSet(
            ion: .carbon12, provenance: "closed form, R = 0.02 E^1.6", axes: axes,
            nodes: energies.map(node))
    }
}
