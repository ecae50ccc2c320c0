import DeliveryControl
import Frames
import PlanModel
import Quantities
import Testing

/// Stays become spots of a field.
struct DeliveredSpotsTests {
    static let field: Field = {
        let spots = (0..<4).map { Spot(positionMM: SIMD2(3 - Double($0), 0), particles: 5000) }
        return Field(
            number: 1, name: "f", portID: "p", gantryAngle: AngleDegrees(0),
            patientSupportAngle: AngleDegrees(0), isocentre: .init(0, 0, 0),
            layers: [200.0, 197].map { EnergyLayer(energy: EnergyPerNucleon($0), spots: spots) })
    }()

    static func plan(_ fields: [Field]) -> Plan {
        Plan(
            label: "p", machineName: "m", ion: .carbon12, patientPosition: .headFirstSupine,
            prescription: Prescription(targetName: "CTV", totalDose: RBEWeightedDose(60), fractions: 12),
            fields: fields)
    }

    static func spot(_ layer: Int, _ spot: Int, ions: Double, x: Double = 0) -> DeliveredSpot {
        DeliveredSpot(
            layer: layer, spot: spot, painting: 0, positionMM: SIMD2(x, 0), ions: ions, beginS: 1, endS: 2)
    }

    @Test func sessionGivesIonsPlacesAndTimes() throws {
        let session = DeliveredSession(
            field: DeliveredSessionTests.field, from: .beginning, records: DeliveredSessionTests.entries,
            retained: nil)
        let spots = DeliveredSpots(session, ionsPerCount: 50, offsetS: 7)
        #expect(spots.fieldNumber == 1 && spots.ions == 250 * 50)
        #expect(spots.spots.map(\.spot) == [3, 2, 1])
        #expect(spots.spots.map(\.ions) == [5150, 5100, 2250])
        #expect(abs(spots.spots[1].beginS - 7.000120) < 1e-9 && abs(spots.spots[1].endS - 7.000230) < 1e-9)
        let field = try spots.field(Self.field, merging: true)
        #expect(field.layers.map { $0.spots.count } == [3, 0])
        #expect(field.layers[0].spots.map(\.particles) == [2250, 5100, 5150])
        #expect(field.layers[0].spots[2].positionMM == SIMD2(0.1, 0.5))
    }

    /// A primary that stood still while the secondary counted 201: the layer's ions are those of the secondary where it has more.
    @Test func doubtedPrimaryIsNotBelieved() {
        let entries =
            DeliveredSessionTests.entries.dropLast(2) + [
                (
                    FieldRecord.beamOff(MonitorSample(primary: 205, secondary: 405)),
                    DeliveredSessionTests.at(370)
                )
            ]
        let session = DeliveredSession(
            field: DeliveredSessionTests.field, from: .beginning, records: entries, retained: nil)
        let spots = DeliveredSpots(session, ionsPerCount: 50)
        #expect(spots.spots.map(\.ions) == [5150, 5100, 10_050])
    }

    @Test func staysAtASpotAreMergedAtTheirMeanPlace() throws {
        let spots = DeliveredSpots(
            fieldNumber: 1,
            spots: [
                Self.spot(1, 2, ions: 100, x: 1), Self.spot(1, 0, ions: 7), Self.spot(1, 2, ions: 300, x: 2),
            ])
        let merged = try spots.field(Self.field, merging: true)
        #expect(merged.layers[0].spots.isEmpty && merged.layers[1].spots.count == 2)
        #expect(merged.layers[1].spots[1] == Spot(positionMM: SIMD2(1.75, 0), particles: 400))
        let single = try spots.field(Self.field, merging: false)
        #expect(single.layers[1].spots.map(\.particles) == [100, 7, 300])
        #expect(single.particles == merged.particles)
    }

    @Test func sessionAndContinuationAddUp() throws {
        var other = Self.field
        other.number = 2
        let part = DeliveredSpots(fieldNumber: 1, spots: [Self.spot(0, 1, ions: 40)])
        let plan = try Self.plan([Self.field, other]).delivered([part, part], merging: true)
        #expect(plan.fields.map(\.particles) == [80, 0])
    }

    @Test func whatDoesNotFitIsRefused() {
        let plan = Self.plan([Self.field])
        func refusal(_ spots: DeliveredSpots) -> DeliveredSpotsError? {
            do {
                _ = try plan.delivered([spots], merging: true)
                return nil
            } catch { return error }
        }
        #expect(refusal(.init(fieldNumber: 9, spots: [])) == .unknownField(9, known: [1]))
        #expect(
            refusal(.init(fieldNumber: 1, spots: [Self.spot(2, 0, ions: 1)]))
                == .notPlanned(field: 1, layer: 2, spot: 0))
        #expect(
            refusal(.init(fieldNumber: 1, spots: [Self.spot(0, 4, ions: 1)]))
                == .notPlanned(field: 1, layer: 0, spot: 4))
        #expect(
            refusal(.init(fieldNumber: 1, spots: [Self.spot(0, 1, ions: -1)]))
                == .notFinite(field: 1, layer: 0, spot: 1))
        #expect(throws: DeliveredSpotsError.otherField(delivered: 3, planned: 1)) {
            try DeliveredSpots(fieldNumber: 3, spots: []).field(Self.field, merging: true)
        }
        #expect(refusal(.init(fieldNumber: 1, spots: [])) == nil)
    }
}
