/// The range of CT numbers that is spread from black to white.
public struct CTWindow: Hashable, Sendable {
    /// CT number of middle grey, HU.
    public var levelHU: Double
    /// Width of the range, HU; positive.
    public var widthHU: Double

    public init(levelHU: Double, widthHU: Double) {
        precondition(widthHU > 0)
        self.levelHU = levelHU
        self.widthHU = widthHU
    }

    /// Soft tissue: 40/400 HU.
    public static let softTissue = CTWindow(levelHU: 40, widthHU: 400)
    /// Bone: 400/1800 HU.
    public static let bone = CTWindow(levelHU: 400, widthHU: 1800)

    /// 0 (black) ... 255 (white); no image (NaN) is black.
    func grey(_ hounsfield: Float) -> UInt8 {
        let t = (Double(hounsfield) - levelHU) / widthHU + 0.5
        return t.isNaN ? 0 : UInt8((min(max(t, 0), 1) * 255).rounded())
    }

    /// A CT slice as a grey picture.
    package func raster(_ values: [Float], width: Int, height: Int) -> RasterImage {
        RasterImage(width: width, height: height, channels: .grey, bytes: values.map(grey))
    }
}
