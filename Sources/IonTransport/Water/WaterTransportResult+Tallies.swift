extension WaterTransportResult {
    /// Adds the batches in their order and divides by the number of histories.
    init(request: WaterTransportRequest, layout: TallyLayout, tallies: [[Double]]) {
        var sum = [Double](repeating: 0, count: layout.total)
        for tally in tallies {
            for i in 0..<layout.total { sum[i] += tally[i] }
        }
        let scale = 1 / Double(request.histories)
        for i in 0..<layout.total { sum[i] *= scale }
        self.request = request
        components = (0..<TallyLayout.components).map { c in
            func column(_ field: Int) -> [Double] {
                (0..<layout.bins).map { sum[layout.depth(c, $0) + field] }
            }
            return DepthTable(
                energyMeV: column(0), recoilMeV: column(1),
                responses: request.responses.indices.map { column(TallyLayout.fixedFields + $0) },
                lateralMomentMeVMM2: column(2))
        }
        standardErrorMeV = (0..<layout.bins).map { bin in
            Self.standardError(bin: bin, layout: layout, tallies: tallies, histories: request.histories)
        }
        let b = layout.balance
        energy = EnergyBalance(
            inMeV: sum[b + 5], depositedMeV: sum[b], escapedMeV: sum[b + 1], neutronsMeV: sum[b + 2],
            bindingMeV: sum[b + 3])
        reactionsPerPrimary = sum[b + 4]
        planes = request.planesMM.indices.map { Self.plane($0, request: request, layout: layout, sum: sum) }
        radial = Self.radial(layout: layout, sum: sum)
        profiles = request.profileDepthsMM.indices.map { i in
            LateralProfile(
                depthMM: request.profileDepthsMM[i],
                energyMeV: (0..<TallyLayout.components).map { c in
                    let start =
                        layout.profileStart + (i * TallyLayout.components + c) * TallyLayout.profileBins
                    return Array(sum[start..<start + TallyLayout.profileBins])
                })
        }
    }

    private static func radial(layout: TallyLayout, sum: [Double]) -> RadialDistribution? {
        guard layout.radialSlabs > 0 else { return nil }
        let bins = TallyLayout.radialBins
        return RadialDistribution(
            edgesMM2: TallyLayout.radialEdgesMM2,
            energyMeV: (0..<TallyLayout.components).map { c in
                (0..<layout.radialSlabs).map { slab in
                    let start = layout.radialStart + (c * layout.radialSlabs + slab) * bins
                    return Array(sum[start..<start + bins])
                }
            })
    }

    private static func plane(
        _ p: Int, request: WaterTransportRequest, layout: TallyLayout, sum: [Double]
    ) -> Plane {
        Plane(
            depthMM: request.planesMM[p],
            yields: (0..<layout.cuts).map { cut in
                let start = layout.yields + (p * layout.cuts + cut) * layout.species
                return Array(sum[start..<start + layout.species])
            },
            primaries: (0..<layout.cuts).map { sum[layout.primaries + p * layout.cuts + $0] },
            spectra: (0..<layout.species).map { s in
                let start = layout.spectra + (p * layout.species + s) * TallyLayout.spectrumBins
                return Array(sum[start..<start + TallyLayout.spectrumBins])
            })
    }

    /// Standard error of the mean over batches of equal size (within one history).
    private static func standardError(
        bin: Int, layout: TallyLayout, tallies: [[Double]], histories: Int
    ) -> Double {
        guard tallies.count > 1 else { return 0 }
        let n = Double(tallies.count)
        let perBatch = Double(histories) / n
        let values = tallies.map { tally in
            (0..<TallyLayout.components).reduce(0) { $0 + tally[layout.depth($1, bin)] } / perBatch
        }
        let mean = values.reduce(0, +) / n
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (square / (n * (n - 1))).squareRoot()
    }
}
