import CPNG
import Reporting
import Testing

/// Decodes a PNG file to the channels it was made from; nil if libpng refuses.
func decodePNG(_ file: [UInt8], channels: RasterImage.Channels) -> RasterImage? {
    var header = png_image()
    header.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&header) }
    guard png_image_begin_read_from_memory(&header, file, file.count) != 0 else { return nil }
    header.format =
        channels == .grey ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
    let (width, height) = (Int(header.width), Int(header.height))
    var bytes = [UInt8](repeating: 0, count: width * height * channels.rawValue)
    guard png_image_finish_read(&header, nil, &bytes, Int32(width * channels.rawValue), nil) != 0 else {
        return nil
    }
    return RasterImage(width: width, height: height, channels: channels, bytes: bytes)
}

@Suite struct PNGEncoderTests {
    @Test(arguments: [RasterImage.Channels.grey, .colourWithOpacity])
    func decodesToWhatWasEncoded(channels: RasterImage.Channels) throws {
        let (width, height) = (37, 23)
        let bytes = (0..<width * height * channels.rawValue).map {
            UInt8(truncatingIfNeeded: $0 &* 97 &+ $0 / 5)
        }
        let image = RasterImage(width: width, height: height, channels: channels, bytes: bytes)
        let file = try PNGEncoder.encode(image)
        #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(decodePNG(file, channels: channels) == image)
    }

    @Test func encodesIncompressibleDataAndSinglePixels() throws {
        var state: UInt64 = 1
        let noise = (0..<300 * 200 * 4).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 56)
        }
        let image = RasterImage(width: 300, height: 200, channels: .colourWithOpacity, bytes: noise)
        let file = try PNGEncoder.encode(image)
        #expect(decodePNG(file, channels: .colourWithOpacity) == image)
        let one = RasterImage(width: 1, height: 1, channels: .grey, bytes: [77])
        let small = try PNGEncoder.encode(one)
        #expect(decodePNG(small, channels: .grey) == one)
    }
}
