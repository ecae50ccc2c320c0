import BeamData
import NumericKernels

/// Layers of similar range taken together with the ions they carry: on every ray one depth dose, the sum of theirs,
/// and at every depth one width, their dose-weighted mean.
///
///     D_ray(d) = Σ_l F_l,ray D_l(d) ,   σ²(w) = Σ_l F_l,ray D_l(d) σ_l²(w) / D_ray(d)              (14)
///
/// The sum of the layers' Gaussians and the one Gaussian agree in integral and second moment. Their sub-beams have
/// the same width but for scattering and divergence; (14) is exact for one layer.
struct MergedLayers: Sendable {
    let layers: [LayerKernel]
    /// Ions on each ray of the bundle, for each layer.
    let fluence: [[Float]]
    let part: LayerKernel.Part
    let bundle: RayBundle

    /// Groups of layers whose ranges differ by less than `rangeMM`, deepest first; layers without ions are left out.
    static func groups(
        of field: FieldKernels, part: LayerKernel.Part, particles: [[Double]], rangeMM: Double
    ) -> [MergedLayers] {
        let bundle = field.bundle(part)
        let ordered = field.layers.indices
            .filter { particles[$0].contains { $0 > 0 } }
            .sorted {
                field.layers[$0].tables.scattering.rangeMM > field.layers[$1].tables.scattering.rangeMM
            }
        var groups: [[Int]] = []
        for layer in ordered {
            let tables = field.layers[layer].tables
            if let first = groups.last?.first,
                field.layers[first].tables.scattering.rangeMM - tables.scattering.rangeMM < rangeMM,
                field.layers[first].tables.stepMM == tables.stepMM
            {
                groups[groups.count - 1].append(layer)
            } else {
                groups.append([layer])
            }
        }
        return groups.map { group in
            MergedLayers(
                layers: group.map { field.layers[$0] },
                fluence: group.map { number in
                    let layer = field.layers[number]
                    return layer.spots(part).fluence(
                        particles: particles[number], firstSpot: layer.firstSpot,
                        countU: bundle.latticeU.count, countV: bundle.latticeV.count)
                }, part: part, bundle: bundle)
        }
    }

    /// The kernel of all layers with their ions in its tables.
    func kernel(threads: Int) async throws -> BeamKernel {
        let count = bundle.rayCount
        let totals = fluence.map { $0.reduce(0.0) { $0 + Double($1) } }
        let all = totals.reduce(0, +)
        let own = zip(totals, layers).reduce(VariancePolynomial()) { sum, item in
            sum + (item.0 / all) * item.1.kernel(part).ownVariance
        }
        let active = FixedBuffer<Bool>(repeating: false, count: count) { active in
            for ray in 0..<count { active[ray] = fluence.contains { $0[ray] > 0 } }
        }
        let components = try await ParallelBatches.map(
            count: layers[0].terms(part).count, threads: threads
        ) { component(number: $0, own: own) }
        let used = layers.map { $0.kernel(part) }
        func united(_ ranges: [ClosedRange<Int>]) -> ClosedRange<Int> {
            (ranges.map(\.lowerBound).min() ?? 0)...(ranges.map(\.upperBound).max() ?? 0)
        }
        return BeamKernel(
            components: components, ownVariance: own, usedU: united(used.map(\.usedU)),
            usedV: united(used.map(\.usedV)), active: active)
    }

    private func component(number: Int, own: VariancePolynomial) -> ComponentKernel {
        let term = layers[0].terms(part)[number]
        let kernels = layers.map { $0.kernel(part).components[number] }
        let rows = layers.map { $0.tables.rows[term.rawValue] }
        let rowCount = rows.map(\.count).max() ?? 2
        let count = bundle.rayCount
        let spreads = kernels[0].reachMM.count
        let table = FixedBuffer<SIMD4<Float>>(repeating: .zero, count: count * rowCount) { table in
            for ray in 0..<count {
                let sum = UnsafeMutableBufferPointer(rebasing: table[ray * rowCount..<(ray + 1) * rowCount])
                for l in layers.indices where fluence[l][ray] > 0 {
                    let ions = SIMD4(fluence[l][ray], fluence[l][ray], fluence[l][ray], 0)
                    for i in rows[l].indices { sum[i] += ions * rows[l][i] }
                }
            }
        }
        let added = FixedBuffer<Float>(repeating: 0, count: spreads * count) { added in
            for s in 0..<spreads {
                let k = s * RayTables.spreadStride
                let w = bundle.startMM + Double(k) * bundle.stepMM
                let extra = layers.map {
                    let difference = $0.kernel(part).ownVariance.value(at: w) - own.value(at: w)
                    return Float(0.5 * (difference.x + difference.y))
                }
                for ray in 0..<count {
                    let d = bundle.samples.pointer[k * count + ray][0]
                    var (dose, weighted, ions, plain) = (Float(0), Float(0), Float(0), Float(0))
                    for l in layers.indices where fluence[l][ray] > 0 {
                        let value = kernels[l].added.pointer[s * count + ray] + extra[l]
                        let share = fluence[l][ray] * layers[l].tables.row(term, atWaterDepthMM: d)[0]
                        dose += share
                        weighted += share * value
                        ions += fluence[l][ray]
                        plain += fluence[l][ray] * value
                    }
                    added[s * count + ray] = dose > 0 ? weighted / dose : (ions > 0 ? plain / ions : 0)
                }
            }
        }
        let reach = (0..<spreads).map { s in kernels.map { $0.reachMM[s] }.max() ?? 0 }
        return ComponentKernel(
            table: table, rowsPerRay: rowCount, rowCount: rowCount, stepMM: kernels[0].stepMM,
            endMM: kernels.map(\.endMM).max() ?? 0, added: added,
            cutSigma: kernels[0].cutSigma, reachMM: reach)
    }
}
