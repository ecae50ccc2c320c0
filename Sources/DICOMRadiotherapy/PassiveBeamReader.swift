import DICOMFile
import PlanModel
import Quantities

/// Reads how a passive nozzle is set from an item of Ion Beam Sequence: the inverse of `PassiveBeamWriter`.
///
/// Radius of the wobbler's circle and thickness of the scatterer have no element in DICOM: they are read from the descriptions that the writer makes, and a plan without
/// them is refused (IP-0030). Leaves, bolus and filter are refused with IP-0031, IP-0032 and IP-0033.
///
/// ## Source
/// DICOM PS3.3 C.8.8.25 (RT Ion Beams).
/// ## Checked by
/// `PassivePlanImportTests`.
struct PassiveBeamReader {
    let item: DICOMItem
    let points: [DICOMItem]
    private(set) var notes = PlanNotes()

    init(_ item: DICOMItem, points: [DICOMItem]) {
        self.item = item
        self.points = points
    }

    /// Whether a beam is one of fixed leaves and devices.
    static func isPassive(_ item: DICOMItem) throws -> Bool {
        try item.text(.scanMode) == "NONE" && !item.items(.ionBeamLimitingDeviceSequence).isEmpty
    }

    /// The settings; nil after a failure that leaves nothing to build.
    ///
    /// - Parameters:
    ///   - scale: Particles per unit of the cumulative weights.
    ///   - final: Final Cumulative Meterset Weight.
    mutating func read(scale: Double, final: Double) throws -> PassiveDelivery? {
        guard let energy = try points[0].number(.nominalBeamEnergy), energy > 0 else {
            notes.add(.failure, "IP-0027", points[0], .nominalBeamEnergy, "a passive beam without an energy")
            return nil
        }
        let wobbler = try described("MAGNET", start: "circle of radius ", end: " mm at the isocentre")
        let scatterer = try described("SCATTERER", start: "", end: " mm ")
        let filter = try readFilter()
        let bolus = try readBolus()
        let slices = try readSlices(scale: scale, final: final)
        let source = try item.numbers(.virtualSourceAxisDistances) ?? []
        if !(source.first ?? 0 > 0) {
            notes.add(
                .failure, "IP-0005", item, .virtualSourceAxisDistances,
                "missing or not positive (openings and bolus are projected from the source)")
        }
        guard let wobbler, let scatterer, let filter, let distance = source.first, !slices.isEmpty,
            !notes.findings.contains(where: { $0.severity == .failure })
        else { return nil }
        return PassiveDelivery(
            energy: EnergyPerNucleon(energy), wobblerRadiusMM: wobbler, scattererThicknessMM: scatterer,
            ridgeFilterWidthMM: filter, sourceDistanceMM: distance, bolus: bolus, slices: slices)
    }

    /// A number in the description of the first lateral spreading device of a type.
    private mutating func described(_ type: String, start: String, end: String) throws -> Double? {
        for device in item.items(.lateralSpreadingDeviceSequence)
        where try device.text(.lateralSpreadingDeviceType) == type {
            let text = try device.text(.lateralSpreadingDeviceDescription) ?? ""
            if let value = Self.number(in: text, start: start, end: end), value >= 0 { return value }
            notes.add(
                .failure, "IP-0030", device, .lateralSpreadingDeviceDescription,
                "'\(text)' does not say \(type == "MAGNET" ? "‘circle of radius … mm at the isocentre’" : "‘… mm material’") "
                    + "(the settings of wobbler and scatterer have no other place); plan the field anew")
            return nil
        }
        notes.add(
            .failure, "IP-0030", item, .lateralSpreadingDeviceSequence,
            "no \(type) (a passive field needs wobbler magnets and a scatterer); plan the field anew")
        return nil
    }

    /// Width of the ridge filter: its ID is RIDGE and the width.
    private mutating func readFilter() throws -> Double? {
        let devices = item.items(.rangeModulatorSequence)
        guard devices.count == 1 else {
            notes.add(
                .failure, "IP-0033", item, .rangeModulatorSequence,
                "\(devices.count) range modulators (a passive field has one ridge filter)")
            return nil
        }
        let text = try devices[0].text(.rangeModulatorID) ?? ""
        guard let width = Self.number(in: text, start: "RIDGE ", end: ""), width > 0 else {
            notes.add(
                .failure, "IP-0033", devices[0], .rangeModulatorID,
                "'\(text)' is not ‘RIDGE’ and the width of a ridge filter, mm of water")
            return nil
        }
        return width
    }

    private mutating func readBolus() throws -> Bolus? {
        let items = item.items(.ionRangeCompensatorSequence)
        guard let bolus = items.first else { return nil }
        func refuse(_ tag: DICOMTag, _ why: String) -> Bolus? {
            notes.add(.failure, "IP-0032", bolus, tag, why)
            return nil
        }
        if items.count > 1 {
            return refuse(.compensatorNumber, "\(items.count) compensators in one beam (one can be planned)")
        }
        for (tag, wanted) in [
            (DICOMTag.compensatorDivergence, "PRESENT"), (.compensatorMountingPosition, "SOURCE_SIDE"),
        ] {
            let text = try bolus.text(tag) ?? ""
            if text != wanted { return refuse(tag, "'\(text)' (only \(wanted) can be planned)") }
        }
        guard let tray = try bolus.number(.isocenterToCompensatorTrayDistance) else {
            return refuse(.isocenterToCompensatorTrayDistance, "it is missing (where the bolus stands)")
        }
        let pitch = try bolus.requiredNumbers(.compensatorPixelSpacing, count: 2)
        guard pitch[0] > 0, pitch[0] == pitch[1] else {
            return refuse(
                .compensatorPixelSpacing, "\(pitch[0]) and \(pitch[1]) (only squares can be planned)")
        }
        let rows = try bolus.requiredInteger(.compensatorRows)
        let columns = try bolus.requiredInteger(.compensatorColumns)
        let corner = try bolus.requiredNumbers(.compensatorPosition, count: 2)
        let values = try bolus.requiredNumbers(.compensatorThicknessData)
        guard rows > 0, columns > 0, values.count == rows * columns else {
            return refuse(
                .compensatorThicknessData, "\(values.count) thicknesses for \(rows) rows of \(columns)")
        }
        if let bad = values.first(where: { !($0 >= 0) }) {
            return refuse(.compensatorThicknessData, "a thickness of \(bad) mm is impossible")
        }
        // DICOM counts rows from the greatest y down, the bolus from the lowest up.
        let upwards = (0..<rows).reversed().flatMap { values[$0 * columns..<($0 + 1) * columns] }
        return Bolus(
            material: try bolus.text(.materialID) ?? "", distanceMM: tray,
            firstMM: SIMD2(corner[0], corner[1] - Double(rows - 1) * pitch[0]), pitchMM: pitch[0],
            columnCount: columns, rowCount: rows, thicknessMM: upwards)
    }

    /// One slice for each stretch of control points in which the weight grows; what a point leaves out keeps its value.
    private mutating func readSlices(scale: Double, final: Double) throws -> [PassiveSlice] {
        guard let boundaries = try readBoundaries() else { return [] }
        let plates = try readPlates()
        var inserted: [Int: Bool] = [:]
        var ends: [Double]?
        var slices: [PassiveSlice] = []
        let weights = try points.map { try $0.number(.cumulativeMetersetWeight) }
        for (index, point) in points.enumerated() {
            for setting in point.items(.rangeShifterSettingsSequence) {
                inserted[try setting.requiredInteger(.referencedRangeShifterNumber)] =
                    try setting.text(.rangeShifterSetting) == "IN"
            }
            for device in point.items(.beamLimitingDevicePositionSequence)
            where try device.text(.rtBeamLimitingDeviceType) == "MLCX" {
                ends = try device.numbers(.leafJawPositions)
            }
            guard let weight = weights[index] else {
                notes.add(
                    .failure, "IP-0006", point, .cumulativeMetersetWeight,
                    "missing (only it says how many ions a passive slice has)")
                return []
            }
            let next = index + 1 < weights.count ? weights[index + 1] ?? weight : final
            guard next - weight > 1e-9 * final else {
                if next < weight {
                    notes.add(
                        .failure, "IP-0006", point, .cumulativeMetersetWeight,
                        "it falls from \(weight) to \(next) at the next control point")
                }
                continue
            }
            let pairs = boundaries.count - 1
            guard let ends, ends.count == 2 * pairs, (0..<pairs).allSatisfy({ ends[$0] <= ends[pairs + $0] })
            else {
                notes.add(
                    .failure, "IP-0031", point, .leafJawPositions,
                    "\(ends?.count ?? 0) positions for \(pairs) leaf pairs, or ends that overlap")
                return []
            }
            slices.append(
                PassiveSlice(
                    rangeShifterPlatesMM: plates.filter { inserted[$0.number] == true }.map(\.thicknessMM),
                    opening: LeafOpening(
                        boundariesMM: boundaries,
                        pairsMM: (0..<pairs).map { SIMD2(ends[$0], ends[pairs + $0]) }),
                    particles: (next - weight) * scale))
        }
        if slices.isEmpty {
            notes.add(.failure, "IP-0021", item, .cumulativeMetersetWeight, "no control point has a weight")
        }
        return slices
    }

    private mutating func readBoundaries() throws -> [Double]? {
        let devices = item.items(.ionBeamLimitingDeviceSequence)
        let types = try devices.map { try $0.text(.rtBeamLimitingDeviceType) ?? "" }
        guard types == ["MLCX"] else {
            notes.add(
                .failure, "IP-0031", item, .ionBeamLimitingDeviceSequence,
                "devices \(types.joined(separator: ", ")) (only one MLCX can be planned)")
            return nil
        }
        let boundaries = try devices[0].requiredNumbers(.leafPositionBoundaries)
        guard boundaries.count > 1, zip(boundaries, boundaries.dropFirst()).allSatisfy(<) else {
            notes.add(
                .failure, "IP-0031", devices[0], .leafPositionBoundaries,
                "\(boundaries.count) boundaries, or not ascending")
            return nil
        }
        return boundaries
    }

    /// Range shifter plates: their IDs are PLATE and the thickness.
    private mutating func readPlates() throws -> [(number: Int, thicknessMM: Double)] {
        var plates: [(number: Int, thicknessMM: Double)] = []
        for device in item.items(.rangeShifterSequence) {
            let text = try device.text(.rangeShifterID) ?? ""
            guard let thickness = Self.number(in: text, start: "PLATE ", end: ""), thickness > 0 else {
                notes.add(
                    .failure, "IP-0013", device, .rangeShifterID,
                    "'\(text)' is not ‘PLATE’ and the thickness of a range shifter plate, mm")
                continue
            }
            plates.append((try device.requiredInteger(.rangeShifterNumber), thickness))
        }
        return plates
    }

    private static func number(in text: String, start: String, end: String) -> Double? {
        guard text.hasPrefix(start) else { return nil }
        let rest = text.dropFirst(start.count)
        guard !end.isEmpty else { return Double(rest) }
        guard let stop = rest.firstRange(of: end)?.lowerBound else { return nil }
        return Double(rest[..<stop])
    }
}
