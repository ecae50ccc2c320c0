import DICOMFile
import DICOMRadiotherapy
import DeliveryControl
import Foundation
import PatientModel
import PlanModel
import Quantities
import Testing

/// Sessions of the sample plan, delivered by hand.
enum RecordSamples {
    static let particlesPerCount = 50.0

    /// The plan's field as visits, and a second painting of its first layer.
    static func sequence(_ field: Field) -> FieldSequence {
        let layers = field.layers.enumerated().compactMap { index, layer -> LayerSequence? in
            var preset: Int64 = 0
            var visits: [SpotVisit] = []
            for painting in 0..<layer.paintings {
                for (spot, planned) in layer.spots.enumerated() {
                    preset += max(
                        1, Int64((planned.particles / particlesPerCount).rounded()) / Int64(layer.paintings))
                    visits.append(
                        SpotVisit(
                            spot: Int32(spot), painting: Int32(painting), positionMM: planned.positionMM,
                            presetCounts: preset, beamOffBefore: visits.isEmpty))
                }
            }
            guard layer.particles > 0 else { return nil }
            return LayerSequence(
                planLayer: index, energy: layer.energy, rigidityTM: 5, countsPerS: 1e6, visits: visits)
        }
        return FieldSequence(
            fieldNumber: field.number, planHash: "hash", ion: .carbon12, layers: layers,
            setup: FieldSetup(
                patientID: "KASANE-1", gantryDegrees: 90, couchMM: SIMD3(10, -20, 30.5),
                couchDegrees: SIMD3(12.5, 0, 0), snoutMM: 300, rangeShifter: field.rangeShifterID,
                ridgeFilter: "RIDGE FILTER"), isGated: false)
    }

    /// Entries of a session that delivers from a start to `end` visits of the last layer it reaches, one count too much at each visit.
    static func records(
        _ field: FieldSequence, from start: FieldStart, layers: Range<Int>, lastVisits: Int? = nil
    ) -> [(FieldRecord, MonotonicTime)] {
        var time: Int64 = 1_000_000_000
        var records: [(FieldRecord, MonotonicTime)] = []
        func add(_ entry: FieldRecord, after ns: Int64 = 1000) {
            time += ns
            records.append((entry, MonotonicTime(nanoseconds: time)))
        }
        add(.loaded(field: field.fieldNumber, from: start))
        add(.ready)
        var counter: Int64 = 0
        for layer in layers {
            let sequence = field.layers[layer]
            let given = layer == start.layer ? start.counts : 0
            let base = counter - given
            add(.layerStarted(layer: layer, primaryBase: base, secondaryBase: base), after: 250_000_000)
            add(.beamOn)
            let end =
                layer == layers.upperBound - 1 ? lastVisits ?? sequence.visits.count : sequence.visits.count
            for visit in sequence.visit(after: given)..<end {
                counter = base + sequence.visits[visit].presetCounts + 1
                add(
                    .visit(
                        layer: layer, visit: visit,
                        MonitorSample(
                            primary: counter, secondary: counter - 2, positionCounts: 100,
                            positionMM: sequence.visits[visit].positionMM + SIMD2(0.25, -0.5))),
                    after: 154_321)
            }
            add(.beamOff(MonitorSample(primary: counter, secondary: counter - 2)))
            if end == sequence.visits.count {
                add(.layerEnded(layer: layer, MonitorSample(primary: counter, secondary: counter - 2)))
            }
        }
        if layers.upperBound == field.layers.count, lastVisits == nil { add(.completed) }
        return records
    }

    static func record(
        _ delivered: DeliveredSession, session: Int = 1, before: Int64 = 0, planUID: String? = "2.25.99"
    ) -> IonTreatmentRecord {
        // 2026-09-25 23:59:59.5 UTC: the session runs over midnight.
        IonTreatmentRecord(
            identifier: SIMD2(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210 &+ UInt64(session)),
            planUID: planUID,
            fraction: 3, session: session, startedMS: 1_790_380_799_500, particlesPerCount: particlesPerCount,
            countsBefore: before, delivered: delivered)
    }

    @discardableResult
    static func write(
        _ record: IonTreatmentRecord, plan: Plan = Samples.plan(), to path: String
    ) throws -> WrittenObject {
        try IonTreatmentRecordWriter.write(
            record, plan: plan, machine: Samples.machine,
            patient: PatientIdentity(id: "KASANE-1", name: "Ion^Carbón^^Dr", birthDate: "19700101", sex: "O"),
            studyInstanceUID: "2.25.7", frameOfReferenceUID: Samples.frame, to: path)
    }

    /// Interrupted in the first layer, terminated by an interlock, and continued in a second session; and the second field.
    static func sessions() -> [IonTreatmentRecord] {
        let plan = Samples.plan()
        let field = sequence(plan.fields[0])
        var first = records(field, from: .beginning, layers: 0..<1, lastVisits: 5)
        let last = first[first.count - 1].1
        first += [
            (.interlock(.spotPosition), last.after(1000)), (.interrupted, last.after(1000)),
            (
                .reset(.spotPosition, by: [RightHolder(id: "physicist", right: .physicist)]),
                last.after(20_000_000_000)
            ), (.interlock(.operatorTerminate), last.after(21_000_000_000)),
            (.terminated, last.after(21_000_000_001)),
        ]
        let one = DeliveredSession(field: field, from: .beginning, records: first, retained: nil)
        let rest = one.ledger.rest
        let two = DeliveredSession(
            field: field, from: rest, records: records(field, from: rest, layers: 0..<2), retained: nil)
        let other = sequence(plan.fields[1])
        let three = DeliveredSession(
            field: other, from: .beginning, records: records(other, from: .beginning, layers: 0..<1),
            retained: nil)
        return [
            record(one), record(two, session: 2, before: one.total.primary), record(three, session: 3),
        ]
    }
}

struct TreatmentRecordTests {
    /// An override before the first layer, and one in a break within it: each stands where the beam went on.
    @Test func overridesAreInTheRecord() throws {
        let scratch = try Scratch()
        let plan = Samples.plan()
        let field = RecordSamples.sequence(plan.fields[0])
        let persons = ["Ada^A", "Berta^B"].map { RightHolder(id: $0, right: .therapist) }
        var entries = RecordSamples.records(field, from: .beginning, layers: 0..<2)
        let begin = entries[0].1
        entries.insert(
            (.overridden(.patientIdentity, by: persons, reason: "wristband lost"), begin), at: 1)
        let second = try #require(
            entries.firstIndex { if case .layerStarted(1, _, _) = $0.0 { true } else { false } })
        entries.insert(
            (.overridden(.imaging, by: persons, reason: "images of 10:32"), entries[second].1), at: second)
        let session = DeliveredSession(field: field, from: .beginning, records: entries, retained: nil)
        #expect(session.overrides.map(\.interlock) == [.patientIdentity, .imaging])
        let path = scratch.file("RT.dcm")
        _ = try RecordSamples.write(RecordSamples.record(session), to: path)
        let read = try IonTreatmentRecordReader.read(file: path)
        #expect(read.verification == "VERIFIED_OVR")
        #expect(read.overrides == ["patientIdentity: wristband lost", "imaging: images of 10:32"])
        let beam = try DICOMFile(reading: path).dataset.items(.treatmentSessionIonBeamSequence)[0]
        let points = beam.items(.ionControlPointDeliverySequence)
        #expect(points.map { $0.items(.overrideSequence).count } == [1, 0, 1, 0])
        let item = points[0].items(.overrideSequence)[0]
        #expect(try item.texts(.operatorsName) == ["Ada^A", "Berta^B"])
    }

    @Test func roundTrip() throws {
        let scratch = try Scratch()
        let plan = Samples.plan()
        for (index, record) in RecordSamples.sessions().enumerated() {
            let path = scratch.file("RT\(index).dcm")
            let written = try RecordSamples.write(record, to: path)
            let read = try IonTreatmentRecordReader.read(file: path)
            #expect(read.instanceUID == written.sopInstanceUID && read.planUID == "2.25.99")
            #expect(read.patientID == "KASANE-1" && read.fraction == 3 && read.machineName == "test-machine")
            #expect(read.fieldNumber == record.delivered.field.fieldNumber)
            #expect(read.isContinuation == (index == 1))
            #expect(read.termination == ["OPERATOR", "NORMAL", "NORMAL"][index])
            #expect(read.verification == "VERIFIED")
            let total = record.delivered.total
            #expect(read.deliveredParticles == Double(total.primary) * 50)
            #expect(read.deliveredBySecondary == Double(total.secondary) * 50)
            let field = try #require(plan.fields.first { $0.number == read.fieldNumber })
            #expect(read.layers.count == record.delivered.layers.count)
            var before = record.countsBefore
            for (layer, delivered) in zip(read.layers, record.delivered.layers) {
                #expect(layer.controlPoint == 2 * delivered.layer)
                #expect(layer.energyMeVPerNucleon == field.layers[delivered.layer].energy.value)
                #expect(layer.deliveredMeterset == Double(before) * 50)
                #expect(layer.particles == Double(delivered.primary) * 50)
                #expect(layer.spots.count == delivered.stays.count)
                for (spot, stay) in zip(layer.spots, delivered.stays) {
                    #expect(spot.prescribedIndex == stay.spot)
                    let planned = field.layers[delivered.layer].spots[stay.spot].positionMM
                    let off = spot.positionMM - planned - SIMD2(0.25, -0.5)
                    #expect(abs(off.x) < 1e-5 && abs(off.y) < 1e-5)
                    #expect(
                        abs((spot.offsetS ?? -1) - Double(stay.begin.since(delivered.begin)) * 1e-9) < 1e-6)
                }
                before += delivered.primary
            }
        }
        // The two sessions of the first field give it all, one count too much at the end of each layer.
        let sums = RecordSamples.sessions().prefix(2).reduce(0.0) {
            $0 + Double($1.delivered.total.primary) * 50
        }
        let planned = RecordSamples.sequence(plan.fields[0])
        #expect(sums == Double(planned.counts + 2) * 50)
        let first = try IonTreatmentRecordReader.read(file: scratch.file("RT0.dcm"))
        #expect(first.interlocks.count == 2)
        #expect(first.interlocks[0].contains("spotPosition: reset by physicist at 20260926"))
        #expect(first.interlocks[1].contains("not reset"))
        // The first session starts before midnight, its layer after it.
        #expect(first.layers[0].begin == "20260926000000.750002")
    }

    /// Sent twice it is the same instance: the same bytes.
    @Test func writtenTwiceIsTheSame() throws {
        let scratch = try Scratch()
        let sessions = RecordSamples.sessions()
        for name in ["a", "b"] { try RecordSamples.write(sessions[0], to: scratch.file(name)) }
        let bytes = try ["a", "b"].map { try Data(contentsOf: URL(fileURLWithPath: scratch.file($0))) }
        #expect(bytes[0] == bytes[1])
        let uids = try sessions.enumerated().map { index, session in
            try RecordSamples.write(session, to: scratch.file("\(index)")).sopInstanceUID
        }
        #expect(Set(uids).count == uids.count)
    }

    /// After a crash: the end is unknown, the counts are those of the counters.
    @Test func crashIsTold() throws {
        let scratch = try Scratch()
        let field = RecordSamples.sequence(Samples.plan().fields[0])
        let records = RecordSamples.records(field, from: .beginning, layers: 0..<1, lastVisits: 3).dropLast()
        let retained = MonitorSample(
            primary: field.layers[0].visits[6].presetCounts + 7,
            secondary: field.layers[0].visits[6].presetCounts)
        let delivered = DeliveredSession(field: field, from: .beginning, records: records, retained: retained)
        #expect(delivered.ending == .brokenOff && delivered.total.primary == retained.primary)
        let path = scratch.file("RT.dcm")
        try RecordSamples.write(RecordSamples.record(delivered, planUID: nil), to: path)
        let read = try IonTreatmentRecordReader.read(file: path)
        #expect(read.termination == "UNKNOWN" && read.planUID == nil)
        #expect(read.layers[0].particles == Double(retained.primary) * 50)
        #expect(read.layers[0].spots.count == 8)
        let text = try DICOMFile(reading: path).dataset.items(.treatmentSessionIonBeamSequence)[0]
            .text(.treatmentTerminationDescription)
        #expect(text?.contains("counters of the hardware") == true)
    }

    /// Nothing delivered, one spot, and more than fit the 16-bit lengths of Explicit VR.
    @Test(arguments: [0, 1, 8191, 8192, 20_000]) func anyNumberOfSpots(count: Int) throws {
        let scratch = try Scratch()
        var plan = Samples.plan()
        var spots: [Spot] = []
        for index in 0..<max(1, count) {
            let place = SIMD2<Double>(Double(index % 200), Double(index / 200))
            spots.append(Spot(positionMM: place, particles: 5000 + 50 * Double(index % 9)))
        }
        plan.fields[0].layers = [EnergyLayer(energy: EnergyPerNucleon(290), spots: spots)]
        let field = RecordSamples.sequence(plan.fields[0])
        let records = RecordSamples.records(field, from: .beginning, layers: 0..<(count == 0 ? 0 : 1))
        let delivered = DeliveredSession(field: field, from: .beginning, records: records, retained: nil)
        let path = scratch.file("RT.dcm")
        try RecordSamples.write(RecordSamples.record(delivered), plan: plan, to: path)
        let read = try IonTreatmentRecordReader.read(file: path)
        #expect(read.layers.reduce(0) { $0 + $1.spots.count } == count)
        #expect(read.layers.reduce(0) { $0 + $1.particles } == Double(delivered.total.primary) * 50)
        #expect(read.layers.first?.spots.map(\.prescribedIndex) ?? [] == Array(0..<count))
    }

    @Test func recordsOfOthers() throws {
        let scratch = try Scratch()
        let path = scratch.file("RT.dcm")
        func beam(_ file: DICOMFile) -> DICOMItem { file.dataset.items(.treatmentSessionIonBeamSequence)[0] }
        func changed(_ change: (DICOMItem) throws -> Void) throws -> ImportedTreatmentRecord {
            try RecordSamples.write(RecordSamples.sessions()[2], to: path)
            try edit(path, change)
            return try IonTreatmentRecordReader.read(file: path)
        }
        func point(_ dataset: DICOMItem) -> DICOMItem {
            dataset.items(.treatmentSessionIonBeamSequence)[0].items(.ionControlPointDeliverySequence)[0]
        }
        let bare = try changed {
            for tag in [DICOMTag.scanSpotPrescribedIndices, .scanSpotReordered, .scanSpotTimeOffset] {
                try point($0).remove(tag)
            }
        }
        #expect(bare.layers[0].spots[0].prescribedIndex == 0 && bare.layers[0].spots[0].offsetS == nil)
        let changes: [(DICOMItem) throws -> Void] = [
            { try $0.set(.primaryDosimeterUnit, "MU") },
            { try point($0).set(.scanSpotMetersetsDelivered, floats: [1, 2]) },
            { try point($0).set(.scanSpotMetersetsDelivered, floats: [-1]) },
            { try point($0).set(.scanSpotPrescribedIndices, ["-1"]) },
            { try point($0).set(.scanSpotTimeOffset, floats: [1, 2]) },
            { try point($0).remove(.deliveredMeterset) },
            {
                try point($0).remove(.scanSpotPrescribedIndices)
                try point($0).set(.scanSpotReordered, "YES")
            },
            { try $0.items(.treatmentSessionIonBeamSequence)[0].set(.scanMode, "NONE") },
            { _ = try $0.append(.treatmentSessionIonBeamSequence) },
        ]
        for change in changes {
            #expect(throws: DICOMError.self) { _ = try changed(change) }
        }
    }

    @Test func fieldsThatAreNotInThePlan() throws {
        let scratch = try Scratch()
        let record = RecordSamples.sessions()[0]
        var plan = Samples.plan()
        plan.fields.removeFirst()
        #expect(throws: DICOMExportError.unknownField(number: 1, plan: "CLIVUS")) {
            try RecordSamples.write(record, plan: plan, to: scratch.file("a"))
        }
        plan = Samples.plan()
        plan.fields[0].layers[0].spots.removeLast()
        #expect(throws: DICOMExportError.otherField(number: 1, layer: 0)) {
            try RecordSamples.write(record, plan: plan, to: scratch.file("a"))
        }
        #expect(try scratch.contents().isEmpty)
    }
}
