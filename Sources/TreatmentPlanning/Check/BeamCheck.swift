import DICOMRadiotherapy
import FacilityModel
import PlanModel
import Quantities

/// Compares what a plan says of its beam with the nozzle it is computed for.
struct BeamCheck {
    let beam: ImportedBeam
    let field: Field
    let port: Port
    let file: String

    /// Full width at half maximum over standard deviation of a Gaussian: √(8 ln 2).
    static let widthPerSigma = 2.354_820_045_030_949
    /// Differences of beam size and source distance up to this share are not mentioned.
    static let tolerance = 0.05

    var findings: [Finding] { [sources, sizes, ridgeFilter].compactMap(\.self) }

    private func finding(_ severity: Finding.Severity, _ code: String, _ text: String) -> Finding {
        Finding(severity: severity, code: code, message: "\(file): beam \(field.number): \(text)")
    }

    private var sources: Finding? {
        guard let planned = beam.virtualSourceDistancesMM else { return nil }
        let own = port.nozzle.virtualSourceDistancesMM
        let share = abs(planned.x / own.x - 1)
        guard max(share, abs(planned.y / own.y - 1)) > Self.tolerance else { return nil }
        return finding(
            .warning, "CHECK-0004",
            "Virtual Source-Axis Distances (300A,030A) are \(Int(planned.x)) and \(Int(planned.y)) mm, but \(Int(own.x)) and "
                + "\(Int(own.y)) mm in the machine file (those were used); correct the ones that are wrong")
    }

    /// The layer where the beam in air differs most from that of the machine file.
    private var sizes: Finding? {
        var worst: (share: Double, text: String)?
        for (index, layer) in field.layers.enumerated() where index < beam.spotSizesMM.count {
            guard let planned = beam.spotSizesMM[index], planned.x > 0, planned.y > 0,
                let own = port.nozzle.spotSize(at: layer.energy)
            else { continue }
            let widths = Self.widthPerSigma * own.sigmaMM
            let share = max(abs(planned.x / widths.x - 1), abs(planned.y / widths.y - 1))
            guard share > Self.tolerance, share > worst?.share ?? 0 else { continue }
            func short(_ v: Double) -> Double { (v * 10).rounded() / 10 }
            worst = (
                share,
                "Scanning Spot Size (300A,0398) is \(short(planned.x)) x \(short(planned.y)) mm at \(layer.energy), but "
                    + "\(short(widths.x)) x \(short(widths.y)) mm (full width at half maximum in air) in the machine file, which was "
                    + "used; the lateral penumbra will differ unless one of them is corrected"
            )
        }
        return worst.map { finding(.warning, "CHECK-0005", $0.text) }
    }

    private var ridgeFilter: Finding? {
        let has = port.nozzle.ridgeFilterSigmaMM > 0
        guard has == beam.rangeModulatorIDs.isEmpty else { return nil }
        return finding(
            .warning, "CHECK-0006",
            has
                ? "no Range Modulator Sequence (300A,0342), but the machine file has a ridge filter (σ "
                    + "\(port.nozzle.ridgeFilterSigmaMM) mm in water), which was used; the distal falloff differs if the beam has none"
                : "range modulator '\(beam.rangeModulatorIDs.joined(separator: ", "))' (300A,0346), but the machine file has no ridge "
                    + "filter at port '\(port.id)'; Bragg peaks will be too sharp, add it to the machine file"
        )
    }
}
