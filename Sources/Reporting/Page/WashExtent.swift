import Frames
import PatientModel
import Volumes

/// Where in the patient colour is shown, and which part of the patient a figure shows.
enum WashExtent {
    /// Value below which the share `share` of the voxels above a threshold lies; the threshold if there is none.
    static func quantile(_ share: Double, of volume: Volume<Float>, above threshold: Double) -> Double {
        let values = volume.values.filter { $0 >= Float(threshold) }.sorted()
        guard !values.isEmpty else { return threshold }
        return Double(values[min(values.count - 1, Int(share * Double(values.count)))])
    }

    /// The dose with zero where no part of a voxel is inside the outline of the body: dose to water in air means
    /// nothing for the patient. Without such an outline on the dose grid, the dose as it is.
    static func insideBody(_ dose: Volume<Float>, _ structures: StructureSet) -> Volume<Float> {
        guard let body = structures.structures.first(where: \.isExternal) else { return dose }
        do throws(StructureMaskError) {
            let mask = try StructureMask.rasterise(body, on: dose.geometry, linesPerVoxel: 4)
            var inside = Volume<Float>(geometry: dose.geometry, repeating: 0)
            for index in mask.indices { inside.values[Int(index)] = dose.values[Int(index)] }
            return inside
        } catch {
            return dose
        }
    }

    /// The part of the patient that is shown. Along each axis: the whole body (external structure, else the CT) with
    /// 6 mm around it if that is at most 270 mm long, else the dose above the threshold with 50 mm around it; never
    /// beyond the CT, and always with the isocentre inside.
    static func box(
        ct grid: VolumeGeometry, structures: StructureSet, dose: Volume<Float>, threshold: Double,
        around isocentre: Point3<DICOMPatient>
    ) -> (lower: SIMD3<Double>, upper: SIMD3<Double>) {
        let ct = (lower: grid.lowerCorner.mm, upper: grid.upperCorner.mm)
        let external = structures.structures.first(where: \.isExternal)
        let body = external.flatMap { StructureOutline($0).bounds } ?? ct
        let dosed = dose.bounds(atLeast: Float(threshold)) ?? body
        var lower = pointwiseMax(body.lower - 6, ct.lower)
        var upper = pointwiseMin(body.upper + 6, ct.upper)
        for axis in 0..<3 where upper[axis] - lower[axis] > 270 {
            lower[axis] = max(lower[axis], dosed.lower[axis] - 50)
            upper[axis] = min(upper[axis], dosed.upper[axis] + 50)
        }
        return (pointwiseMin(lower, isocentre.mm - 20), pointwiseMax(upper, isocentre.mm + 20))
    }
}
