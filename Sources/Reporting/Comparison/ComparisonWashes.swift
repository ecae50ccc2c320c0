import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Volumes

/// The same slice of all plans side by side, on one colour scale: doses, or their differences to the first.
struct ComparisonWashes {
    private let report: ComparisonReport
    private let box: (lower: SIMD3<Double>, upper: SIMD3<Double>)
    private let centre: Point3<DICOMPatient>
    private let structures: [Structure]
    /// Total RBE-weighted dose inside the body of each plan.
    private let doses: [Volume<Float>]
    private let background: WashBackground
    private let prescribed: Double
    private let threshold: Double

    /// - Returns: nil if no facility has a plan.
    init?(_ report: ComparisonReport) throws(PNGError) {
        guard let first = report.planned.first?.result, let isocentre = first.plan.fields.first?.isocentre
        else { return nil }
        self.report = report
        centre = isocentre
        prescribed = report.prescription.totalDose.value
        threshold = report.appearance.threshold * prescribed
        structures = report.structures.structures.filter {
            !report.appearance.hiddenStructures.contains($0.name)
        }
        doses = report.planned.map { WashExtent.insideBody($0.result.dose.rbeWeighted, report.structures) }
        box = WashExtent.box(
            ct: report.ct.geometry, structures: report.structures, dose: doses[0], threshold: threshold,
            around: isocentre)
        background = try WashBackground(
            DoseWash(
                ct: report.ct.hounsfield, window: report.appearance.window,
                layer: Self.layer(doses[0], prescribed: prescribed, top: 1, threshold: threshold),
                structures: structures, isocentre: isocentre, box: box, pixelMM: report.appearance.pixelMM))
    }

    private static func layer(
        _ dose: Volume<Float>, prescribed: Double, top: Double, threshold: Double
    ) -> WashLayer {
        WashLayer(
            scale: WashScale(
                quantity: "RBE-weighted dose", unit: "Gy (RBE)", map: .plasma, range: 0...top,
                reference: prescribed), values: dose, gate: dose, gateThreshold: threshold)
    }

    /// Doses in one plane.
    func doses(_ plane: AnatomicalPlane) throws(PNGError) -> Picture {
        let top = doses.reduce(1.1 * prescribed) {
            max($0, WashExtent.quantile(0.999, of: $1, above: threshold))
        }
        let layers = doses.map {
            Self.layer($0, prescribed: prescribed, top: top, threshold: threshold)
        }
        return try picture(
            plane, layers: zip(report.planned.map(\.name), layers).map { ($0, $1) }, name: "dose-\(plane)",
            title: "RBE-weighted dose, \(plane.rawValue)",
            isodoses: report.appearance.isodoses.map { $0 * prescribed })
    }

    /// Differences to the first plan in one plane; nil for fewer than two plans on one grid.
    func differences(_ plane: AnatomicalPlane) throws(PNGError) -> Picture? {
        let others = doses.indices.dropFirst().filter { doses[$0].geometry == doses[0].geometry }
        guard !others.isEmpty else { return nil }
        var limit = 0.05 * prescribed
        var layers: [(String, Volume<Float>, Volume<Float>)] = []
        for index in others {
            var (difference, gate) = (doses[index], doses[index])
            for voxel in difference.values.indices {
                difference.values[voxel] -= doses[0].values[voxel]
                gate.values[voxel] = max(gate.values[voxel], doses[0].values[voxel])
            }
            let sizes = difference.map { abs($0) }
            limit = max(limit, WashExtent.quantile(0.98, of: sizes, above: 0.01 * prescribed))
            layers.append((report.planned[index].name, difference, gate))
        }
        let scale = WashScale(
            quantity: "Difference", unit: "Gy (RBE)", map: .difference, range: -limit...limit,
            reference: prescribed)
        return try picture(
            plane,
            layers: layers.map {
                (
                    "\($0.0) − \(report.planned[0].name)",
                    WashLayer(
                        scale: scale, values: $0.1, gate: $0.2, gateThreshold: threshold, opacity: 0.75)
                )
            }, name: "difference-\(plane)",
            title: "Differences to \(report.planned[0].name), \(plane.rawValue)",
            isodoses: [])
    }

    private static let barWidth = 112.0
    private static let gap = 6.0
    private static let caption = 19.0

    private func picture(
        _ plane: AnatomicalPlane, layers: [(name: String, layer: WashLayer)], name: String, title: String,
        isodoses: [Double]
    ) throws(PNGError) -> Picture {
        let columns = layers.count == 4 ? 2 : min(3, layers.count)
        let rows = (layers.count + columns - 1) / columns
        guard let ground = background.planes.first(where: { $0.view.plane == plane }),
            let scale = layers.first?.layer.scale
        else { preconditionFailure("every plane has a background and every figure a layer") }
        let room = Picture.width - Self.barWidth - Self.gap * Double(columns)
        // A single or tall panel must not fill a page.
        let perMM = min(room / Double(columns) / ground.view.sizeMM.x, 380 / ground.view.sizeMM.y)
        let panel = ground.view.sizeMM * perMM
        let step = panel + SIMD2(Self.gap, Self.gap + Self.caption)
        var canvas = SVGCanvas()
        var rasters = [ground.ct]
        for (index, entry) in layers.enumerated() {
            let at = SIMD2(Double(index % columns), Double(index / columns)) * step
            let wash = SharedRaster(
                id: "\(name)-\(index)", png: try PNGEncoder.encode(entry.layer.raster(ground.sampler)),
                size: ground.view.sizeMM)
            rasters.append(wash)
            canvas.text(entry.name, at: at + SIMD2(2, 13), size: 12, bold: true)
            SlicePanel(
                id: "\(name)-\(index)-panel", view: ground.view, pixelsPerMM: perMM,
                rasters: [(ground.ct.id, "ct"), (wash.id, "wash")],
                outlines: background.order.filter { !ground.lines[$0].isEmpty }.map {
                    SlicePanel.OutlineGroup(
                        colour: Colour(structures[$0].colour), lines: ground.lines[$0])
                }, isodoses: lines(of: entry.layer, isodoses, ground.view), isocentre: centre, fields: [],
                showsScaleBar: index == 0, height: 0
            ).draw(into: &canvas, at: at + SIMD2(0, Self.caption))
        }
        let height = step.y * Double(rows) - Self.gap
        let left = step.x * Double(columns)
        canvas.text(
            scale.quantity == "Difference" ? scale.quantity : "Dose", at: [left + 50, 12], anchor: .middle,
            size: 11, bold: true)
        let barHeight = min(height - 52, 260)
        ColourBar(scale: scale, id: name).draw(
            into: &canvas, origin: [left + 42, 40], size: [16, max(60, barHeight)])
        return Picture(
            name: name, size: SIMD2(Picture.width, max(height, 112)), title: title,
            alternativeText: "\(title) through the isocentre: \(layers.map(\.name).joined(separator: ", ")).",
            canvas: canvas, rasters: rasters)
    }

    private func lines(of layer: WashLayer, _ levels: [Double], _ view: SliceView) -> [SlicePanel.Isodose] {
        guard !levels.isEmpty else { return [] }
        let sampler = SliceSampler(view: view, pixelMM: max(report.appearance.pixelMM, 1))
        let samples = layer.samples(sampler).map { $0.isFinite ? $0 : 0 }
        let size = view.sizeMM / SIMD2(Double(sampler.width), Double(sampler.height))
        return levels.enumerated().map { index, level in
            SlicePanel.Isodose(
                lines: ContourLines.closedLines(
                    samples, columns: sampler.width, rows: sampler.height, level: Float(level)
                ).map { line in line.map { ($0 + 0.5) * size } },
                dash: ComparisonPicture.dashes[index % ComparisonPicture.dashes.count],
                label: layer.scale.shortLabel(level))
        }
    }
}
