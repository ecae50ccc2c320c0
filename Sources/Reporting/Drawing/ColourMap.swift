/// A sequence of colours for a scalar; in `plasma` and `viridis` lightness rises evenly from the low to the high end.
///
/// ## Source
/// van der Walt & Smith, matplotlib colour maps "plasma" and "viridis" (2015, CC0): uniform steps in CAM02-UCS,
/// read at 17 equidistant points and interpolated linearly between them.
/// ## Checked by
/// `ColourMapTests`: lightness rises along the whole map; ends and middle as published.
public struct ColourMap: Hashable, Sendable {
    /// Equidistant colours from the low to the high end; at least two.
    let anchors: [Colour]

    /// Dark blue over magenta to yellow: doses.
    public static let plasma = ColourMap(hex: [
        0x0D0887, 0x310597, 0x4C02A1, 0x6600A7, 0x7E03A8, 0x9511A1, 0xAA2395, 0xBC3587, 0xCC4778, 0xDA5A6A,
        0xE66C5C, 0xF0804E, 0xF89540, 0xFDAC33, 0xFDC527, 0xF8DF25, 0xF0F921,
    ])
    /// Dark violet over teal to yellow: LET and RBE.
    public static let viridis = ColourMap(hex: [
        0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C, 0x1FA088,
        0x28AE80, 0x3FBC73, 0x5EC962, 0x84D44B, 0xADDC30, 0xD8E219, 0xFDE725,
    ])

    /// Blue over a light middle to vermilion: differences, and gamma with its limit in the middle. Lightness is greatest in
    /// the middle; the ends are the first two line colours of Okabe & Ito, which stay apart for the colour-blind.
    public static let difference = ColourMap(hex: [
        0x00486F, 0x0072B2, 0x5BA3D0, 0xA9CFE6, 0xF4F4F0, 0xF3C29B, 0xE69258, 0xD55E00, 0x8F3F00,
    ])

    private init(hex: [UInt32]) { anchors = hex.map { Colour(hex: $0) } }

    /// The colour at `t`: 0 is the low end, 1 the high end; outside, the colour of the nearer end.
    public func colour(at t: Double) -> Colour {
        let position = min(max(t.isFinite ? t : 0, 0), 1) * Double(anchors.count - 1)
        let lower = min(Int(position), anchors.count - 2)
        return anchors[lower].mixed(with: anchors[lower + 1], position - Double(lower))
    }

    /// 256 colours from the low to the high end.
    var table: [Colour] { (0..<256).map { colour(at: Double($0) / 255) } }
}
