/// Where the panels and the legend of a wash figure stand, in pixels.
struct WashFrame {
    let layout: DoseWash.Layout
    let pixelsPerMM: Double
    let size: SIMD2<Double>
    /// Upper left corner of the space for the colour bar and the legend.
    let legendOrigin: SIMD2<Double>
    let legendSize: SIMD2<Double>
    /// Common height of the panels, pixels; nil if each has the height of its view.
    var panelHeight: Double? { layout == .row ? size.y : nil }
    private let origins: [AnatomicalPlane: SIMD2<Double>]

    private static let gap = 6.0

    /// - Parameters:
    ///   - axialMM: Width and height of the axial view, mm.
    ///   - heightMM: Height of the other two views, mm.
    init(_ axialMM: SIMD2<Double>, heightMM: Double, layout: DoseWash.Layout, widthPX: Double) {
        self.layout = layout
        let gap = Self.gap
        switch layout {
        case .grid:
            pixelsPerMM = (widthPX - gap) / (axialMM.x + axialMM.y)
            let axial = axialMM * pixelsPerMM
            let height = heightMM * pixelsPerMM
            origins = [
                .axial: .zero, .coronal: SIMD2(0, axial.y + gap),
                .sagittal: SIMD2(axial.x + gap, axial.y + gap),
            ]
            size = SIMD2(widthPX, axial.y + gap + height)
            legendOrigin = SIMD2(axial.x + gap, 0)
            legendSize = SIMD2(widthPX - axial.x - gap, axial.y)
        case .row:
            let bar = 118.0
            pixelsPerMM = (widthPX - bar - 2 * gap) / (2 * axialMM.x + axialMM.y)
            let axial = axialMM * pixelsPerMM
            let height = heightMM * pixelsPerMM
            origins = [
                .axial: .zero, .coronal: SIMD2(axial.x + gap, 0), .sagittal: SIMD2(2 * (axial.x + gap), 0),
            ]
            size = SIMD2(widthPX, max(axial.y, height))
            legendOrigin = SIMD2(widthPX - bar, 0)
            legendSize = SIMD2(bar, size.y)
        }
    }

    func origin(of plane: AnatomicalPlane) -> SIMD2<Double> { origins[plane] ?? .zero }
}
