import Frames
import PatientModel
import Volumes

/// Exact integrals of the material images along straight rays, from voxel border to voxel border.
///
/// ## Source
/// Amanatides & Woo, Eurographics (1987): traversal; Siddon, Med. Phys. 12 (1985) 252: path lengths.
/// ## Checked by
/// `RayTracerTests`.
package struct RayTracer: Sendable {
    package let images: MaterialImages

    package init(images: MaterialImages) { self.images = images }

    /// Mean ratios over one step of depth, per mm of depth (path per depth included).
    package struct Step {
        package var stopping: Float = 0
        package var scattering: Float = 0
        package var nuclear: Float = 0
        package init() {}
    }

    /// Traces from depth `start` in `steps.count` steps of `stepMM`; `origin` is the ray's point at depth 0 and
    /// `direction` its change per mm of depth. Nothing lies outside the image.
    package func trace(
        origin: SIMD3<Double>, direction: SIMD3<Double>, startMM: Double, stepMM: Double,
        into steps: UnsafeMutableBufferPointer<Step>
    ) {
        let geometry = images.geometry
        let n = geometry.dimensions
        // Voxel coordinates with integers at voxel borders.
        let p0 = (origin - geometry.lowerCorner.mm) / geometry.spacingMM
        let d = direction / geometry.spacingMM
        let pathPerDepth = (direction * direction).sum().squareRoot()
        let end = startMM + Double(steps.count) * stepMM

        // Where the ray is inside the box.
        var (enter, leave) = (startMM, end)
        for axis in 0..<3 {
            if d[axis] == 0 {
                if p0[axis] < 0 || p0[axis] >= Double(n[axis]) { return }
            } else {
                let a = -p0[axis] / d[axis]
                let b = (Double(n[axis]) - p0[axis]) / d[axis]
                enter = max(enter, min(a, b))
                leave = min(leave, max(a, b))
            }
        }
        if enter >= leave { return }

        // First voxel, and the depth of the next border on each axis.
        var voxel = SIMD3<Int>(0, 0, 0)
        var next = SIMD3<Double>(repeating: .infinity)
        var delta = SIMD3<Double>(repeating: .infinity)
        var move = SIMD3<Int>(0, 0, 0)
        for axis in 0..<3 {
            let position = p0[axis] + d[axis] * enter
            var index = Int(position.rounded(.down))
            // On the way in through an upper face the position is the border itself.
            if d[axis] < 0, Double(index) == position { index -= 1 }
            voxel[axis] = min(max(index, 0), n[axis] - 1)
            if d[axis] > 0 {
                next[axis] = (Double(voxel[axis] + 1) - p0[axis]) / d[axis]
                delta[axis] = 1 / d[axis]
                move[axis] = 1
            } else if d[axis] < 0 {
                next[axis] = (Double(voxel[axis]) - p0[axis]) / d[axis]
                delta[axis] = -1 / d[axis]
                move[axis] = -1
            }
        }

        images.stoppingPowerRatio.values.withUnsafeBufferPointer { stopping in
            images.scatteringRatio.values.withUnsafeBufferPointer { scattering in
                images.nuclearRatio.values.withUnsafeBufferPointer { nuclear in
                    var depth = enter
                    var k = Int((enter - startMM) / stepMM)
                    var (s, m, r) = (0.0, 0.0, 0.0)
                    let scale = pathPerDepth / stepMM
                    while depth < leave, k < steps.count {
                        let stepEnd = startMM + Double(k + 1) * stepMM
                        let border = min(next.x, min(next.y, next.z))
                        let to = min(min(border, stepEnd), leave)
                        let length = to - depth
                        if length > 0 {
                            let index = geometry.index(voxel.x, voxel.y, voxel.z)
                            s += length * Double(stopping[index])
                            m += length * Double(scattering[index])
                            r += length * Double(nuclear[index])
                            depth = to
                        }
                        if to == stepEnd || to == leave || depth >= stepEnd {
                            steps[k].stopping += Float(s * scale)
                            steps[k].scattering += Float(m * scale)
                            steps[k].nuclear += Float(r * scale)
                            (s, m, r) = (0, 0, 0)
                        }
                        if depth >= stepEnd { k += 1 }
                        if border <= to {
                            let axis = next.x == border ? 0 : (next.y == border ? 1 : 2)
                            voxel[axis] += move[axis]
                            next[axis] += delta[axis]
                            if voxel[axis] < 0 || voxel[axis] >= n[axis] { break }
                        }
                    }
                    if k < steps.count {
                        steps[k].stopping += Float(s * scale)
                        steps[k].scattering += Float(m * scale)
                        steps[k].nuclear += Float(r * scale)
                    }
                }
            }
        }
    }
}
