import AcceleratorModel
import BeamOptics
import CaseFiles
import FacilityModel
import FacilityThroughput
import Foundation
import Quantities
import Reporting
import SlowExtraction

/// The simulations of a facility's page, in the order of the beam. What a machine file does not tell is left out and said so.
struct FacilityModels {
    let description: MachineDescription
    let lattice: LatticeFile?
    /// Optics of the lattice; nil if the machine names none.
    let ringOptics: RingOptics?
    let seed: UInt64
    let threads: Int

    func sections() async throws -> [FacilityReport.Section] {
        let progress = TerminalProgress()
        progress.begin("injection and acceleration")
        var sections = [try await acceleration()]
        progress.end()
        progress.begin("optics and slow extraction")
        if let lattice {
            sections.append(try optics(lattice))
            sections.append(try await extraction(lattice))
        } else {
            sections.append(
                .init(
                    title: "Optics and slow extraction",
                    text: ["The machine file names no lattice; nothing can be computed."]))
        }
        progress.end()
        progress.begin("cycle and day")
        sections.append(try cycle())
        sections.append(try day())
        progress.end()
        return sections
    }

    // MARK: Injection and acceleration

    private func acceleration() async throws -> FacilityReport.Section {
        let machine = description.machine
        let accelerator = try Accelerator(description, optics: ringOptics)
        let top = machine.energies.first?.value ?? 0
        let program = try accelerator.ramp(topMeVPerNucleon: top)
        let injection = try accelerator.injection.track(particlesPerTurn: 500, seed: seed)
        let result = try await LongitudinalTracking(program: program, particles: 256, seed: seed).run(
            threads: threads
        ) { _, _ in }
        let budget = try TrackedIonBudget(accelerator, injection: injection, longitudinal: result)
        let buckets = result.snapshots.enumerated().map { number, snapshot in
            let picture = RampPictures.bucket(snapshot, number: number)
            return (picture: picture, caption: "\(picture.title).")
        }
        return .init(
            title: "From the ion source to the flat top",
            text: [
                "Simulated with the figures of the machine file's injector and synchrotron; which of them are assumed stands in the list below."
            ],
            pictures: [
                (
                    RampPictures.injection(injection, of: accelerator.injection),
                    "Horizontal phase space behind multi-turn injection: \(injection.turns) turns, \(String(format: "%.1f", injection.effectiveTurns)) effective."
                ),
                (
                    try RampPictures.program(program, machine: machine.name),
                    "Capture and acceleration to \(FacilitySections.number(top)) MeV/u."
                ),
            ] + buckets,
            grids: [
                try RampText.injector(accelerator).grid, RampText.beam(result).grid,
                RampText.budget(budget).grid,
            ])
    }

    // MARK: Optics and extraction

    private func optics(_ file: LatticeFile) throws -> FacilityReport.Section {
        let lattice = file.lattice
        let map = BeamLineMap(lattice)
        let optics = try LinearOptics.ring(map)
        let chromaticity = try Chromaticity.ring(lattice).values
        let tunes = optics.points.last?.phase ?? .zero
        var pictures = [
            (
                picture: LatticePictures.functions(lattice, optics: optics, name: "optics"),
                caption: "Functions of one turn."
            )
        ]
        var rows = [
            ["tunes, horizontal and vertical", Self.pair(tunes, 4), ""],
            ["chromaticity dQ/dδ", Self.pair(chromaticity, 3), ""],
            ["greatest β", Self.pair(optics.greatestBetaM, 2), "m"],
            ["length", String(format: "%.3f", lattice.lengthM), "m"],
        ]
        if let resonance = file.resonance {
            let separatrix = try Separatrix(lattice, optics: optics, resonance: resonance)
            rows.append(["resonant tune", String(format: "%.4f", resonance), ""])
            rows.append([
                "stable triangle, emittance", String(format: "%.2f", 1e6 * separatrix.emittance), "mm mrad",
            ])
            pictures.append(
                (
                    LatticePictures.steinbach(
                        {
                            Separatrix(
                                strength: separatrix.strength,
                                tuneDistance: separatrix.tuneDistance + chromaticity.x * $0)
                        }, spreadRMS: Self.momentumSpread, emittanceMRad: Self.emittanceMRad,
                        name: "steinbach"),
                    "Steinbach diagram: amplitudes below the V are stable; beam of 1.5 mm mrad and 0.05 % (RMS, assumed)."
                ))
        }
        return .init(
            title: "Lattice and optics", text: [file.summary, "Source of the lattice: \(file.source)"],
            pictures: pictures,
            grids: [
                .init(
                    title: "Ring", columns: [("figure", ""), ("value", ""), ("unit", "")], rows: rows,
                    textColumns: [0, 2])
            ])
    }

    /// RMS emittance and momentum spread of the beam at extraction: assumed.
    private static let emittanceMRad = 1.5e-6
    private static let momentumSpread = 5e-4
    private static let spillS = 0.1

    private func extraction(_ file: LatticeFile) async throws -> FacilityReport.Section {
        let title = "Slow extraction"
        guard file.resonance != nil else {
            return .init(
                title: title, text: ["The lattice has no resonant tune; it extracts nothing slowly."])
        }
        let ring = try ReducedRing(file.lattice)
        let limits = description.synchrotron.extractionRateIonsPerS
        let rate = (limits.lowerBound * limits.upperBound).squareRoot()
        let request = SpillRequest(
            segments: [.init(durationS: Self.spillS, rateIonsPerS: rate)],
            storedIons: 1.7 * rate * Self.spillS, macroparticles: 2000, emittanceMRad: Self.emittanceMRad,
            momentumSpread: Self.momentumSpread,
            signal: KnockOutSignal(
                centre: ring.tune - ring.tune.rounded(.down), width: 0.01,
                modulation: .noise(lines: 30, seed: seed)), firstAmplitudeRad: 1e-6, seed: seed)
        let spill = try await SpillSimulation(ring).run(request, threads: threads) { _ in }
        let settled = 0.02
        let duty = spill.dutyFactor(from: settled, to: Self.spillS, width: 10)
        return .init(
            title: title,
            text: [
                "RF-knockout with feedback, 2000 macroparticles, \(FacilitySections.scientific(rate)) ions/s for \(FacilitySections.number(1e3 * Self.spillS)) ms (the geometric middle of the machine's rates); beam of 1.5 mm mrad and 0.05 % (RMS, assumed), no ripple."
            ],
            pictures: [
                (
                    SpillPictures.rate(spill, bins: 10, name: "spill"),
                    "Extracted and requested rate, and the kick."
                ),
                (
                    SpillPictures.spectrum(
                        spill, from: settled, to: Self.spillS, upToHz: 2000, name: "spill-spectrum"),
                    "Spectrum of the rate."
                ),
                (SpillPictures.phaseSpace(spill, name: "septum"), "What arrives at the septum."),
            ],
            grids: [
                .init(
                    title: "Spill", columns: [("figure", ""), ("value", ""), ("unit", "")],
                    rows: [
                        ["tune", String(format: "%.4f", ring.tune), ""],
                        [
                            "mean rate",
                            FacilitySections.scientific(spill.meanRate(from: 0, to: Self.spillS)),
                            "ions/s",
                        ],
                        ["duty factor, bins of 1 ms, as counted", String(format: "%.3f", duty.counted), ""],
                        ["duty factor without counting noise", String(format: "%.3f", duty.corrected), ""],
                        ["on the wall of the septum", String(format: "%.2f", 100 * spill.wallShare), "%"],
                    ], textColumns: [0, 2])
            ])
    }

    private static func pair(_ value: SIMD2<Double>, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f, %.\(decimals)f", value.x, value.y)
    }

    // MARK: Cycle and day

    private func cycle() throws -> FacilityReport.Section {
        let figures = try CycleFigures(description, mode: .extendedFlatTop)
        let cycles = try CycleFields.read(nil, description: description, meanDwellS: 154e-6).map {
            (name: $0.name, cycle: try MachineCycle(layers: $0.layers, figures: figures))
        }
        return .init(
            title: "Cycle of a reference field",
            pictures: cycles.enumerated().map { index, entry in
                (
                    CyclePicture.picture(entry.cycle, name: "cycle-\(index + 1)", title: entry.name),
                    "The ring's time line for a \(entry.name), all energies on one flat top."
                )
            }, grids: [CycleText.summary(cycles).grid, CycleText.phases(cycles).grid])
    }

    private func day() throws -> FacilityReport.Section {
        let rules = try DayRules(description, openMin: 60 * 9)
        let year = try AnnualThroughput(
            rules: rules, days: 20, seed: seed, daysPerYear: description.operation?.treatmentDaysPerYear ?? 0)
        guard let first = year.days.first else { return .init(title: "A treatment day") }
        return .init(
            title: "A treatment day", text: [DayText.basis(description)],
            pictures: [
                (
                    DayGantt.picture(first, title: "A day at \(description.machine.name)"),
                    "The first of 20 simulated days: \(first.fractions) fractions."
                )
            ],
            grids: [
                .init(
                    title: "20 simulated days", columns: [("figure", ""), ("value", ""), ("unit", "")],
                    rows: [
                        [
                            "fractions of a day",
                            String(format: "%.1f ± %.1f", year.fractionsPerDay, year.fractionsDeviation), "",
                        ],
                        ["wait for beam, mean", String(format: "%.1f", year.meanWaitMin), "min"],
                        ["rooms in use", String(format: "%.0f", 100 * year.roomUtilisation), "%"],
                        ["beam on", String(format: "%.0f", 100 * year.beamUtilisation), "%"],
                        ["patients of a year", String(format: "%.0f", year.patientsPerYear), ""],
                    ], textColumns: [0, 2]), DayText.rooms(first).grid,
            ])
    }
}

extension NumberTable {
    /// The table for a page.
    var grid: FacilityReport.Grid {
        .init(
            title: title, columns: columns.map { ($0.name, $0.unit) },
            rows: rows.map { row in
                row.map { cell in
                    switch cell {
                    case .text(let text): text
                    case .number(let value, let digits):
                        abs(value) >= 1e6
                            ? NumberText.scientific(value, max(0, digits - 1))
                            : String(format: "%.\(digits)g", value).replacing("-", with: "\u{2212}")
                    case .none: NumberText.missing
                    }
                }
            },
            textColumns: Set(
                columns.indices.filter { column in
                    rows.contains { if case .text = $0[column] { true } else { false } }
                }))
    }
}
