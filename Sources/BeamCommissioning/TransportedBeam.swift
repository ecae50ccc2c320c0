import BeamData
import IonPhysics
import IonTransport
import Quantities

/// Depth tables made from one transport run.
///
/// Heavy recoils of the target are in the dose; they are taken to have the mean LET and z* of the ions of their
/// component at that depth, so that dose LET over dose is the dose average over ions.
public struct TransportedBeam: Sendable {
    /// The run.
    public let result: WaterTransportResult
    /// CSDA range of the primaries, mm.
    public let rangeMM: Double
    /// 1 MeV/mm in unit-density water over 1 mm², Gy.
    static let grayMM2PerMeVPerMM = 1.602176634e-7
    /// Half width of the window over which widths are averaged, by component, in units of the range.
    private static let sigmaWindow = [0.001, 0.005, 0.005]
    /// Half width by which the dose bins of a component are widened, in units of the range: fragments have no structure
    /// below 1 % of the range, primaries are left as they are.
    private static let doseWindow = [0, 0.003, 0.005]

    public init(_ result: WaterTransportResult, rangeMM: Double) {
        self.result = result
        self.rangeMM = rangeMM
    }

    /// The node of a beam data set: means over the bins of `axes`, spectra at its depths.
    public func node(axes: BeamDataAxes) -> BeamDataNode {
        let edges = Self.binEdges(axes.depths.map { $0 * rangeMM })
        return BeamDataNode(
            energyMeVPerNucleon: result.request.energyMeVPerNucleon, rangeMM: rangeMM,
            components: BeamComponent.allCases.map { table(of: $0, edges: widened(edges, for: $0)) },
            spectra: spectra(axes: axes))
    }

    /// Tables on an equidistant grid of depth, for comparison with interpolated ones.
    ///
    /// - Parameter averagingFragments: Fragments are averaged over depth as in a node, which takes the scatter between
    ///   neighbouring bins away.
    public func depthTable(stepMM: Double, averagingFragments: Bool = false) -> BeamDepthTable {
        let count = Int(result.request.depthMM / stepMM)
        let edges = Self.binEdges((0..<count).map { Double($0) * stepMM })
        return BeamDepthTable(
            stepMM: stepMM, rangeMM: rangeMM,
            components: BeamComponent.allCases.map {
                table(of: $0, edges: averagingFragments ? widened(edges, for: $0) : edges)
            })
    }

    /// Bins widened by the window of the component.
    private func widened(_ edges: [(Double, Double)], for component: BeamComponent) -> [(Double, Double)] {
        let window = Self.doseWindow[component.rawValue] * rangeMM
        return edges.map { (max(0, $0.0 - window), $0.1 + window) }
    }

    /// Bins between the midpoints of neighbouring depths; the first begins at the first depth.
    static func binEdges(_ depths: [Double]) -> [(Double, Double)] {
        depths.indices.map { i in
            let low = i == 0 ? depths[0] : 0.5 * (depths[i - 1] + depths[i])
            let high =
                i == depths.count - 1
                ? depths[i] + (depths[i] - low) : 0.5 * (depths[i] + depths[i + 1])
            return (low, high)
        }
    }

    private func table(of component: BeamComponent, edges: [(Double, Double)]) -> ComponentDepthTable {
        let scored = result.components[component.rawValue]
        let step = result.request.depthStepMM
        func rebinned(_ sums: [Double]) -> DepthRebinning { DepthRebinning(sums: sums, stepMM: step) }
        /// Response sums with the recoils' energy given the mean response of the bin's ions.
        func withRecoils(_ sums: [Double]) -> [Double] {
            sums.indices.map { i in
                let ions = scored.energyMeV[i] - scored.recoilMeV[i]
                return ions > 0 ? sums[i] * scored.energyMeV[i] / ions : 0
            }
        }
        let energy = rebinned(scored.energyMeV)
        let moment = rebinned(scored.lateralMomentMeVMM2)
        func column(_ sums: DepthRebinning) -> [Float] {
            edges.map { Float(max(0, sums.density(from: $0.0, to: $0.1)) * Self.grayMM2PerMeVPerMM) }
        }
        var table = ComponentDepthTable(
            doseGyMM2: column(energy),
            doseZStarGy2MM2: column(rebinned(withRecoils(scored.responses[BeamResponses.zStarIndex]))),
            doseLETGyMM2KeVPerUM: column(rebinned(withRecoils(scored.responses[BeamResponses.letIndex]))),
            sigmaMM: sigma(
                energy: energy, moment: moment, edges: edges,
                windowMM: Self.sigmaWindow[component.rawValue] * rangeMM))
        // Primaries are scattered by many small angles: one Gaussian. Fragments are born all along the way and with
        // many angles: two.
        if component != .primary, let shape = LateralShape(result, component: component) {
            for (i, edge) in edges.enumerated() {
                let fit = shape.at(depthMM: 0.5 * (edge.0 + edge.1))
                table.sigmaMM[i] = Float(fit.narrow.squareRoot())
                table.wideShare[i] = Float(fit.share)
                table.wideSigmaMM[i] = Float(fit.wide.squareRoot())
            }
        }
        return table
    }

    /// √(Σ ε r²/2 / Σ ε) over each bin widened by the window; where nothing was deposited the last value holds.
    private func sigma(
        energy: DepthRebinning, moment: DepthRebinning, edges: [(Double, Double)], windowMM: Double
    ) -> [Float] {
        var last = 0.0
        return edges.map { low, high in
            let (a, b) = (max(0, low - windowMM), high + windowMM)
            let mean = energy.density(from: a, to: b)
            if mean > 0 { last = max(0, moment.density(from: a, to: b) / mean).squareRoot() }
            return Float(last)
        }
    }

    /// `[species][depth][energy bin]`: the transport's 150 bins joined to those of the axes.
    private func spectra(axes: BeamDataAxes) -> [Float] {
        let energy = result.request.energyMeVPerNucleon
        let step = result.request.spectrumStepMeVPerNucleon
        return axes.species.flatMap { isotope -> [Float] in
            guard let species = TransportedSpecies.index(of: isotope) else {
                return [Float](repeating: 0, count: axes.spectrumDepths.count * axes.energyBinCount)
            }
            return result.planes.flatMap { plane -> [Float] in
                let sums = DepthRebinning(sums: plane.spectra[species], stepMM: step)
                return zip(axes.spectrumEdges, axes.spectrumEdges.dropFirst()).map { low, high in
                    let (a, b) = (low * energy, high * energy)
                    return Float(max(0, sums.density(from: a, to: b) * (b - a)))
                }
            }
        }
    }
}
