import Frames
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

extension StructureMask {
    /// The share of each voxel that lies inside the contours of a structure.
    ///
    /// In a plane, all polygons combine by the even-odd rule (holes and several pieces). Along x the share is exact;
    /// along y it is the mean over `linesPerVoxel` lines of each voxel. Along z each contour plane acts over the
    /// slab up to half the distance to the neighbouring planes, and a voxel takes the part of its height that the
    /// slab fills, so contours need not lie on planes of the grid:
    ///
    ///     share(voxel) = Σ_k |slab_k ∩ voxel|_z / Δz · area_k(voxel) / (Δx Δy)
    ///
    /// The centroid of the part inside comes from the first moments of the same stretches and slabs.
    ///
    /// A gap wider than three times the usual plane distance separates pieces; the planes beside it, like the first
    /// and last plane, reach half the usual distance outwards. A single plane is as thick as the grid's Δz.
    ///
    /// - Parameters:
    ///   - structure: Contours in planes of constant z, DICOM patient frame.
    ///   - geometry: The grid; it may be smaller than the structure, which `volumeOutsideGridCM3` then tells.
    ///   - linesPerVoxel: Scan lines per voxel along y.
    /// - Throws: `StructureMaskError` for every case it lists.
    /// - Complexity: proportional to the scan lines crossed by contour edges plus the voxels of the bounding box.
    ///
    /// ## Checked by
    /// `StructureMaskTests`: sphere, box off the grid, hole, pieces, slabs, clipping.
    public static func rasterise(
        _ structure: Structure, on geometry: VolumeGeometry, linesPerVoxel: Int = 16
    ) throws(StructureMaskError) -> StructureMask {
        precondition(linesPerVoxel >= 1)
        let planes = try ContourPlane.planes(of: structure, singlePlaneMM: geometry.spacingMM.z)
        guard let box = VoxelBox(around: planes, in: geometry) else {
            throw .outsideGrid(structure: structure.name)
        }
        // Share, and its first moments along x, y, z about the voxel's centre.
        var sums = [SIMD4<Float>](repeating: .zero, count: box.count)
        var coverage = PlaneCoverage(box: box, geometry: geometry, linesPerVoxel: linesPerVoxel)
        var totalMM3 = 0.0
        for plane in planes {
            let areaMM2 = coverage.fill(plane.polygons)
            totalMM3 += areaMM2 * (plane.upperMM - plane.lowerMM)
            for z in box.lower.z...box.upper.z {
                let bottom = geometry.origin.z + (Double(z) - 0.5) * geometry.spacingMM.z
                let from = max(plane.lowerMM, bottom)
                let to = min(plane.upperMM, bottom + geometry.spacingMM.z)
                guard to - from > 1e-9 * geometry.spacingMM.z else { continue }
                let weight = Float((to - from) / geometry.spacingMM.z)
                let offset = Float((0.5 * (from + to) - bottom) / geometry.spacingMM.z - 0.5)
                let start = (z - box.lower.z) * coverage.values.count
                for i in coverage.values.indices {
                    let area = coverage.values[i]
                    sums[start + i] += weight * SIMD4(area.x, area.y, area.z, offset * area.x)
                }
            }
        }
        let mask = box.sparse(sums, geometry: geometry)
        guard !mask.indices.isEmpty else { throw .outsideGrid(structure: structure.name) }
        let outside = totalMM3 / 1000 - mask.volumeCM3
        let isRounding = outside < 1e-5 * totalMM3 / 1000
        return StructureMask(
            geometry: geometry, indices: mask.indices, shares: mask.shares, centroids: mask.centroids,
            volumeOutsideGridCM3: isRounding ? 0 : outside)
    }
}

/// The polygons of one z and the slab over which they act.
struct ContourPlane {
    var zMM: Double
    var lowerMM: Double
    var upperMM: Double
    var polygons: [[SIMD2<Double>]]

    /// Planes closer than this are one, mm.
    static let samePlaneMM = 0.01
    /// Coordinates beyond this belong to no patient, mm.
    static let greatestCoordinateMM = 1e4
    /// Gaps wider than this many usual plane distances separate pieces.
    static let greatestGap = 3.0

    static func planes(
        of structure: Structure, singlePlaneMM: Double
    ) throws(StructureMaskError) -> [ContourPlane] {
        guard !structure.contours.isEmpty else { throw .noContours(structure: structure.name) }
        for (number, contour) in structure.contours.enumerated() {
            guard contour.points.count >= 3 else {
                throw .tooFewPoints(
                    structure: structure.name, contour: number, zMM: contour.zMM,
                    count: contour.points.count)
            }
            // Written so that NaN fails too.
            let isNear = { (mm: Double) in abs(mm) <= greatestCoordinateMM }
            guard isNear(contour.zMM), contour.points.allSatisfy({ isNear($0.x) && isNear($0.y) })
            else { throw .impossibleCoordinate(structure: structure.name, contour: number) }
        }
        var planes: [ContourPlane] = []
        let order = structure.contours.indices.sorted {
            (structure.contours[$0].zMM, $0) < (structure.contours[$1].zMM, $1)
        }
        for contour in order.map({ structure.contours[$0] }) {
            if let last = planes.indices.last, contour.zMM - planes[last].zMM < samePlaneMM {
                guard !planes[last].polygons.contains(contour.points) else {
                    throw .repeatedContour(structure: structure.name, zMM: contour.zMM)
                }
                planes[last].polygons.append(contour.points)
            } else {
                planes.append(
                    ContourPlane(
                        zMM: contour.zMM, lowerMM: 0, upperMM: 0, polygons: [contour.points]))
            }
        }
        setSlabs(&planes, singlePlaneMM: singlePlaneMM)
        return planes
    }

    private static func setSlabs(_ planes: inout [ContourPlane], singlePlaneMM: Double) {
        let gaps = zip(planes.dropFirst(), planes).map { $0.zMM - $1.zMM }
        let usual = gaps.isEmpty ? singlePlaneMM : gaps.sorted()[(gaps.count - 1) / 2]
        for k in planes.indices {
            let below = k == 0 ? Double.infinity : gaps[k - 1]
            let above = k == planes.count - 1 ? Double.infinity : gaps[k]
            planes[k].lowerMM = planes[k].zMM - 0.5 * (below > greatestGap * usual ? usual : below)
            planes[k].upperMM = planes[k].zMM + 0.5 * (above > greatestGap * usual ? usual : above)
        }
    }
}

/// A box of voxels of a grid, both ends included.
struct VoxelBox {
    var lower: SIMD3<Int>
    var upper: SIMD3<Int>

    var columns: Int { upper.x - lower.x + 1 }
    var rows: Int { upper.y - lower.y + 1 }
    var count: Int { columns * rows * (upper.z - lower.z + 1) }

    /// The part of the grid that the planes can touch; nil if there is none.
    init?(around planes: [ContourPlane], in geometry: VolumeGeometry) {
        var low = SIMD3<Double>(repeating: .infinity)
        var high = SIMD3<Double>(repeating: -.infinity)
        for plane in planes {
            low.z = min(low.z, plane.lowerMM)
            high.z = max(high.z, plane.upperMM)
            for polygon in plane.polygons {
                for p in polygon {
                    low = SIMD3(min(low.x, p.x), min(low.y, p.y), low.z)
                    high = SIMD3(max(high.x, p.x), max(high.y, p.y), high.z)
                }
            }
        }
        let corner = geometry.lowerCorner.mm
        var lower = SIMD3<Int>.zero
        var upper = SIMD3<Int>.zero
        for axis in 0..<3 {
            let last = Double(geometry.dimensions[axis] - 1)
            let first = floor((low[axis] - corner[axis]) / geometry.spacingMM[axis])
            let end = floor((high[axis] - corner[axis]) / geometry.spacingMM[axis])
            guard end >= 0, first <= last else { return nil }
            lower[axis] = Int(max(first, 0))
            upper[axis] = Int(min(end, last))
        }
        (self.lower, self.upper) = (lower, upper)
    }

    /// The voxels with a share; `sums` holds share and first moments over the box with x fastest.
    func sparse(
        _ sums: [SIMD4<Float>], geometry: VolumeGeometry
    ) -> (indices: [Int32], shares: [Float], centroids: [SIMD3<Float>], volumeCM3: Double) {
        var indices: [Int32] = []
        var shares: [Float] = []
        var centroids: [SIMD3<Float>] = []
        var total = 0.0
        var i = 0
        for z in lower.z...upper.z {
            for y in lower.y...upper.y {
                let row = geometry.index(lower.x, y, z)
                for x in 0..<columns {
                    // Shares below a ten-thousandth are rounding of touching edges.
                    let share = sums[i].x
                    if share > 1e-4 {
                        indices.append(Int32(row + x))
                        shares.append(min(share, 1))
                        let moments = SIMD3(sums[i].y, sums[i].z, sums[i].w)
                        centroids.append(
                            share > 0.9999
                                ? .zero
                                : (moments / share).clamped(
                                    lowerBound: SIMD3(repeating: -0.5), upperBound: SIMD3(repeating: 0.5)))
                    }
                    total += Double(share)
                    i += 1
                }
            }
        }
        return (indices, shares, centroids, total * geometry.voxelVolumeMM3 / 1000)
    }
}
