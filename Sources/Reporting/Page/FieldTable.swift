import Frames
import PlanModel
import Quantities

/// Angles, isocentre, port and totals of each field.
struct FieldTable {
    let table: HTMLTable

    /// - Parameter depthsMM: Water-equivalent depth of the isocentre by field number, mm.
    init(_ report: TreatmentReport, depthsMM: [Int: Double]) {
        table = HTMLTable(
            columns: [
                .init(title: "Field"), .init(title: "Port"),
                .init(title: "Gantry", unit: "°", alignment: .number),
                .init(title: "Couch", unit: "°", alignment: .number),
                .init(title: "Isocentre x, y, z", unit: "DICOM patient, mm", alignment: .number),
                .init(title: "Depth", unit: "mm WET", alignment: .number), .init(title: "Range shifter"),
                .init(title: "Energies", unit: "MeV/u", alignment: .number),
                .init(title: "Layers", alignment: .number),
                .init(title: "Spots", alignment: .number),
                .init(title: "Ions", unit: "per fraction", alignment: .number),
            ],
            rows: report.plan.fields.map { field in
                let energies =
                    field.layers.map(\.energy.value) + (field.passive.map { [$0.energy.value] } ?? [])
                let range =
                    if let least = energies.min(), let greatest = energies.max() {
                        "\(NumberText.fixed(least, 1))–\(NumberText.fixed(greatest, 1))"
                    } else { NumberText.missing }
                let place = [field.isocentre.x, field.isocentre.y, field.isocentre.z].map {
                    NumberText.fixed($0, 1)
                }
                return [
                    .init("\(field.number) \(field.name)", cssClass: field.name.count > 24 ? "long" : ""),
                    .init(field.portID, cssClass: field.portID.count > 24 ? "long" : ""),
                    .init(NumberText.fixed(field.gantryAngle.value, 1)),
                    .init(NumberText.fixed(field.patientSupportAngle.value, 1)),
                    .init(place.joined(separator: ", ")),
                    .init(depthsMM[field.number].map { NumberText.fixed($0, 1) } ?? NumberText.missing),
                    .init(Self.shifter(field)), .init(range),
                    .init("\(field.passive?.slices.count ?? field.layers.count)"),
                    .init(NumberText.grouped(field.spotCount)), .init(NumberText.particles(field.particles)),
                ]
            }, cssClass: "dense")
    }

    private static func shifter(_ field: Field) -> String {
        guard let passive = field.passive else { return field.rangeShifterID ?? "none" }
        let thinnest = passive.slices.map(\.rangeShifterMM).min() ?? 0
        return "\(NumberText.fixed(thinnest, 2)) mm" + (passive.slices.count > 1 ? " and more" : "")
    }
}
