import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Foundation
import PlanModel
import Quantities

/// A folder for one test, removed with it.
final class Scratch {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("kasane-log-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            print("scratch folder \(path) was not removed: \(error)")
        }
    }

    func file(_ name: String) -> String { path + "/" + name }
}

/// Small fields, their headers, and sessions on the simulated machine.
enum LogSamples {
    static let figures = PlantFigures(
        supply: .init(ionsPerFill: 2e10, energyStepS: 0.25, refillS: 1.5, longestFlatTopS: 60),
        scanning: .init(speedMMPerS: SIMD2(100_000, 50_000), highestRigidityTM: 6.624))

    /// Layers of `side` × `side` spots of 2 mm.
    static func field(layers: Int = 2, side: Int = 4, paintings: Int = 1, hash: String = "hash")
        -> FieldSequence
    {
        let rules = SequenceRules(paintings: paintings, ratesIonsPerS: 1e7...1e9)
        let sequences = (0..<layers).map { index in
            let spots = (0..<side * side).map {
                Spot(
                    positionMM: SIMD2(2 * Double($0 % side), 2 * Double($0 / side)),
                    particles: 30_000 + 1000 * Double($0))
            }
            let energy = EnergyPerNucleon(250 - 3 * Double(index))
            let visits = rules.visits(EnergyLayer(energy: energy, spots: spots))
            return LayerSequence(
                planLayer: index, energy: energy, rigidityTM: 4.9 - 0.03 * Double(index),
                countsPerS: rules.countsPerS(visits), visits: visits)
        }
        return FieldSequence(
            fieldNumber: 1, planHash: hash, ion: .carbon12, layers: sequences,
            setup: FieldSetup(
                patientID: "P-脳", gantryDegrees: 90, couchMM: SIMD3(1, -2, 3.5),
                couchDegrees: SIMD3(0.5, 0, 0),
                snoutMM: 12, rangeShifter: nil, ridgeFilter: "R"), isGated: false)
    }

    static func header(_ field: FieldSequence, fraction: Int = 1) -> DeliveryLogHeader {
        DeliveryLogHeader(
            identifier: SIMD2(0x0123_4567_89AB_CDEF, .max), planLabel: "CLIVUS", planUID: "2.25.17",
            machineName: "simulated", fraction: fraction, session: 1, fieldName: "Left", ionsPerCount: 50,
            seed: 7, start: .beginning, startedMS: 1_790_000_000_123, field: field)
    }

    /// Delivers a field until `share` of its counts were counted; then the program is gone.
    static func deliver(_ folder: String, _ field: FieldSequence, share: Double = 2, seed: UInt64 = 1) throws
    {
        let session = try DeliverySession(opening: folder, header: header(field))
        var simulation = FieldSimulation(
            field: field, from: session.start, figures: figures, seed: seed, sink: session.writer)
        let wanted = Int64(share * Double(field.counts))
        var done = false
        done = simulation.run { $0.outcome.ions.joined().reduce(0, +) / 50 > Double(wanted) }
        if done { try session.close() }
    }

    /// Bytes of the first session's log without the space that was set aside.
    static func used(_ folder: String) throws -> [UInt8] {
        let counters = try RetainedCounters.read(folder + "/field-1-session-1.counters")
        return Array(try bytes(folder + "/field-1-session-1.log").prefix(counters.acknowledged))
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
