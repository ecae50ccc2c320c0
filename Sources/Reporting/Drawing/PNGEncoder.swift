import CPNG

/// Why a picture could not be written.
public enum PNGError: Error, Equatable, CustomStringConvertible {
    /// libpng refused; its own words.
    case refused(String)

    public var description: String {
        switch self {
        case .refused(let reason): "the picture could not be encoded as PNG (\(reason)) report this as a bug"
        }
    }
}

/// Raster images to PNG files through libpng.
///
/// ## Checked by
/// `PNGEncoderTests`: decoded pixels equal what was encoded.
public enum PNGEncoder {
    /// The whole file of `image`: 8 bits per channel, sRGB, losslessly compressed.
    public static func encode(_ image: RasterImage) throws(PNGError) -> [UInt8] {
        var header = png_image()
        header.version = png_uint_32(PNG_IMAGE_VERSION)
        header.width = png_uint_32(image.width)
        header.height = png_uint_32(image.height)
        // PNG_FORMAT_GRAY is 0; PNG_FORMAT_RGBA is the flags for colour and alpha.
        header.format =
            switch image.channels {
            case .grey: 0
            case .colourWithOpacity: png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
            }
        defer { png_image_free(&header) }
        let stride = png_int_32(image.width * image.channels.rawValue)
        // Deflate grows incompressible data by less than 0.1 %; one filter byte per row and the chunks come on top.
        var size = image.bytes.count + image.bytes.count / 100 + image.height + 4096
        var file = [UInt8](repeating: 0, count: size)
        guard png_image_write_to_memory(&header, &file, &size, 0, image.bytes, stride, nil) != 0 else {
            let message = withUnsafeBytes(of: header.message) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw .refused(message)
        }
        file.removeLast(file.count - size)
        return file
    }
}
