import IonTransport
import Volumes

/// A score as rows of numbers under named columns.
public struct ScoreTable: Sendable, Equatable {
    public struct Column: Sendable, Equatable {
        /// Lower case with hyphens.
        public var name: String
        /// Empty for a word or a pure number.
        public var unit: String
    }

    public enum Cell: Sendable, Hashable {
        case number(Double)
        case text(String)
    }

    /// Name of the file without its ending.
    public var name: String
    /// What it is, and how its columns are to be read; one line each.
    public var remarks: [String]
    public var columns: [Column]
    public var rows: [[Cell]]
}

/// One quantity of a mesh.
public struct ScoreVolume: Sendable {
    /// Name of the file without its ending.
    public var name: String
    public var quantity: String
    public var unit: String
    public var volume: Volume<Float>
}

/// Everything that a run writes, made from its result.
public struct ScoreTables: Sendable {
    public private(set) var tables: [ScoreTable] = []
    public private(set) var volumes: [ScoreVolume] = []

    public init(_ outcome: PhantomTransport.Outcome, of run: PhantomTransport) {
        let maker = TableMaker(result: outcome.result, ion: run.beam.ion)
        for entry in run.plan.entries {
            switch entry.description.kind {
            case .depthDose(let from, _, let step, let radius):
                tables.append(maker.depthDose(entry, fromMM: from, stepMM: step, radiusMM: radius))
            case .lateral(let depths, let thickness, let halfWidth, let bin):
                tables.append(
                    maker.lateral(
                        entry, depthsMM: depths, thicknessMM: thickness, halfWidthMM: halfWidth, binMM: bin))
            case .radial(let depths, let thickness, _, let ring):
                tables.append(maker.radial(entry, depthsMM: depths, thicknessMM: thickness, ringMM: ring))
            case .mesh(_, let quantities): volumes += maker.volumes(entry, quantities)
            case .region: tables.append(maker.region(entry))
            case .meshSpectrum(_, let step, _), .regionSpectrum(_, let step, _):
                tables.append(maker.spectrum(entry, stepMeVPerNucleon: step))
            case .planes(let depths, let radius, let angles, let step, _):
                tables += maker.planes(
                    entry, depthsMM: depths, radiusMM: radius, angles: angles, stepMeVPerNucleon: step)
            }
        }
    }
}

extension Double {
    /// The number without a point if it is whole, for remarks and messages.
    var plain: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
