import DeliveryControl
import Quantities
import Testing

/// Entries become stays with counts, places and times.
struct DeliveredSessionTests {
    /// Two layers of four visits of 100 counts; beam off before the third.
    static let field: FieldSequence = {
        var visits: [SpotVisit] = []
        for index in 0..<4 {
            let place = SIMD2<Double>(Double(index), 0)
            visits.append(
                SpotVisit(
                    spot: Int32(3 - index), painting: 0, positionMM: place,
                    presetCounts: Int64(100 * (index + 1)), beamOffBefore: index % 2 == 0))
        }
        var layers: [LayerSequence] = []
        for index in 0..<2 {
            let energy = EnergyPerNucleon(200 - 3 * Double(index))
            layers.append(
                LayerSequence(
                    planLayer: index, energy: energy, rigidityTM: 4, countsPerS: 1e5, visits: visits))
        }
        return FieldSequence(
            fieldNumber: 1, planHash: "h", ion: .carbon12, layers: layers,
            setup: FieldSetup(
                patientID: "P", gantryDegrees: 0, couchMM: .zero, couchDegrees: .zero, snoutMM: 0,
                rangeShifter: nil, ridgeFilter: nil), isGated: false)
    }()

    static func sample(_ counts: Int64, x: Double? = nil) -> MonitorSample {
        MonitorSample(
            primary: counts, secondary: counts - 1, positionCounts: x == nil ? 0 : 50,
            positionMM: SIMD2(x ?? 0, 0.5))
    }

    static func at(_ microseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: 1000 * microseconds) }

    static let entries: [(FieldRecord, MonotonicTime)] = [
        (.loaded(field: 1, from: .beginning), at(0)),
        (.layerStarted(layer: 0, primaryBase: 0, secondaryBase: 0), at(10)), (.beamOn, at(20)),
        (.visit(layer: 0, visit: 0, sample(103, x: 0.1)), at(120)),
        (.visit(layer: 0, visit: 1, sample(201)), at(200)),
        (.beamOff(sample(205)), at(230)), (.beamOn, at(300)), (.warning(.monitorDisagreement), at(310)),
        (.interlock(.spotPosition), at(350)), (.beamOff(sample(250, x: 2.2)), at(370)),
        (.interrupted, at(370)),
    ]

    @Test func staysHaveCountsPlacesAndTimes() {
        let session = DeliveredSession(
            field: Self.field, from: .beginning, records: Self.entries, retained: nil)
        #expect(session.ending == .brokenOff && session.total.primary == 250)
        #expect(session.begin == Self.at(0) && session.end == Self.at(370))
        #expect(session.layers.count == 1)
        let layer = session.layers[0]
        #expect(layer.begin == Self.at(10) && layer.end == Self.at(370) && layer.primary == 250)
        #expect(layer.stays.map(\.spot) == [3, 2, 1])
        #expect(layer.stays.map(\.primary) == [103, 102, 45])
        #expect(layer.stays.map(\.begin) == [20, 120, 300].map(Self.at))
        #expect(layer.stays.map(\.end) == [120, 230, 370].map(Self.at))
        #expect(layer.stays.map(\.isMeasured) == [true, false, true])
        #expect(layer.stays.map(\.positionMM) == [SIMD2(0.1, 0.5), SIMD2(1, 0), SIMD2(2.2, 0.5)])
        #expect(session.events.map(\.isWarning) == [true, false] && session.events[1].reset == nil)
    }

    /// Each firing has its own reset.
    @Test func resetBelongsToItsFiring() {
        let persons = ["p", "q"].map { RightHolder(id: $0, right: .physicist) }
        let entries =
            Self.entries + [
                (.reset(.spotPosition, by: [persons[0]]), Self.at(900)),
                (.interlock(.spotPosition), Self.at(910)),
                (.reset(.spotPosition, by: [persons[1]]), Self.at(920)),
            ]
        let session = DeliveredSession(
            field: Self.field, from: .beginning, records: entries, retained: nil)
        #expect(session.events.dropFirst().map(\.persons) == [[persons[0]], [persons[1]]])
        #expect(session.events.dropFirst().map(\.reset) == [Self.at(900), Self.at(920)])
    }

    @Test func resetsAndEndings() {
        let person = RightHolder(id: "p", right: .physicist)
        let reset = Self.entries + [(.reset(.spotPosition, by: [person]), Self.at(900))]
        let session = DeliveredSession(
            field: Self.field, from: .beginning, records: reset + [(.terminated, Self.at(950))], retained: nil
        )
        #expect(session.ending == .terminated)
        #expect(session.events[1].reset == Self.at(900) && session.events[1].persons == [person])
        // The counters say that the rest of the layer came.
        let salvaged = DeliveredSession(
            field: Self.field, from: .beginning, records: Self.entries, retained: Self.sample(400))
        #expect(salvaged.layers[0].stays.map(\.primary) == [103, 102, 95, 100])
        #expect(salvaged.ledger.isSalvaged && salvaged.ending == .brokenOff)
        #expect(salvaged.ledger.rest == FieldStart(layer: 1, counts: 0))
    }
}
