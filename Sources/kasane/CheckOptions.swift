import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import MonteCarloDose
import PatientModel
import PlanEvaluation
import PlanModel
import TreatmentPlanning

/// Which objects a dose check takes, and what is known better than they say.
struct CheckObjectOptions: ParsableArguments {
    @Option(help: "The CT: its folder or Series Instance UID.")
    var ct: String?

    @Option(help: "The RT Structure Set: its file or SOP Instance UID.")
    var structureSet: String?

    @Option(help: "The RT Ion Plan: its file or SOP Instance UID.")
    var plan: String?

    @Option(
        help:
            "An RT Dose: its file or SOP Instance UID; may be given several times. All doses of the plan if not given."
    )
    var dose: [String] = []

    @Option(help: "Name of the target, if the plan does not say.")
    var target: String?

    @Option(help: "Name of the external contour, if not exactly one structure is of type EXTERNAL.")
    var external: String?

    @Option(
        help: "Structures to list and draw, separated by commas; all if not given.",
        transform: { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } })
    var structures: [String] = []

    @Option(
        help: ArgumentHelp(
            "How many fractions the RT Dose adds up, one or all, in place of what its Dose Summation Type says.",
            valueName: "one|all"))
    var doseFractions: DoseUnderCheck.Fractions?

    @Option(
        help: ArgumentHelp(
            "Go on in spite of a failure that you know to be harmless; may be given several times. One of: "
                + DoseCheckRequest.acceptableCodes.sorted().joined(separator: ", "), valueName: "code"))
    var accept: [String] = []

    mutating func validate() throws {
        if let code = accept.first(where: { !DoseCheckRequest.acceptableCodes.contains($0) }) {
            throw ValidationError(
                "--accept \(code) (only \(DoseCheckRequest.acceptableCodes.sorted().joined(separator: ", ")) can be accepted)"
            )
        }
    }

    func choice(paths: [String]) -> DoseCheckSelection.Choice {
        .init(paths: paths, ct: ct, structureSet: structureSet, plan: plan, doses: dose)
    }

    func apply(to request: inout DoseCheckRequest) throws {
        request.targetName = target
        request.externalName = external
        request.structures = structures
        request.doseFractions = doseFractions
        request.accepted = Set(accept)
    }
}

/// How the dose is recomputed.
struct CheckDoseOptions: ParsableArguments {
    @Option(help: "monte-carlo or pencil-beam.")
    var engine = DoseCheckRequest.Engine.monteCarlo

    @Option(
        help: """
            End a Monte Carlo run after so many primary ions, all fields together; the first of --histories, --uncertainty and \
            --time counts, --uncertainty 1% if none is given.
            """)
    var histories: Int?

    @Option(
        help: ArgumentHelp(
            "End it when the mean standard error of the dose of a voxel in the target is below this.",
            valueName: "percent"))
    var uncertainty: Percentage?

    @Option(help: ArgumentHelp("End it after this time: 90s, 5m or 1h30m.", valueName: "time"))
    var time: TimeSpan?

    @Option(help: "Seed of a Monte Carlo run; 1 if not given.")
    var seed: UInt64?

    @Option(help: "Calibration of CT numbers (CSV); the tissue model of Schneider et al. if not given.")
    var calibration: String?

    @Option(help: "Outside the external contour: air, or as-imaged for what the CT shows.")
    var outsideExternal = OutsideExternal.air

    @Option(
        help: ArgumentHelp(
            "RBE model for EFFECTIVE doses: clinical-mkm, physical, or a constant as rbe=1.1.",
            valueName: "model"))
    var biology = "clinical-mkm"

    @Option(
        help: ArgumentHelp(
            "Port of a field as NUMBER=PORT, or of all fields as PORT; may be given several times.",
            valueName: "port"))
    var port: [String] = []

    @Option(
        help: ArgumentHelp(
            "Range shifter of the machine for one of the plan, as PLAN=MACHINE; may be given several times.",
            valueName: "name"))
    var rangeShifter: [String] = []

    @Option(
        help: ArgumentHelp(
            "Ions per monitor unit, for plans in MU: a number, or a table (CSV, energy,particles-per-mu).",
            valueName: "number or file"))
    var particlesPerMu: String?

    @Option(help: ArgumentHelp("Voxel size in mm; the voxels of the RT Dose if not given.", valueName: "mm"))
    var grid: Double?

    mutating func validate() throws {
        let asked = [
            (histories != nil, "--histories"), (uncertainty != nil, "--uncertainty"), (time != nil, "--time"),
            (seed != nil, "--seed"),
        ].filter(\.0).map(\.1)
        if engine == .pencilBeam && !asked.isEmpty {
            throw ValidationError(
                "\(asked.joined(separator: " and ")) is for Monte Carlo (the pencil beam has nothing of the kind); leave out --engine pencil-beam"
            )
        }
        try MonteCarloOptions.validate(histories: histories, uncertainty: uncertainty, time: time)
        if let grid, !(0.5...10).contains(grid) {
            throw ValidationError("--grid \(grid) (must be 0.5 to 10 mm)")
        }
        _ = try biologyChoice
        _ = try names
    }

    private var biologyChoice: BiologyChoice {
        get throws {
            switch biology {
            case "clinical-mkm": return .clinicalMKM
            case "physical": return .physical
            default:
                guard biology.hasPrefix("rbe="), let rbe = Double(biology.dropFirst(4)), rbe > 0, rbe <= 10
                else {
                    throw ValidationError(
                        "--biology \(biology) (must be clinical-mkm, physical, or a constant such as rbe=1.1)"
                    )
                }
                return .constantRBE(rbe)
            }
        }
    }

    private var names: PlanAssignment.Names {
        get throws {
            var names = PlanAssignment.Names()
            for text in port {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                switch parts.count {
                case 1: names.ports[0] = text
                case 2:
                    guard let number = Int(parts[0]), number > 0 else {
                        throw ValidationError(
                            "--port \(text) (what stands before = must be a field number)")
                    }
                    names.ports[number] = parts[1]
                default: throw ValidationError("--port \(text) (must be PORT or NUMBER=PORT)")
                }
            }
            for text in rangeShifter {
                guard let equals = text.lastIndex(of: "="), equals > text.startIndex,
                    text.index(after: equals) < text.endIndex
                else { throw ValidationError("--range-shifter \(text) (must be PLAN=MACHINE)") }
                names.rangeShifters[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            return names
        }
    }

    func apply(to request: inout DoseCheckRequest) throws {
        request.engine = engine
        let stop = StoppingRule(
            histories: histories, uncertainty: uncertainty?.share, seconds: time?.seconds)
        if stop != StoppingRule() { request.stop = stop }
        request.seed = seed ?? request.seed
        request.calibrationFile = calibration
        request.outsideExternal = outsideExternal
        request.biology = try biologyChoice
        request.names = try names
        request.gridSpacingMM = grid
        guard let text = particlesPerMu else { return }
        if let number = Double(text) {
            guard number > 0, number.isFinite else {
                throw ValidationError("--particles-per-mu \(text) (must be positive)")
            }
            request.monitorUnits = MonitorUnitCalibration(particlesPerUnit: number)
        } else {
            request.monitorUnits = try MonitorUnitFile.read(path: text)
        }
    }
}

/// What agreement is.
struct CheckComparisonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Dose difference of gamma, per cent.", valueName: "percent"))
    var gammaDose = 3.0

    @Option(help: ArgumentHelp("Distance to agreement of gamma, mm.", valueName: "mm"))
    var gammaDistance = 2.0

    @Option(
        help: ArgumentHelp(
            "Points below this share of the greatest dose in the patient are not compared, per cent.",
            valueName: "percent"))
    var gammaThreshold = 10.0

    @Option(
        help:
            "Whether the dose difference is of the greatest dose in the patient (global) or of each point's dose (local)."
    )
    var gamma = Normalisation.global

    @Option(
        name: .customLong("pass"),
        help: ArgumentHelp(
            "Least share of points with gamma of at most 1, in the patient and in the target, per cent.",
            valueName: "percent"))
    var passRate = 95.0

    @Option(
        help: ArgumentHelp(
            "Greatest difference of the mean dose where it is high (from 80 % of the greatest dose), per cent.",
            valueName: "percent"))
    var meanDoseLimit = 3.0

    @Option(
        help: ArgumentHelp(
            "Greatest median range difference of a field, mm; needs doses of single fields. Ranges are not judged if not given.",
            valueName: "mm"))
    var rangeLimit: Double?

    enum Normalisation: String, ExpressibleByArgument, CaseIterable {
        case global, local
    }

    mutating func validate() throws {
        for (name, value, range) in [
            ("gamma-dose", gammaDose, 0.1...50), ("gamma-distance", gammaDistance, 0.1...20),
            ("gamma-threshold", gammaThreshold, 1...90), ("pass", passRate, 1...100),
            ("range-limit", rangeLimit ?? 1, 0.1...50),
            ("mean-dose-limit", meanDoseLimit, 0.1...50),
        ] where !range.contains(value) {
            throw ValidationError("--\(name) \(value) (must be \(range.lowerBound) to \(range.upperBound))")
        }
    }

    func apply(to request: inout DoseCheckRequest) {
        request.criteria = GammaCriteria(
            doseDifference: gammaDose / 100, distanceMM: gammaDistance,
            normalisation: gamma == .local ? .local : .globalMaximum, lowDoseThreshold: gammaThreshold / 100)
        request.passRate = passRate / 100
        request.meanDoseLimit = meanDoseLimit / 100
        request.rangeLimitMM = rangeLimit
    }
}

extension DoseCheckRequest.Engine: ExpressibleByArgument {}
extension DoseUnderCheck.Fractions: ExpressibleByArgument {}
extension OutsideExternal: ExpressibleByArgument {}
