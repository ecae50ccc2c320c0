import Volumes

/// A quantity to be laid in colour over the CT, where the dose is worth showing it.
///
/// A ratio such as LETd is given as numerator and denominator: each is interpolated, then they are divided, so
/// that the picture shows what the dose-weighted mean at that point is.
public struct WashLayer: Sendable {
    public var scale: WashScale
    /// The quantity, or the numerator of the ratio.
    public var values: Volume<Float>
    /// The denominator of a ratio; nil if `values` are the quantity itself.
    public var denominator: Volume<Float>?
    /// The dose that decides where anything is shown, on any grid.
    public var gate: Volume<Float>
    /// Least value of `gate` at which colour is shown.
    public var gateThreshold: Double
    /// Opacity of the colour, 0...1.
    public var opacity: Double

    public init(
        scale: WashScale, values: Volume<Float>, denominator: Volume<Float>? = nil, gate: Volume<Float>,
        gateThreshold: Double, opacity: Double = 0.66
    ) {
        self.scale = scale
        self.values = values
        self.denominator = denominator
        self.gate = gate
        self.gateThreshold = gateThreshold
        self.opacity = opacity
    }

    /// The quantity at the pixels of a slice; NaN where nothing is shown.
    package func samples(_ sampler: SliceSampler) -> [Float] {
        var result = sampler.values(of: values)
        if let denominator {
            let below = sampler.values(of: denominator)
            for index in result.indices {
                result[index] = below[index] > 0 ? result[index] / below[index] : .nan
            }
        }
        let gateValues = sampler.values(of: gate)
        for index in result.indices where !(gateValues[index] >= Float(gateThreshold)) {
            result[index] = .nan
        }
        return result
    }

    /// The wash of a slice, clear where nothing is shown.
    package func raster(_ sampler: SliceSampler) -> RasterImage {
        let colours = scale.map.table
        let alpha = UInt8((min(max(opacity, 0), 1) * 255).rounded())
        var bytes = [UInt8](repeating: 0, count: sampler.width * sampler.height * 4)
        for (index, value) in samples(sampler).enumerated() where value.isFinite {
            let colour = colours[Int(min(max(scale.share(Double(value)), 0), 1) * 255)]
            bytes[4 * index] = colour.red
            bytes[4 * index + 1] = colour.green
            bytes[4 * index + 2] = colour.blue
            bytes[4 * index + 3] = alpha
        }
        return RasterImage(
            width: sampler.width, height: sampler.height, channels: .colourWithOpacity, bytes: bytes)
    }
}
