import Frames
import IonPhysics
import IonTransport
import PatientModel
import Volumes

extension VoxelPhantom {
    /// A patient on a grid: what the pencil beam sees, as materials and densities.
    ///
    /// In every voxel of the grid ρ_S and ρ_M are the means of eight points of the images. The composition is that of the
    /// tissue (Schneider's sections, or water) whose ratio of scattering to stopping power is nearest; the density gives that tissue
    /// exactly the voxel's ρ_S at 200 MeV/u. So ranges agree with the images whatever curve or override made them. Below
    /// ρ_S = 0.05 it is air, outside the images too.
    ///
    /// - Throws: `VoxelTransportError`.
    /// ## Checked by
    /// `PatientPhantomTests`.
    public init(images: MaterialImages, grid: VolumeGeometry) throws(VoxelTransportError) {
        let tissues = SchneiderTissues.sections.map(\.material) + [.water]
        let properties = tissues.map { material in
            let p = MaterialProperties(material)
            return (
                stopping: p.stoppingPowerRatio / material.densityGPerCM3,
                ratio: p.scatteringRatio / p.stoppingPowerRatio
            )
        }
        let air = 0
        var index: [UInt8] = []
        var density: [Float] = []
        index.reserveCapacity(grid.voxelCount)
        density.reserveCapacity(grid.voxelCount)
        let source = images.geometry
        let n = source.dimensions
        let airDensity = Float(Material.air.densityGPerCM3)
        for voxel in 0..<grid.voxelCount {
            let v = grid.voxel(at: voxel)
            let centre = grid.centre(v.x, v.y, v.z).mm
            var (stopping, scattering) = (0.0, 0.0)
            for corner in 0..<8 {
                let side = SIMD3<Double>(
                    corner & 1 == 0 ? -0.25 : 0.25, corner & 2 == 0 ? -0.25 : 0.25,
                    corner & 4 == 0 ? -0.25 : 0.25)
                let at = source.continuousIndex(.init(centre + side * grid.spacingMM))
                let i = SIMD3(Int(at.x.rounded()), Int(at.y.rounded()), Int(at.z.rounded()))
                guard i.x >= 0, i.y >= 0, i.z >= 0, i.x < n.x, i.y < n.y, i.z < n.z else { continue }
                let place = source.index(i.x, i.y, i.z)
                stopping += Double(images.stoppingPowerRatio.values[place]) / 8
                scattering += Double(images.scatteringRatio.values[place]) / 8
            }
            guard stopping >= 0.05 else {
                index.append(UInt8(air))
                density.append(max(airDensity, Float(stopping / properties[air].stopping)))
                continue
            }
            let ratio = scattering / stopping
            var best = 1
            for t in 1..<tissues.count
            where abs(properties[t].ratio - ratio) < abs(properties[best].ratio - ratio) {
                best = t
            }
            index.append(UInt8(best))
            density.append(Float(stopping / properties[best].stopping))
        }
        try self.init(geometry: grid, materials: tissues, materialIndex: index, densityGPerCM3: density)
    }
}
