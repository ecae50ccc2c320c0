// Delivers one field in a folder, as a process of its own that a test may kill at any instant.
//
//   delivery-exerciser <folder> <seed>      status 0: field complete; 2: ended by an interlock; 3: nothing was left; 1: an error

import DeliveryControl
import DeliveryLog
import DeliverySimulation
import DeliveryWitness
import PlanModel
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Log and counters on one side, the truth of the plant on the other.
struct WitnessedLog: RecordSink {
    let writer: DeliveryLogWriter
    let truth: TruthFile
    let offsets: [Int]

    func append(_ entry: FieldRecord, at time: MonotonicTime) { writer.append(entry, at: time) }
    func beginCommit() { writer.beginCommit() }
    func finishCommit() -> Bool { writer.finishCommit() }
    func retain(_ registers: MonitorSample) { writer.retain(registers) }
    func latch(layer: Int, visit: Int, _ registers: MonitorSample) {
        writer.latch(layer: layer, visit: visit, registers)
    }
    func witness(ions: Double, layer: Int, visit: Int) { truth.add(ions, to: offsets[layer] + visit) }
}

let rules = SequenceRules(
    ionsPerCount: CrashField.ionsPerCount, paintings: CrashField.paintings, ratesIonsPerS: 1e7...1e9)
let sequences = (0..<CrashField.layers).map { index in
    // Two groups of spots, so that beam goes off on the way from one to the other.
    let spots = (0..<CrashField.side * CrashField.side).map { number in
        let (row, column) = (number / CrashField.side, number % CrashField.side)
        let x = 2.0 * Double(row % 2 == 0 ? column : CrashField.side - 1 - column)
        let gap = row < CrashField.side / 2 ? 0.0 : 12
        return Spot(
            positionMM: SIMD2(x, 2 * Double(row) + gap), particles: 40_000 + 500 * Double((number * 37) % 64))
    }
    let visits = rules.visits(
        EnergyLayer(energy: EnergyPerNucleon(250 - 3 * Double(index)), spots: spots))
    return LayerSequence(
        planLayer: index, energy: EnergyPerNucleon(250 - 3 * Double(index)),
        rigidityTM: 4.9 - 0.03 * Double(index),
        countsPerS: rules.countsPerS(visits), visits: visits)
}
let field = FieldSequence(
    fieldNumber: 1, planHash: CrashField.planHash, ion: .carbon12, layers: sequences,
    setup: FieldSetup(
        patientID: "P", gantryDegrees: 90, couchMM: .zero, couchDegrees: .zero, snoutMM: 0, rangeShifter: nil,
        ridgeFilter: "R"), isGated: false)
var figures = PlantFigures(
    supply: .init(ionsPerFill: 2e10, energyStepS: 0.25, refillS: 1.5, longestFlatTopS: 60),
    scanning: .init(speedMMPerS: SIMD2(100_000, 50_000), highestRigidityTM: 6.624))
// The truth is compared count by count, so the counters have no error of gain.
figures.monitors.gainError = 0
figures.monitors.recombinationS = 0

let arguments = CommandLine.arguments
guard arguments.count == 3, let seed = UInt64(arguments[2]) else {
    print("usage: delivery-exerciser <folder> <seed>")
    exit(64)
}
let header = DeliveryLogHeader(
    identifier: SIMD2(seed, 1), planLabel: "CRASH", planUID: "2.25.1", machineName: "simulated", fraction: 1,
    session: 1, fieldName: "A", ionsPerCount: CrashField.ionsPerCount, seed: seed, start: .beginning,
    startedMS: 1_790_000_000_000, field: field)
do {
    let session = try DeliverySession(opening: arguments[1], header: header)
    let offsets = field.layers.indices.map { index in
        field.layers[..<index].reduce(0) { $0 + $1.visits.count }
    }
    guard let truth = TruthFile(arguments[1] + "/truth", count: field.visitCount) else {
        print("no truth file")
        exit(1)
    }
    var simulation = FieldSimulation(
        field: field, from: session.start, figures: figures, seed: seed,
        sink: WitnessedLog(writer: session.writer, truth: truth, offsets: offsets))
    _ = simulation.run()
    try session.close()
    if simulation.outcome.phase == .completed { exit(0) }
    print("ended \(simulation.outcome.phase) by \(simulation.outcome.latched.interlocks)")
    exit(2)
} catch {
    print(error)
    if case .nothingLeft = error { exit(3) }
    exit(1)
}
