import Foundation

/// An sRGB colour, 0...255 per channel.
public struct Colour: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// From `0xRRGGBB`.
    public init(hex: UInt32) {
        self.init(UInt8(hex >> 16 & 0xFF), UInt8(hex >> 8 & 0xFF), UInt8(hex & 0xFF))
    }

    /// From the display colour of a structure.
    public init(_ components: SIMD3<UInt8>) { self.init(components.x, components.y, components.z) }

    /// `#rrggbb`.
    public var css: String {
        let digits = Array("0123456789abcdef")
        return [red, green, blue].reduce(into: "#") { text, channel in
            text.append(digits[Int(channel >> 4)])
            text.append(digits[Int(channel & 15)])
        }
    }

    /// Relative luminance 0 (black) ... 1 (white), linear in light.
    ///
    /// ## Source
    /// IEC 61966-2-1 (sRGB transfer function); ITU-R BT.709 weights, as in WCAG 2.1.
    public var luminance: Double {
        func linear(_ channel: UInt8) -> Double {
            let c = Double(channel) / 255
            guard c > 0.04045 else { return c / 12.92 }
            return pow((c + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Contrast ratio with white, 1...21 (WCAG 2.1).
    public var contrastWithWhite: Double { 1.05 / (luminance + 0.05) }

    /// The same hue, darkened until a line in it can be read on white (contrast at least 3 to 1).
    public var readableOnWhite: Colour {
        var colour = self
        while colour.contrastWithWhite < 3 { colour = colour.scaled(0.94) }
        return colour
    }

    /// Each channel times `factor` (0...1).
    func scaled(_ factor: Double) -> Colour {
        func channel(_ c: UInt8) -> UInt8 { UInt8((Double(c) * min(max(factor, 0), 1)).rounded(.down)) }
        return Colour(channel(red), channel(green), channel(blue))
    }

    /// The mixture `1 − t` of this colour and `t` of another.
    func mixed(with other: Colour, _ t: Double) -> Colour {
        func channel(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8((Double(a) + (Double(b) - Double(a)) * min(max(t, 0), 1)).rounded())
        }
        return Colour(channel(red, other.red), channel(green, other.green), channel(blue, other.blue))
    }
}

extension Colour {
    static let white = Colour(255, 255, 255)
    static let ink = Colour(hex: 0x1B1F24)
    static let quietInk = Colour(hex: 0x5B6470)
    static let grid = Colour(hex: 0xE3E6EA)

    /// Line colours that stay apart for the common kinds of colour blindness.
    ///
    /// ## Source
    /// Okabe & Ito, "Color Universal Design" (2008), without black and yellow.
    static let series: [Colour] = [
        Colour(hex: 0x0072B2), Colour(hex: 0xD55E00), Colour(hex: 0x009E73), Colour(hex: 0xCC79A7),
        Colour(hex: 0x56B4E9), Colour(hex: 0xE69F00),
    ]
}
