import Quantities

/// Ends of the leaves of a multileaf collimator.
public struct LeafOpening: Hashable, Sendable {
    /// Where neighbouring leaf pairs meet, projected from the source on the isocentre plane, IEC y, ascending, mm; one more than
    /// there are pairs.
    public var boundariesMM: [Double]
    /// Opening of each pair at the isocentre plane, IEC x from the end at lower x to the end at higher x, mm; equal ends for a
    /// closed pair.
    public var pairsMM: [SIMD2<Double>]

    /// - Precondition: one boundary more than pairs.
    public init(boundariesMM: [Double], pairsMM: [SIMD2<Double>]) {
        precondition(boundariesMM.count == pairsMM.count + 1)
        self.boundariesMM = boundariesMM
        self.pairsMM = pairsMM
    }

    /// Area of the opening at the isocentre plane, mm².
    public var areaMM2: Double {
        pairsMM.indices.reduce(0) {
            $0 + (boundariesMM[$1 + 1] - boundariesMM[$1]) * max(0, pairsMM[$1].y - pairsMM[$1].x)
        }
    }

    /// Share of a rectangle at the isocentre plane that is open, 0...1.
    ///
    /// - Parameters:
    ///   - centre: Its middle, IEC x and y, mm.
    ///   - size: Its sides along x and y, mm; positive.
    public func openShare(centre: SIMD2<Double>, size: SIMD2<Double>) -> Double {
        let (low, high) = (centre - 0.5 * size, centre + 0.5 * size)
        var area = 0.0
        for (pair, ends) in pairsMM.enumerated() where boundariesMM[pair + 1] > low.y {
            guard boundariesMM[pair] < high.y else { break }
            let height = min(high.y, boundariesMM[pair + 1]) - max(low.y, boundariesMM[pair])
            area += height * max(0, min(high.x, ends.y) - max(low.x, ends.x))
        }
        return area / (size.x * size.y)
    }
}

/// A bolus (range compensator): its downstream face is flat, its thickness is given on a lattice.
public struct Bolus: Hashable, Sendable {
    /// For example `polyethylene`.
    public var material: String
    /// Isocentre to the flat downstream face, mm.
    public var distanceMM: Double
    /// Lattice point (0, 0) where its ray crosses the isocentre plane, IEC x and y, mm.
    public var firstMM: SIMD2<Double>
    /// Distance of lattice points at the isocentre plane, mm.
    public var pitchMM: Double
    public var columnCount: Int
    public var rowCount: Int
    /// `[row][column]`, x fastest, rows by ascending IEC y: thickness along the beam, mm.
    public var thicknessMM: [Double]

    /// - Precondition: as many values as lattice points, at least one.
    public init(
        material: String, distanceMM: Double, firstMM: SIMD2<Double>, pitchMM: Double, columnCount: Int,
        rowCount: Int, thicknessMM: [Double]
    ) {
        precondition(columnCount > 0 && rowCount > 0 && thicknessMM.count == columnCount * rowCount)
        self.material = material
        self.distanceMM = distanceMM
        self.firstMM = firstMM
        self.pitchMM = pitchMM
        self.columnCount = columnCount
        self.rowCount = rowCount
        self.thicknessMM = thicknessMM
    }

    /// Thickness on the ray (u, v), linear between lattice points; beyond the lattice that of its edge, where the blank is cut alike.
    public func thicknessMM(at uv: SIMD2<Double>) -> Double {
        func cell(_ position: Double, _ count: Int) -> (Int, Double) {
            let inside = min(max(position, 0), Double(count - 1))
            let lower = min(Int(inside), max(count - 2, 0))
            return (lower, inside - Double(lower))
        }
        let (i, fx) = cell((uv.x - firstMM.x) / pitchMM, columnCount)
        let (j, fy) = cell((uv.y - firstMM.y) / pitchMM, rowCount)
        let (right, up) = (min(i + 1, columnCount - 1), min(j + 1, rowCount - 1))
        let lower = (1 - fx) * thicknessMM[j * columnCount + i] + fx * thicknessMM[j * columnCount + right]
        let upper = (1 - fx) * thicknessMM[up * columnCount + i] + fx * thicknessMM[up * columnCount + right]
        return (1 - fy) * lower + fy * upper
    }
}

/// One irradiation of a passive field: the whole of it, or one slice of layer stacking.
public struct PassiveSlice: Hashable, Sendable {
    /// True thickness of the range shifter's plates that are in the beam, mm.
    public var rangeShifterPlatesMM: [Double]
    public var opening: LeafOpening
    /// Ions in front of the scatterer in one fraction.
    public var particles: Double

    public init(rangeShifterPlatesMM: [Double], opening: LeafOpening, particles: Double) {
        self.rangeShifterPlatesMM = rangeShifterPlatesMM
        self.opening = opening
        self.particles = particles
    }

    /// Thickness of all plates, mm.
    public var rangeShifterMM: Double { rangeShifterPlatesMM.reduce(0, +) }
}

/// How a passive nozzle is set for a field.
public struct PassiveDelivery: Hashable, Sendable {
    /// Energy in front of the scatterer.
    public var energy: EnergyPerNucleon
    public var wobblerRadiusMM: Double
    public var scattererThicknessMM: Double
    /// Ridge filter, by the width of its spread-out Bragg peak, mm of water.
    public var ridgeFilterWidthMM: Double
    /// Isocentre to the effective source, mm: openings and bolus are given as projected from it on the isocentre plane.
    public var sourceDistanceMM: Double
    /// Nil for a field without one.
    public var bolus: Bolus?
    /// From the deepest; one without layer stacking.
    public var slices: [PassiveSlice]

    public init(
        energy: EnergyPerNucleon, wobblerRadiusMM: Double, scattererThicknessMM: Double,
        ridgeFilterWidthMM: Double, sourceDistanceMM: Double, bolus: Bolus?, slices: [PassiveSlice]
    ) {
        self.energy = energy
        self.wobblerRadiusMM = wobblerRadiusMM
        self.scattererThicknessMM = scattererThicknessMM
        self.ridgeFilterWidthMM = ridgeFilterWidthMM
        self.sourceDistanceMM = sourceDistanceMM
        self.bolus = bolus
        self.slices = slices
    }

    /// Ions of all slices in one fraction.
    public var particles: Double { slices.reduce(0) { $0 + $1.particles } }
}

/// What a plan asks of a passive field.
public struct PassiveRequest: Hashable, Sendable {
    /// How the depth of the target is filled.
    public enum Filling: String, Hashable, Sendable, CaseIterable {
        /// One ridge filter as wide as the target is thick.
        case ridgeFilter = "ridge-filter"
        /// Narrow peaks from the deepest to the shallowest, the collimator reshaped for each.
        case layerStacking = "layer-stacking"
    }
    public var filling: Filling
    /// Width of the spread-out Bragg peak, mm of water; nil for the narrowest filter that covers the target.
    public var sobpWidthMM: Double?
    /// The collimator stays open this far beyond the target's projection, mm at the isocentre plane.
    public var lateralMarginMM: Double
    /// The 100 % level reaches this far before the target, mm of water.
    public var proximalMarginMM: Double
    /// And this far behind it.
    public var distalMarginMM: Double
    /// The bolus lets every ray reach what lies deepest within this distance, mm at the isocentre plane.
    public var smearingMM: Double

    public init(
        filling: Filling, sobpWidthMM: Double? = nil, lateralMarginMM: Double, proximalMarginMM: Double,
        distalMarginMM: Double, smearingMM: Double
    ) {
        self.filling = filling
        self.sobpWidthMM = sobpWidthMM
        self.lateralMarginMM = lateralMarginMM
        self.proximalMarginMM = proximalMarginMM
        self.distalMarginMM = distalMarginMM
        self.smearingMM = smearingMM
    }
}
