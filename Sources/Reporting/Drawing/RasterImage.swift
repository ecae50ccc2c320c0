/// A small picture in memory, rows from the top, pixels from the left.
public struct RasterImage: Hashable, Sendable {
    /// How many bytes a pixel has and what they mean.
    public enum Channels: Int, Sendable {
        /// One byte of luminance.
        case grey = 1
        /// Red, green, blue and opacity (not premultiplied).
        case colourWithOpacity = 4
    }

    public let width: Int
    public let height: Int
    public let channels: Channels
    /// `[row][column][channel]`, channel fastest; `width · height · channels.rawValue` bytes.
    public var bytes: [UInt8]

    /// - Precondition: positive size that fits the number of bytes.
    public init(width: Int, height: Int, channels: Channels, bytes: [UInt8]) {
        precondition(width > 0 && height > 0 && bytes.count == width * height * channels.rawValue)
        self.width = width
        self.height = height
        self.channels = channels
        self.bytes = bytes
    }

    /// The bytes of one pixel.
    public func pixel(column: Int, row: Int) -> [UInt8] {
        let start = (row * width + column) * channels.rawValue
        return Array(bytes[start..<start + channels.rawValue])
    }
}
