import BeamData
import IonPhysics
import IonTransport
import Quantities
import Radiobiology

/// Makes a beam data set with our own transport in water.
///
/// The energies follow from the ranges: neighbours differ by at most `greatestRangeStepMM` and by at most
/// `greatestRangeRatio`. Every node has its own seed, so the set does not depend on the number of threads.
///
/// ## Checked by
/// `BeamDataBuilderTests`; validation case `interpolated beam data`.
public struct BeamDataBuilder: Sendable {
    /// What is to be made.
    public struct Options: Sendable {
        /// The primary ion.
        public var ion = Isotope.carbon12
        /// Lowest and highest energy, MeV per nucleon.
        public var energies: ClosedRange<Double> = 50...450
        /// Greatest difference of the ranges of neighbours, mm.
        public var greatestRangeStepMM = 17.0
        /// Greatest ratio of the ranges of neighbours.
        public var greatestRangeRatio = 1.25
        /// Primary ions per node.
        public var histories = 40_000
        /// Seed of the first node; node n has seed + n.
        public var seed: UInt64 = 1
        /// Axes of the set.
        public var axes = BeamDataAxes.standard
        /// Cell line of z*.
        public var parameters = MKMParameters.hsgInaniwa2010

        public init() {}
    }

    /// What the options are.
    public let options: Options
    private let transport: WaterTransport
    private let responses: BeamResponses
    private let ranges: RangeTable

    /// Prepares transport and response tables (about two seconds).
    ///
    /// - Throws: `BeamDataBuilderError`.
    public init(options: Options) throws(BeamDataBuilderError) {
        let energies = options.energies
        guard energies.lowerBound >= 10, energies.upperBound <= 500,
            energies.upperBound > energies.lowerBound
        else { throw .energiesOutsideModel(energies, valid: 10...500) }
        guard options.histories >= 100 else { throw .tooFewHistories(options.histories) }
        self.options = options
        do {
            transport = try WaterTransport()
        } catch { throw .transport(error) }
        do {
            responses = try BeamResponses(parameters: options.parameters)
            ranges = try RangeTable(options.ion)
        } catch { throw .physics(error) }
    }

    /// Energies of the nodes, MeV per nucleon, increasing.
    public var nodeEnergies: [Double] {
        let last = ranges.rangeMM(energyMeVPerNucleon: options.energies.upperBound)
        var result = [options.energies.lowerBound]
        var range = ranges.rangeMM(energyMeVPerNucleon: options.energies.lowerBound)
        while range < last * 0.999 {
            let step = min(options.greatestRangeStepMM, (options.greatestRangeRatio - 1) * range)
            // The last steps share what is left, so that no two nodes nearly coincide.
            let left = ((last - range) / step - 1e-9).rounded(.up)
            range = left <= 4 ? range + (last - range) / left : range + step
            result.append(
                range > last * 0.999
                    ? options.energies.upperBound : ranges.energyMeVPerNucleon(rangeMM: range))
        }
        return result
    }

    /// Runs every node.
    ///
    /// - Parameters:
    ///   - threads: Greatest number of threads.
    ///   - progress: Called with the share of the whole work that is done (0...1) and what is under way.
    public func build(
        threads: Int, progress: (Double, String) -> Void = { _, _ in }
    ) async throws(BeamDataBuilderError) -> BeamDataSet {
        let energies = nodeEnergies
        let works = energies.map { ranges.rangeMM(energyMeVPerNucleon: $0) + 10 }
        let work = works.reduce(0, +)
        var nodes: [BeamDataNode] = []
        for (index, energy) in energies.enumerated() {
            let before = works[0..<index].reduce(0, +)
            let result = try await run(
                energyMeVPerNucleon: energy, seed: options.seed &+ UInt64(index), threads: threads
            ) { histories in
                let share = Double(histories) / Double(options.histories)
                progress((before + share * works[index]) / work, "\(index + 1) of \(energies.count) energies")
            }
            nodes.append(TransportedBeam(result, rangeMM: works[index] - 10).node(axes: options.axes))
        }
        do {
            return try BeamDataSet(
                ion: options.ion, provenance: provenance, axes: options.axes,
                nodes: SurvivalPooling.pooled(nodes, axes: options.axes, ranges: ranges))
        } catch { throw .beamData(error) }
    }

    /// One line on the origin of the set.
    public var provenance: String {
        "\(options.ion) in water by kasane water transport; \(nodeEnergies.count) energies, "
            + "\(options.histories) histories each, seed \(options.seed); I = "
            + "\(StoppingPower.waterMeanExcitationEnergyEV) eV; z* for r_d \(options.parameters.domainRadiusUM) um, "
            + "R_n \(options.parameters.nucleusRadiusUM) um, beta \(options.parameters.beta) /Gy2"
    }

    /// Transports a beam of zero width, scored as beam data need it.
    ///
    /// - Parameter relativeEnergySpread: σ(E)/E; the nodes of a set have none.
    public func run(
        energyMeVPerNucleon energy: Double, relativeEnergySpread: Double = 0, seed: UInt64, threads: Int,
        progress: (Int) -> Void = { _ in }
    ) async throws(BeamDataBuilderError) -> WaterTransportResult {
        let range = ranges.rangeMM(energyMeVPerNucleon: energy)
        let axes = options.axes
        let deepest = axes.depths.last ?? 1
        var request = WaterTransportRequest(
            projectile: options.ion, energyMeVPerNucleon: energy, histories: options.histories, seed: seed,
            depthStepMM: max(0.01, 5e-4 * range), depthMM: min(deepest * range, 1.06 * range + 280))
        // Responses are taken at the middle of a step and spread over it: steps short against the structure of LET.
        request.longestStepMM = min(2, max(0.1, 0.01 * range))
        request.longestRangeShare = 0.05
        request.energySpread = relativeEnergySpread
        request.responses = responses.tables
        request.radialSlabMM = max(1, 0.0125 * range)
        request.planesMM = axes.spectrumDepths.map { min($0 * range, request.depthMM) }
        request.angleCutsDegrees = [180]
        request.spectrumStepMeVPerNucleon = (axes.spectrumEdges.last ?? 1.6) * energy / 150
        do {
            return try await transport.run(request, threads: threads, progress: progress)
        } catch { throw .transport(error) }
    }
}

/// Why no beam data could be made.
public enum BeamDataBuilderError: Error, Equatable, Sendable {
    /// The energies (MeV per nucleon) are outside what can be made.
    case energiesOutsideModel(ClosedRange<Double>, valid: ClosedRange<Double>)
    /// So few histories give no usable tables.
    case tooFewHistories(Int)
    /// The transport refused or was stopped.
    case transport(WaterTransportError)
    /// The ion is outside the physics models.
    case physics(IonPhysicsError)
    /// The tables that came out are no valid set.
    case beamData(BeamDataError)
}

extension BeamDataBuilderError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .energiesOutsideModel(let energies, let valid):
            "energies \(energies.lowerBound)...\(energies.upperBound) MeV/u cannot be made (the models hold for "
                + "\(valid.lowerBound)...\(valid.upperBound) MeV/u); choose energies inside"
        case .tooFewHistories(let histories):
            "\(histories) histories are too few (the tables would be noise); ask for at least 100"
        case .transport(let error): "\(error)"
        case .physics(let error): "\(error)"
        case .beamData(let error): "\(error)"
        }
    }
}
