import ArgumentParser
import IonPhysics
import Quantities
import Radiobiology

/// `kasane physics`: what the models say about any ion, energy and material.
struct PhysicsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "physics",
        abstract: "Print stopping power, range, straggling, scattering, cross sections, LET and z*.",
        discussion: """
            Energies are in MeV per nucleon (total kinetic energy over the integer mass number): one number,
            a list 50,100,200 or a span 50:430:20 (first, last, step). Ions are named p, d, t, 4He, 12C, ...

            Quantities
              stopping       mass stopping power of water and linear stopping power of the material
              range          CSDA range in the material, speed, momentum times velocity
              straggling     energy straggling per path, range straggling of a mono-energetic beam
              scattering     scattering power and width at the end of range
              cross-section  total reaction cross sections, mean free path
              let            LET in water, z-bar and z* of HSG cells, alpha, RBE at 10 % survival
              material       ratios to water of one material (no energy needed)

            EXAMPLES
              kasane physics stopping --ion 12C --energy 50,100,200,400
              kasane physics range --ion p --energy 60:230:10 --material pmma --format csv
              kasane physics let --ion 4He --energy 1:10:1 --format json
              kasane physics material --material aluminium
            """)

    enum Topic: String, ExpressibleByArgument, CaseIterable {
        case stopping, range, straggling, scattering, crossSection = "cross-section", `let`, material
    }

    @Argument(help: "What to print: \(Topic.allCases.map(\.rawValue).joined(separator: ", ")).")
    var topic: Topic

    @Option(help: "The ion, such as p, d, 4He, 12C.")
    var ion = "12C"

    @Option(help: ArgumentHelp("Energies, MeV per nucleon.", valueName: "list"))
    var energy = NumberList([50, 100, 150, 200, 250, 300, 350, 400, 430])

    @Option(
        help: ArgumentHelp("One of \(Material.named.map(\.name).joined(separator: ", ")).", valueName: "name")
    )
    var material = "water"

    @Option(help: "table, csv or json.")
    var format = OutputFormat.table

    func run() async throws {
        try await reportingErrors {
            print(
                try PhysicsTables(ion: ion, energies: energy.values, material: material).table(topic)
                    .text(format), terminator: "")
        }
    }
}

/// The tables of `kasane physics`.
struct PhysicsTables {
    let isotope: Isotope
    let stopping: StoppingPower
    let ranges: RangeTable
    let energies: [Double]
    let material: Material
    let properties: MaterialProperties

    init(ion: String, energies: [Double], material: String) throws {
        guard let isotope = Isotope(parsing: ion) else {
            throw PhysicsCommandError.unknownIon(ion)
        }
        self.isotope = isotope
        stopping = try StoppingPower(isotope)
        ranges = RangeTable(stopping)
        let valid = StoppingPower.validEnergies
        for energy in energies where !valid.contains(energy) {
            throw IonPhysicsError.energyOutsideModel(energy, valid: valid)
        }
        self.energies = energies
        self.material = try Material.named(material)
        properties = MaterialProperties(self.material)
    }

    func table(_ topic: PhysicsCommand.Topic) throws -> NumberTable {
        switch topic {
        case .stopping: stoppingTable
        case .range: rangeTable
        case .straggling: stragglingTable
        case .scattering: scatteringTable
        case .crossSection: crossSectionTable
        case .let: try biologyTable()
        case .material: materialTable
        }
    }

    private typealias Column = NumberTable.Column

    private func rows(_ cells: (Double) -> [Double]) -> [[NumberTable.Cell]] {
        energies.map { energy in
            [.number(energy, digits: 6)] + cells(energy).map { .number($0, digits: 5) }
        }
    }

    private var stoppingTable: NumberTable {
        NumberTable(
            title:
                "\(isotope): electronic stopping power, I(water) = \(StoppingPower.waterMeanExcitationEnergyEV) eV",
            columns: [
                Column(name: "energy", unit: "MeV/u"), Column(name: "waterMassStopping", unit: "MeV cm2/g"),
                Column(name: "waterLET", unit: "keV/um"), Column(name: "ratio", unit: ""),
                Column(name: "linearStopping", unit: "MeV/mm"),
            ],
            rows: rows { energy in
                let mass = stopping.massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: energy)
                let ratio = MaterialProperties.stoppingPowerRatio(of: material, energyMeVPerNucleon: energy)
                return [mass, mass / 10, ratio, mass / 10 * ratio]
            })
    }

    private var rangeTable: NumberTable {
        NumberTable(
            title: "\(isotope): CSDA range in \(material.name) (density \(material.densityGPerCM3) g/cm3, "
                + "stopping-power ratio taken at 200 MeV/u)",
            columns: [
                Column(name: "energy", unit: "MeV/u"), Column(name: "waterRange", unit: "mm"),
                Column(name: "range", unit: "mm"), Column(name: "beta", unit: ""),
                Column(name: "momentumVelocity", unit: "MeV"),
            ],
            rows: rows { energy in
                let range = ranges.rangeMM(energyMeVPerNucleon: energy)
                let k = stopping.ion.kinematics(energyMeVPerNucleon: energy)
                return [range, range / properties.stoppingPowerRatio, k.beta, k.momentumVelocityMeV]
            })
    }

    private var stragglingTable: NumberTable {
        NumberTable(
            title: "\(isotope): straggling in water",
            columns: [
                Column(name: "energy", unit: "MeV/u"), Column(name: "variancePerPath", unit: "MeV2/mm"),
                Column(name: "rangeSigma", unit: "mm"), Column(name: "relative", unit: "%"),
            ],
            rows: rows { energy in
                let sigma = EnergyStraggling.rangeSigmaMM(
                    stoppingPower: stopping, energyMeVPerNucleon: energy)
                return [
                    EnergyStraggling.variancePerPathMeV2PerMM(
                        ion: stopping.ion, energyMeVPerNucleon: energy), sigma,
                    100 * sigma / ranges.rangeMM(energyMeVPerNucleon: energy),
                ]
            })
    }

    private var scatteringTable: NumberTable {
        NumberTable(
            title:
                "\(isotope): multiple scattering in \(material.name) (power, deep inside) and in water (widths at end of range)",
            columns: [
                Column(name: "energy", unit: "MeV/u"), Column(name: "scatteringPower", unit: "mrad2/mm"),
                Column(name: "sigmaTransport", unit: "mm"), Column(name: "sigmaHighland", unit: "mm"),
                Column(name: "sigmaMoliere", unit: "mm"),
            ],
            rows: rows { energy in
                let range = ranges.rangeMM(energyMeVPerNucleon: energy)
                let transport = ScatteringPower.transport(chargeNumber: stopping.ion.chargeNumber)
                // Deep in matter: of an ion that began far above this energy.
                let power = transport.rad2PerMM(
                    ion: stopping.ion, energyMeVPerNucleon: energy, pathMM: range,
                    initialEnergyMeVPerNucleon: StoppingPower.validEnergies.upperBound)
                return [
                    power * properties.scatteringRatio * 1e6,
                    transport.sigmaMM(
                        rangeTable: ranges, energyMeVPerNucleon: energy, depthMM: range),
                    ScatteringPower.generalizedHighlandSigmaMM(
                        rangeTable: ranges, energyMeVPerNucleon: energy),
                    ScatteringPower.differentialMoliere.sigmaMM(
                        rangeTable: ranges, energyMeVPerNucleon: energy, depthMM: range),
                ]
            })
    }

    private var crossSectionTable: NumberTable {
        let targets = material.components.map {
            Isotope(atomicNumber: $0.element.atomicNumber, massNumber: $0.element.massNumber)
        }
        return NumberTable(
            title: "\(isotope): total reaction cross sections on the nuclei of \(material.name)",
            columns: [Column(name: "energy", unit: "MeV/u")]
                + targets.map { Column(name: "on \($0)", unit: "mb") }
                + [Column(name: "meanFreePath", unit: "mm")],
            rows: rows { energy in
                targets.map {
                    ReactionCrossSection.reactionMB(
                        projectile: isotope, target: $0, energyMeVPerNucleon: energy)
                } + [
                    1
                        / MaterialProperties.macroscopicReactionPerMM(
                            material: material, projectile: isotope, energyMeVPerNucleon: energy)
                ]
            })
    }

    private func biologyTable() throws -> NumberTable {
        guard MKMTable.validCharges.contains(isotope.atomicNumber) else {
            throw IonPhysicsError.chargeOutsideModel(isotope, valid: MKMTable.validCharges)
        }
        let parameters = MKMParameters.hsgInaniwa2010
        return NumberTable(
            title:
                "\(isotope): LET in water and modified MKM, HSG cells (alpha0 \(parameters.alpha0) /Gy, beta "
                + "\(parameters.beta) /Gy2, r_d \(parameters.domainRadiusUM) um, R_n \(parameters.nucleusRadiusUM) um)",
            columns: [
                Column(name: "energy", unit: "MeV/u"), Column(name: "let", unit: "keV/um"),
                Column(name: "zBar", unit: "Gy"), Column(name: "zStar", unit: "Gy"),
                Column(name: "alpha", unit: "1/Gy"), Column(name: "rbe10", unit: ""),
            ],
            rows: rows { energy in
                let value = stopping.letKeVPerUM(energyMeVPerNucleon: energy)
                let z = DomainSpecificEnergy(
                    track: KieferChatterjeeTrack(
                        chargeNumber: isotope.atomicNumber, energyMeVPerNucleon: energy, letKeVPerUM: value),
                    parameters: parameters)
                let alpha = parameters.alpha0 + parameters.beta * z.saturationCorrectedGy
                let rbe = LinearQuadratic(alpha: alpha, beta: parameters.beta).rbe10(reference: .hsgXRays)
                return [value, z.doseMeanGy, z.saturationCorrectedGy, alpha, rbe]
            })
    }

    private var materialTable: NumberTable {
        NumberTable(
            title:
                "\(material.name): ratios to water of unit density (stopping and reactions of 12C at 200 MeV/u)",
            columns: [
                Column(name: "density", unit: "g/cm3"), Column(name: "electronDensity", unit: ""),
                Column(name: "meanExcitation", unit: "eV"), Column(name: "stoppingPowerRatio", unit: ""),
                Column(name: "scatteringRatio", unit: ""), Column(name: "nuclearRatio", unit: ""),
            ],
            rows: [
                [
                    properties.densityGPerCM3, properties.relativeElectronDensity,
                    properties.meanExcitationEnergyEV, properties.stoppingPowerRatio,
                    properties.scatteringRatio, properties.nuclearRatio,
                ].map { .number($0, digits: 5) }
            ])
    }
}

/// What the command refuses itself.
enum PhysicsCommandError: Error, CustomStringConvertible {
    case unknownIon(String)

    var description: String {
        switch self {
        case .unknownIon(let name):
            "ion \"\(name)\" is unknown (a nuclide with its mass is wanted); write p, d, t, 3He, 4He, 7Li, 12C, ..."
        }
    }
}
