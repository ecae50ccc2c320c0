import Frames
import PatientModel
import Volumes

/// A figure of three planes through one point: CT, colour wash, isodose lines, contours, and its colour bar.
///
/// ## Checked by
/// `DoseWashTests`.
public struct DoseWash: Sendable {
    /// How the three planes are put together. All three have the same scale.
    public enum Layout: Sendable {
        /// Axial above, coronal and sagittal below, legend beside the axial plane: fills a page.
        case grid
        /// The three planes side by side with the colour bar at the right.
        case row
    }

    public var ct: Volume<Int16>
    public var window: CTWindow
    public var layer: WashLayer
    /// In the order of the legend; those with no outline in any of the planes are left out of the legend too.
    public var structures: [Structure]
    public var isocentre: Point3<DICOMPatient>
    /// Directions of the ions of each field with a short label.
    public var fieldDirections: [(label: String, direction: Vector3<DICOMPatient>)]
    /// Levels of the wash quantity drawn as lines, in its unit.
    public var isodoseLevels: [Double]
    /// The part of the patient that is shown, DICOM patient, mm.
    public var box: (lower: SIMD3<Double>, upper: SIMD3<Double>)
    /// Size of a pixel of the CT and the wash, mm.
    public var pixelMM: Double

    public init(
        ct: Volume<Int16>, window: CTWindow = .softTissue, layer: WashLayer, structures: [Structure],
        isocentre: Point3<DICOMPatient>,
        fieldDirections: [(label: String, direction: Vector3<DICOMPatient>)] = [],
        isodoseLevels: [Double] = [],
        box: (lower: SIMD3<Double>, upper: SIMD3<Double>), pixelMM: Double = 0.5
    ) {
        self.ct = ct
        self.window = window
        self.layer = layer
        self.structures = structures
        self.isocentre = isocentre
        self.fieldDirections = fieldDirections
        self.isodoseLevels = isodoseLevels
        self.box = box
        self.pixelMM = pixelMM
    }

    /// The view of one plane.
    public func view(_ plane: AnatomicalPlane) -> SliceView {
        SliceView(plane: plane, through: isocentre, lower: box.lower, upper: box.upper)
    }

    /// Draws the figure `widthPX` wide.
    ///
    /// - Parameters:
    ///   - name: Stem of its file name and identifiers.
    ///   - title: Short heading.
    /// - Throws: `PNGError` if an image cannot be encoded.
    public func picture(name: String, title: String, layout: Layout, widthPX: Double = Picture.width)
        throws(PNGError) -> Picture
    {
        try picture(
            name: name, title: title, layout: layout, widthPX: widthPX, background: WashBackground(self))
    }

    func picture(
        name: String, title: String, layout: Layout, widthPX: Double = Picture.width,
        background: WashBackground
    ) throws(PNGError) -> Picture {
        var canvas = SVGCanvas()
        let frame = frame(layout, widthPX: widthPX)
        let rasters = try draw(into: &canvas, name: name, frame: frame, background: background)
        return Picture(
            name: name, size: frame.size, title: title,
            alternativeText:
                "\(title): \(layer.scale.axisTitle) as colour on CT in the axial, coronal and sagittal "
                + "plane through the isocentre, with the contours of the structures.",
            canvas: canvas, rasters: rasters)
    }

    func frame(_ layout: Layout, widthPX: Double) -> WashFrame {
        WashFrame(view(.axial).sizeMM, heightMM: view(.coronal).sizeMM.y, layout: layout, widthPX: widthPX)
    }

    /// Draws the panels and the legend; the rasters it returns must be defined where the drawing is shown.
    func draw(
        into canvas: inout SVGCanvas, name: String, frame: WashFrame, background: WashBackground
    ) throws(PNGError) -> [SharedRaster] {
        var rasters: [SharedRaster] = []
        for plane in background.planes {
            let wash = SharedRaster(
                id: "\(name)-\(plane.view.plane)", png: try PNGEncoder.encode(layer.raster(plane.sampler)),
                size: plane.view.sizeMM)
            rasters += [plane.ct, wash]
            let panel = SlicePanel(
                id: "\(name)-\(plane.view.plane)", view: plane.view, pixelsPerMM: frame.pixelsPerMM,
                rasters: [(plane.ct.id, "ct"), (wash.id, "wash")],
                outlines: background.order.filter { !plane.lines[$0].isEmpty }.map {
                    SlicePanel.OutlineGroup(colour: Colour(structures[$0].colour), lines: plane.lines[$0])
                }, isodoses: isodoses(plane.view), isocentre: isocentre,
                fields: fieldDirections.map {
                    SlicePanel.FieldAxis(label: $0.label, direction: $0.direction)
                }, showsScaleBar: true, height: frame.panelHeight ?? 0)
            panel.draw(into: &canvas, at: frame.origin(of: plane.view.plane))
        }
        let shown = structures.indices.filter { index in
            background.planes.contains { !$0.lines[index].isEmpty }
        }
        let legend = WashLegend(
            id: name, scale: layer.scale,
            structures: shown.map { (name: structures[$0].name, colour: Colour(structures[$0].colour)) },
            isodoses: isodoseLevels.enumerated().map { ($1, Self.dashes[min($0, Self.dashes.count - 1)]) })
        legend.draw(into: &canvas, frame: frame)
        return rasters
    }

    /// Line styles of the isodose levels, in order.
    private static let dashes: [[Double]] = [[], [5, 3], [1.5, 2.5], [8, 3, 1.5, 3]]

    private func isodoses(_ view: SliceView) -> [SlicePanel.Isodose] {
        guard !isodoseLevels.isEmpty else { return [] }
        let sampler = SliceSampler(view: view, pixelMM: max(pixelMM, 1))
        let samples = layer.samples(sampler).map { $0.isFinite ? $0 : 0 }
        let scale = view.sizeMM / SIMD2(Double(sampler.width), Double(sampler.height))
        return isodoseLevels.enumerated().map { index, level in
            let lines = ContourLines.closedLines(
                samples, columns: sampler.width, rows: sampler.height, level: Float(level))
            return SlicePanel.Isodose(
                lines: lines.map { line in line.map { ($0 + 0.5) * scale } },
                dash: Self.dashes[min(index, Self.dashes.count - 1)],
                label: layer.scale.shortLabel(level))
        }
    }
}
