import Frames
import IonTransport
import Radiobiology
import Volumes

/// An average that a score prints beside the dose.
public struct AverageDescription: Hashable, Sendable {
    /// What is averaged.
    public enum Quantity: Hashable, Sendable {
        /// LET in unit-density water, weighted by dose, keV/µm.
        case doseLET
        /// The same weighted by fluence.
        case trackLET
        /// A biological response, weighted by dose.
        case response(BiologicalResponse)
    }

    public var quantity: Quantity
    public var rule: InclusionRule

    public init(_ quantity: Quantity, _ rule: InclusionRule) {
        self.quantity = quantity
        self.rule = rule
    }

    /// Name for columns and files, such as `let-d-all` or `alpha-mkm-hsg-primaries`.
    public var name: String {
        switch quantity {
        case .doseLET: "let-d-\(rule.rawValue)"
        case .trackLET: "let-t-\(rule.rawValue)"
        case .response(let response): "\(response.kind.rawValue)-\(response.model.name)-\(rule.rawValue)"
        }
    }

    public var unit: String {
        switch quantity {
        case .doseLET, .trackLET: "keV/um"
        case .response(let response): response.kind.unit
        }
    }
}

/// One response of a biological model.
public struct BiologicalResponse: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Saturation-corrected dose-mean specific energy of single events.
        case zStar = "z-star"
        /// Initial slope α.
        case alpha
        /// √β: what adds up by dose in a mixed field.
        case sqrtBeta = "sqrt-beta"

        public var unit: String {
            switch self {
            case .zStar: "Gy"
            case .alpha, .sqrtBeta: "1/Gy"
            }
        }
    }

    public var kind: Kind
    public var model: BiologicalModelDescription

    public init(kind: Kind, model: BiologicalModelDescription) {
        self.kind = kind
        self.model = model
    }
}

/// A biological model under a name of the user's.
public struct BiologicalModelDescription: Hashable, Sendable {
    public var name: String
    /// Parameters of the modified microdosimetric-kinetic model.
    public var parameters: MKMParameters

    public init(name: String, parameters: MKMParameters) {
        self.name = name
        self.parameters = parameters
    }

    /// Models that need no parameters.
    public static let builtIn = [
        BiologicalModelDescription(name: "mkm-hsg", parameters: .hsgInaniwa2010)
    ]
}

/// A score as a person asks for it; depths are along the beam's axis from where it enters the phantom.
public struct ScoreDescription: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Energy and averages over depth, over the whole cross-section and within a radius.
        case depthDose(fromMM: Double, toMM: Double, stepMM: Double, coreRadiusMM: Double?)
        /// Profiles across the beam, along its x and y axes, in slabs about depths.
        case lateral(depthsMM: [Double], thicknessMM: Double, halfWidthMM: Double, binMM: Double)
        /// Rings about the axis in slabs about depths.
        case radial(depthsMM: [Double], thicknessMM: Double, radiusMM: Double, ringMM: Double)
        /// Voxels along the phantom's axes.
        case mesh(Grid, quantities: [MeshQuantity])
        /// All of a solid (nil: the world around the solids, or a whole CT).
        case region(solid: String?)
        /// Fluence by species and energy in voxels.
        case meshSpectrum(Grid, stepMeVPerNucleon: Double, toMeVPerNucleon: Double)
        /// Fluence by species and energy in a solid.
        case regionSpectrum(solid: String?, stepMeVPerNucleon: Double, toMeVPerNucleon: Double)
        /// Particles that cross planes, by species, angle and energy.
        case planes(
            depthsMM: [Double], radiusMM: Double?, angleEdgesDegrees: [Double], stepMeVPerNucleon: Double,
            toMeVPerNucleon: Double)
    }

    /// The voxels of a mesh.
    public enum Grid: Hashable, Sendable {
        case box(VolumeGeometry)
        /// Those of the CT.
        case phantom
    }

    /// What is written of a mesh beside its averages.
    public enum MeshQuantity: String, Hashable, Sendable, CaseIterable {
        case doseToWater = "dose-to-water"
        case doseToMedium = "dose-to-medium"
    }

    /// Begins the names of its files; unique in a run.
    public var name: String
    public var kind: Kind
    public var averages: [AverageDescription]

    public init(name: String, kind: Kind, averages: [AverageDescription] = []) {
        self.name = name
        self.kind = kind
        self.averages = averages
    }

    /// Whether its sums include a dose with a standard error.
    public var hasDose: Bool {
        switch kind {
        case .depthDose, .mesh, .region: true
        default: false
        }
    }
}
