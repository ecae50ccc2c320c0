import DICOMFile
import FacilityModel
import Frames
import PlanModel
import Quantities

/// Reads one item of Ion Beam Sequence, scanned or passive.
struct IonBeamReader {
    let item: DICOMItem
    let number: Int
    let points: [DICOMItem]
    /// A beam of wobbler, leaves and bolus rather than of spots.
    let isPassive: Bool
    private(set) var notes = PlanNotes()

    init(_ item: DICOMItem) throws {
        self.item = item
        number = try item.requiredInteger(.beamNumber)
        points = try item.requiredItems(.ionControlPointSequence)
        isPassive = try PassiveBeamReader.isPassive(item)
    }

    /// Whether the beam treats (and does not only image or set up).
    var isTreatment: Bool {
        get throws {
            ["TREATMENT", "CONTINUATION"].contains(try item.text(.treatmentDeliveryType) ?? "TREATMENT")
        }
    }

    /// The field and what goes with it; nil if a failure was noted that leaves nothing to build.
    mutating func read(
        fractions: FractionScheme, particlesPerMonitorUnit: MonitorUnitCalibration?
    ) throws -> (field: Field, details: ImportedBeam, ion: Isotope)? {
        try noteUnsupported()
        let ion = try readIon()
        let unitText = try item.requiredText(.primaryDosimeterUnit)
        guard let unit = ImportedBeam.MetersetUnit(rawValue: unitText) else {
            throw item.invalid(
                .primaryDosimeterUnit, value: unitText, why: "only NP and MU are defined",
                remedy: "export the plan again")
        }
        if unit == .monitorUnits, particlesPerMonitorUnit == nil {
            notes.add(
                .failure, "IP-0001", item, .primaryDosimeterUnit,
                "the weights are monitor units (particles are needed, and their ratio depends on the machine's "
                    + "monitor); give the particles per monitor unit")
        }
        guard let final = try item.number(.finalCumulativeMetersetWeight), final > 0 else {
            notes.add(
                .failure, "IP-0008", item, .finalCumulativeMetersetWeight,
                "it is missing or not positive (weights cannot be scaled)")
            return nil
        }
        guard let meterset = fractions.metersets[number], meterset > 0 else {
            notes.add(
                .failure, "IP-0008", item, .beamNumber,
                "beam \(number) has no \(DICOMTag.beamMeterset) in the fraction group (weights cannot be scaled)"
            )
            return nil
        }
        let calibration = unit == .monitorUnits ? particlesPerMonitorUnit : nil
        let passive =
            try isPassive
            ? readPassive(scale: meterset / final, final: final, calibration: calibration) : nil
        let (layers, sizes) =
            try isPassive
            ? ([], []) : readLayers(scale: meterset / final, final: final, calibration: calibration)
        let first = points[0]
        let isocentre = try first.requiredNumbers(.isocenterPosition, count: 3)
        let rangeShifter = try isPassive ? nil : readRangeShifter()
        let port = try item.text(.institutionalDepartmentName) ?? ""
        if port.isEmpty {
            notes.add(
                .information, "IP-0010", item, .institutionalDepartmentName,
                "the plan names no port; assign one of the machine's ports")
        }
        let field = Field(
            number: number, name: try item.text(.beamName) ?? "\(number)", portID: port,
            gantryAngle: AngleDegrees(try first.requiredNumber(.gantryAngle)),
            patientSupportAngle: AngleDegrees(try first.requiredNumber(.patientSupportAngle)),
            isocentre: Point3(isocentre[0], isocentre[1], isocentre[2]),
            rangeShifterID: rangeShifter?.id, layers: layers, passive: passive)
        let machine = try item.text(.treatmentMachineName) ?? ""
        if machine.isEmpty {
            notes.add(
                .warning, "IP-0026", item, .treatmentMachineName,
                "the plan names no machine; choose the one it was made for")
        }
        let details = ImportedBeam(
            number: number, machineName: machine, unit: unit, meterset: meterset,
            virtualSourceDistancesMM: try readVirtualSource(), spotSizesMM: sizes,
            rangeShifter: rangeShifter,
            rangeModulatorIDs: try item.items(.rangeModulatorSequence).compactMap {
                try $0.text(.rangeModulatorID)
            }, beamDose: fractions.beamDoses[number].map { AbsorbedDose($0) })
        return (field, details, ion)
    }

    /// Settings of a passive nozzle; particles, or monitor units times the calibration at the one energy.
    private mutating func readPassive(
        scale: Double, final: Double, calibration: MonitorUnitCalibration?
    ) throws -> PassiveDelivery? {
        var reader = PassiveBeamReader(item, points: points)
        var delivery = try reader.read(scale: scale, final: final)
        notes.findings += reader.notes.findings
        if let calibration, let energy = delivery?.energy {
            guard let perUnit = calibration.particles(at: energy) else {
                notes.add(
                    .failure, "IP-0029", points[0], .nominalBeamEnergy,
                    "\(energy) is outside the monitor calibration (\(calibration.points[0].energy) to "
                        + "\(calibration.points[calibration.points.count - 1].energy)); extend it")
                return nil
            }
            for slice in delivery?.slices.indices ?? 0..<0 { delivery?.slices[slice].particles *= perUnit }
        }
        return delivery
    }

    /// Beams that scanning in straight fields cannot represent.
    private mutating func noteUnsupported() throws {
        if item.state(.treatmentDeliveryType) != .value {
            notes.add(
                .warning, "IP-0018", item, .treatmentDeliveryType,
                "missing (required); the beam was taken for a treatment beam")
        }
        let mode = try item.text(.scanMode) ?? ""
        if !isPassive, !["MODULATED", "MODULATED_SPEC"].contains(mode) {
            notes.add(
                .failure, "IP-0002", item, .scanMode,
                "'\(mode)' is no modulated scanning, and no passive beam with a multileaf collimator (only these can be planned)"
            )
        }
        // The compensator of a passive beam is its bolus.
        let unknown: [DICOMTag] =
            [.numberOfWedges, .numberOfBoli, .numberOfBlocks] + (isPassive ? [] : [.numberOfCompensators])
        for tag in unknown {
            if let count = try item.integer(tag), count > 0 {
                notes.add(.failure, "IP-0020", item, tag, "\(count) in the beam; they cannot be planned")
            }
        }
        for tag in [DICOMTag.tableTopPitchAngle, .tableTopRollAngle, .gantryPitchAngle] {
            if let angle = try points[0].number(tag), angle != 0 {
                notes.add(
                    .failure, "IP-0015", points[0], tag, "\(angle)° (only 0 can be planned)")
            }
        }
        for tag in [DICOMTag.gantryAngle, .patientSupportAngle, .isocenterPosition] {
            guard let start = try points[0].numbers(tag) else { continue }
            for point in points.dropFirst() {
                if let later = try point.numbers(tag), later != start {
                    notes.add(
                        .failure, "IP-0016", point, tag,
                        "it changes within the beam; split it into beams of one direction")
                }
            }
        }
        if let stated = try item.integer(.numberOfControlPoints), stated != points.count {
            notes.add(
                .failure, "IP-0007", item, .numberOfControlPoints,
                "\(stated), but there are \(points.count) control points")
        }
    }

    private mutating func readIon() throws -> Isotope {
        let type = try item.requiredText(.radiationType)
        if type == "PROTON" { return .proton }
        guard type == "ION" else {
            notes.add(
                .failure, "IP-0003", item, .radiationType, "'\(type)' is no ion beam")
            return .proton
        }
        guard let mass = try item.integer(.radiationMassNumber),
            let charge = try item.integer(.radiationAtomicNumber), charge >= 1, mass >= charge
        else {
            notes.add(
                .failure, "IP-0003", item, .radiationMassNumber,
                "mass and atomic number of the ion are missing or impossible (which ion is it?)")
            return .proton
        }
        return Isotope(atomicNumber: charge, massNumber: mass)
    }

    private mutating func readVirtualSource() throws -> SIMD2<Double>? {
        guard let values = try item.numbers(.virtualSourceAxisDistances), values.count == 2,
            values[0] > 0, values[1] > 0
        else {
            notes.add(
                .warning, "IP-0005", item, .virtualSourceAxisDistances,
                "missing or not positive; the distances of the machine file will be used")
            return nil
        }
        return SIMD2(values[0], values[1])
    }

    private mutating func readRangeShifter() throws -> ImportedBeam.RangeShifterSetting? {
        let devices = item.items(.rangeShifterSequence)
        let settings = points[0].items(.rangeShifterSettingsSequence)
        let stated = try item.integer(.numberOfRangeShifters) ?? 0
        if stated != devices.count {
            notes.add(
                .failure, "IP-0013", item, .numberOfRangeShifters,
                "\(stated), but \(devices.count) range shifters are described")
        }
        if devices.isEmpty, let setting = settings.first {
            notes.add(
                .warning, "IP-0013", setting, .rangeShifterSetting,
                "a setting for a range shifter that the beam does not have")
        }
        for point in points.dropFirst() where !point.items(.rangeShifterSettingsSequence).isEmpty {
            let later = try point.items(.rangeShifterSettingsSequence).map {
                try $0.text(.rangeShifterSetting)
            }
            if later != (try settings.map { try $0.text(.rangeShifterSetting) }) {
                notes.add(
                    .failure, "IP-0016", point, .rangeShifterSettingsSequence,
                    "the range shifter changes within the beam; split the beam")
            }
        }
        var inserted: [ImportedBeam.RangeShifterSetting] = []
        for device in devices {
            let number = try device.requiredInteger(.rangeShifterNumber)
            let setting = try settings.first {
                try $0.integer(.referencedRangeShifterNumber) == number
            }
            guard let setting, try setting.text(.rangeShifterSetting) != "OUT" else { continue }
            inserted.append(
                .init(
                    id: try device.text(.rangeShifterID) ?? "\(number)",
                    waterEquivalentThicknessMM:
                        try setting.number(.rangeShifterWaterEquivalentThickness),
                    isocentreDistanceMM: try setting.number(.isocenterToRangeShifterDistance)))
        }
        if inserted.count > 1 {
            notes.add(
                .failure, "IP-0013", item, .rangeShifterSequence,
                "\(inserted.count) range shifters are in the beam (one can be planned)")
        }
        return inserted.first
    }

    /// Layers from the control points; spot weights times `scale` are particles, or monitor units if there is a calibration.
    ///
    /// A control point whose weights are not all zero delivers its spots on the way to the next one. Elements that a
    /// control point leaves out keep the value of the one before.
    private mutating func readLayers(
        scale: Double, final: Double, calibration: MonitorUnitCalibration?
    ) throws -> ([EnergyLayer], [SIMD2<Double>?]) {
        var layers: [EnergyLayer] = []
        var sizes: [SIMD2<Double>?] = []
        var energy: Double?
        var size: SIMD2<Double>?
        var paintings = 1
        var sum = 0.0
        var cumulative: [Double?] = []
        var delivered: [Double] = []
        var longEnergies: [(point: DICOMItem, text: String)] = []
        for point in points {
            if let text = try point.text(.nominalBeamEnergy), text.count > 16 {
                longEnergies.append((point, text))
            }
            energy = try point.number(.nominalBeamEnergy) ?? energy
            if let values = try point.numbers(.scanningSpotSize), values.count == 2 {
                size = SIMD2(values[0], values[1])
            }
            paintings = try point.integer(.numberOfPaintings) ?? paintings
            cumulative.append(try point.number(.cumulativeMetersetWeight))
            var spots = try readSpots(point, scale: scale)
            delivered.append(spots.weight)
            sum += spots.weight
            guard spots.weight > 0 else { continue }
            guard let energy, energy > 0 else {
                notes.add(
                    .failure, "IP-0027", point, .nominalBeamEnergy, "spots without an energy")
                continue
            }
            if let calibration {
                guard let perUnit = calibration.particles(at: EnergyPerNucleon(energy)) else {
                    notes.add(
                        .failure, "IP-0029", point, .nominalBeamEnergy,
                        "\(energy) MeV/u is outside the monitor calibration (\(calibration.points[0].energy) to "
                            + "\(calibration.points[calibration.points.count - 1].energy)); extend it")
                    continue
                }
                for index in spots.spots.indices { spots.spots[index].particles *= perUnit }
            }
            guard paintings >= 1 else {
                notes.add(
                    .failure, "IP-0028", point, .numberOfPaintings, "\(paintings) (at least 1 is needed)")
                continue
            }
            layers.append(
                EnergyLayer(
                    energy: EnergyPerNucleon(energy), spots: spots.spots, paintings: paintings))
            sizes.append(size)
        }
        if let first = longEnergies.first {
            notes.add(
                .warning, "IP-0017", first.point, .nominalBeamEnergy,
                "'\(first.text)' has \(first.text.count) characters (16 are allowed), and so at "
                    + "\(longEnergies.count) control point\(longEnergies.count == 1 ? "" : "s")")
        }
        if layers.isEmpty {
            notes.add(.failure, "IP-0021", item, .scanSpotMetersetWeights, "no spot has a weight")
        }
        noteWeights(cumulative: cumulative, delivered: delivered, sum: sum, final: final)
        return (layers, sizes)
    }

    private mutating func readSpots(
        _ point: DICOMItem, scale: Double
    ) throws -> (spots: [Spot], weight: Double) {
        let map = try point.numbers(.scanSpotPositionMap) ?? []
        let weights = try point.numbers(.scanSpotMetersetWeights) ?? []
        let count = try point.integer(.numberOfScanSpotPositions) ?? weights.count
        guard map.count == 2 * count, weights.count == count else {
            notes.add(
                .failure, "IP-0014", point, .scanSpotPositionMap,
                "\(count) spots are stated, but there are \(map.count) coordinates and \(weights.count) weights"
            )
            return ([], 0)
        }
        if let bad = weights.first(where: { !($0 >= 0) }) {
            notes.add(.failure, "IP-0014", point, .scanSpotMetersetWeights, "negative weight \(bad)")
            return ([], 0)
        }
        let spots = (0..<count).map {
            Spot(
                positionMM: SIMD2(map[2 * $0], map[2 * $0 + 1]), particles: weights[$0] * scale)
        }
        return (spots, weights.reduce(0, +))
    }

    /// Compares spot weights, cumulative weights and their final value, to 1e-4 of it.
    private mutating func noteWeights(
        cumulative: [Double?], delivered: [Double], sum: Double, final: Double
    ) {
        let tolerance = 1e-4 * final
        if abs(sum - final) > tolerance {
            notes.add(
                .failure, "IP-0006", item, .finalCumulativeMetersetWeight,
                "\(final), but the spot weights add up to \(sum)")
        }
        let values = cumulative.compactMap(\.self)
        guard values.count == cumulative.count else {
            notes.add(
                .warning, "IP-0006", item, .cumulativeMetersetWeight,
                "missing at \(cumulative.count - values.count) of \(cumulative.count) control points (required); "
                    + "the spot weights were used, check the plan's dose")
            if (delivered.last ?? 0) > 0 {
                notes.add(
                    .warning, "IP-0007", item, .ionControlPointSequence,
                    "one control point per layer (two are required, the last one delivers nothing)")
            }
            return
        }
        for index in delivered.indices {
            let next = index + 1 < values.count ? values[index + 1] : final
            let step = next - values[index]
            if abs(step - delivered[index]) > tolerance {
                notes.add(
                    .failure, "IP-0006", points[index], .cumulativeMetersetWeight,
                    "the weight grows by \(step) to the next control point, but the spots add up to "
                        + "\(delivered[index])")
                return
            }
        }
    }
}
