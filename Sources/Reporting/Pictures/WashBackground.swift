import PatientModel

/// What the wash figures of one report have in common: the CT slices and the outlines of the structures.
struct WashBackground {
    /// One of the three planes.
    struct Plane {
        let view: SliceView
        let sampler: SliceSampler
        let ct: SharedRaster
        /// Outlines by structure, in picture mm.
        let lines: [[[SIMD2<Double>]]]
    }

    let planes: [Plane]
    /// Indices of the structures, large ones first, so that small ones are drawn over them.
    let order: [Int]

    init(_ wash: DoseWash) throws(PNGError) {
        let outlines = wash.structures.map(StructureOutline.init)
        order = outlines.indices.sorted { outlines[$0].boxVolumeMM3 > outlines[$1].boxVolumeMM3 }
        var planes: [Plane] = []
        for plane in AnatomicalPlane.allCases {
            let view = wash.view(plane)
            let sampler = SliceSampler(view: view, pixelMM: wash.pixelMM)
            let image = wash.window.raster(
                sampler.values(of: wash.ct), width: sampler.width, height: sampler.height)
            planes.append(
                Plane(
                    view: view, sampler: sampler,
                    ct: SharedRaster(id: "ct-\(plane)", png: try PNGEncoder.encode(image), size: view.sizeMM),
                    lines: outlines.map { $0.lines(in: view) }))
        }
        self.planes = planes
    }
}
