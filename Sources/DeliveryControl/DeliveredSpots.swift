import PlanModel

/// One stay of the beam at a spot as it was delivered.
public struct DeliveredSpot: Hashable, Sendable {
    /// Index of the layer in the plan's field, and of the spot in that layer.
    public var layer: Int
    public var spot: Int
    /// Which painting, from 0.
    public var painting: Int
    /// Where the beam's axis crossed the isocentre plane, IEC gantry x and y, mm.
    public var positionMM: SIMD2<Double>
    public var ions: Double
    /// First and last moment of beam at the stay, s, on the clock of the delivery. Both had beam; a gate may lie between them.
    public var beginS: Double
    public var endS: Double

    public init(
        layer: Int, spot: Int, painting: Int, positionMM: SIMD2<Double>, ions: Double, beginS: Double,
        endS: Double
    ) {
        self.layer = layer
        self.spot = spot
        self.painting = painting
        self.positionMM = positionMM
        self.ions = ions
        self.beginS = beginS
        self.endS = endS
    }
}

/// Everything that a field delivered: ions, places and times of all stays, from the log or from a simulation that knows better.
///
/// ## Checked by
/// `DeliveredSpotsTests`.
public struct DeliveredSpots: Hashable, Sendable {
    /// DICOM Beam Number.
    public var fieldNumber: Int
    /// In order of delivery.
    public var spots: [DeliveredSpot]

    public init(fieldNumber: Int, spots: [DeliveredSpot]) {
        self.fieldNumber = fieldNumber
        self.spots = spots
    }

    /// What the log of a session says: counts of the primary monitor (of the secondary in layers whose primary cannot be believed) and measured
    /// places.
    ///
    /// - Parameters:
    ///   - session: Its stays; those without counts give no ions.
    ///   - ionsPerCount: Ions behind one count.
    ///   - offsetS: Begin of the session on the clock that all sessions of the fraction share, s.
    public init(_ session: DeliveredSession, ionsPerCount: Double, offsetS: Double = 0) {
        precondition(ionsPerCount > 0)
        fieldNumber = session.field.fieldNumber
        spots = session.layers.flatMap { layer in
            let isDoubted = session.ledger.isPrimaryDoubted(layer: layer.layer)
            return layer.stays.compactMap { stay -> DeliveredSpot? in
                let counts = isDoubted ? max(stay.primary, stay.secondary) : stay.primary
                guard counts > 0 else { return nil }
                return DeliveredSpot(
                    layer: session.field.layers[layer.layer].planLayer, spot: stay.spot,
                    painting: stay.painting, positionMM: stay.positionMM,
                    ions: Double(counts) * ionsPerCount, beginS: offsetS + stay.begin.seconds,
                    endS: offsetS + stay.end.seconds)
            }
        }
    }

    /// Ions of all stays.
    public var ions: Double { spots.reduce(0) { $0 + $1.ions } }

    /// The planned field with the delivered ions and places in place of the planned ones.
    ///
    /// A planned spot that got nothing is left out; a layer that got nothing stays, without spots, so that layers keep their index.
    ///
    /// - Parameters:
    ///   - planned: The field of the plan.
    ///   - merging: Whether all stays at a spot become one, at their mean place weighted with ions. What that leaves out is the spread
    ///     of the places about their mean, hundredths of the square of a spot's width; it is several times as fast with many paintings.
    /// - Throws: `DeliveredSpotsError`.
    public func field(_ planned: Field, merging: Bool) throws(DeliveredSpotsError) -> Field {
        guard planned.number == fieldNumber else {
            throw .otherField(delivered: fieldNumber, planned: planned.number)
        }
        var layers = planned.layers.map { layer in
            var empty = layer
            empty.spots = []
            return empty
        }
        var sums = planned.layers.map { layer in
            merging
                ? [(ions: Double, place: SIMD2<Double>)](repeating: (0, .zero), count: layer.spots.count) : []
        }
        for spot in spots {
            guard planned.layers.indices.contains(spot.layer),
                planned.layers[spot.layer].spots.indices.contains(spot.spot)
            else { throw .notPlanned(field: fieldNumber, layer: spot.layer, spot: spot.spot) }
            guard spot.ions.isFinite, spot.ions >= 0, spot.positionMM.x.isFinite, spot.positionMM.y.isFinite
            else { throw .notFinite(field: fieldNumber, layer: spot.layer, spot: spot.spot) }
            guard spot.ions > 0 else { continue }
            if merging {
                sums[spot.layer][spot.spot].ions += spot.ions
                sums[spot.layer][spot.spot].place += spot.ions * spot.positionMM
            } else {
                layers[spot.layer].spots.append(Spot(positionMM: spot.positionMM, particles: spot.ions))
            }
        }
        if merging {
            for (index, layer) in sums.enumerated() {
                layers[index].spots = layer.filter { $0.ions > 0 }.map {
                    Spot(positionMM: $0.place / $0.ions, particles: $0.ions)
                }
            }
        }
        var field = planned
        field.layers = layers
        return field
    }
}

extension Plan {
    /// The plan as it was delivered in one fraction: its scanned fields with delivered spots; a field that is not among them has no spots.
    ///
    /// - Parameters:
    ///   - delivered: What each field delivered; several entries of a field (a session and its continuation) add up.
    ///   - merging: As for `DeliveredSpots.field`.
    /// - Throws: `DeliveredSpotsError`.
    public func delivered(_ delivered: [DeliveredSpots], merging: Bool) throws(DeliveredSpotsError) -> Plan {
        var plan = self
        for part in delivered where !fields.contains(where: { $0.number == part.fieldNumber }) {
            throw .unknownField(part.fieldNumber, known: fields.map(\.number))
        }
        for index in fields.indices {
            let number = fields[index].number
            guard fields[index].passive == nil else { throw .passive(number) }
            let spots = delivered.filter { $0.fieldNumber == number }.flatMap(\.spots)
            plan.fields[index] = try DeliveredSpots(fieldNumber: number, spots: spots).field(
                fields[index], merging: merging)
        }
        return plan
    }
}

/// Why delivered spots do not fit a plan.
public enum DeliveredSpotsError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownField(Int, known: [Int])
    case otherField(delivered: Int, planned: Int)
    case notPlanned(field: Int, layer: Int, spot: Int)
    case notFinite(field: Int, layer: Int, spot: Int)
    case passive(Int)

    public var description: String {
        switch self {
        case .unknownField(let number, let known):
            "spots were delivered for field \(number) (the plan has fields \(known.map(String.init).joined(separator: ", "))) give the plan "
                + "that was delivered"
        case .otherField(let delivered, let planned):
            "spots of field \(delivered) cannot take the place of those of field \(planned); take the field with that number"
        case .notPlanned(let field, let layer, let spot):
            "field \(field): spot \(spot) of layer \(layer) was delivered (the plan has no such spot) give the plan that was delivered"
        case .notFinite(let field, let layer, let spot):
            "field \(field): ions or place of spot \(spot) of layer \(layer) are no usable numbers (ions are 0 or more); read the log again"
        case .passive(let number):
            "field \(number) is passive (it has no spots whose dose could be recomputed); leave it out of the plan"
        }
    }
}
