import Volumes

/// What a run in voxels scored, per primary ion.
public struct VoxelTransportResult: Sendable {
    public let request: VoxelTransportRequest
    public let geometry: VolumeGeometry
    /// Mass of each voxel, kg.
    private let massKG: [Double]
    private var sum: VoxelTally
    /// Per voxel Σ over batches of (dose per primary)² times the batch's histories, dose to water, Gy².
    private var squares: [Double]
    private var histories = 0
    private var batches = 0
    private static let joulePerMeV = 1.602176634e-13

    init(request: VoxelTransportRequest, phantom: VoxelPhantom) {
        self.request = request
        geometry = phantom.geometry
        let volumeCM3 = phantom.geometry.voxelVolumeMM3 * 1e-3
        massKG = phantom.densityGPerCM3.map { Double($0) * volumeCM3 * 1e-3 }
        sum = VoxelTally(voxelCount: phantom.geometry.voxelCount, responses: request.responses.count)
        squares = [Double](repeating: 0, count: phantom.geometry.voxelCount)
    }

    mutating func add(_ tally: VoxelTally, histories count: Int) {
        sum.add(tally)
        histories += count
        batches += 1
        for voxel in squares.indices {
            let dose = gray(tally.voxels[voxel * tally.fields + 1], voxel: voxel)
            if dose > 0 && count > 0 { squares[voxel] += dose * dose / Double(count) }
        }
    }

    private func gray(_ units: Int64, voxel: Int) -> Double {
        Double(units) / VoxelTally.energyScale * Self.joulePerMeV / massKG[voxel]
    }

    private func volume(_ value: (Int) -> Double) -> Volume<Float> {
        Volume(geometry: geometry, values: massKG.indices.map { Float(value($0)) })
    }

    /// Dose to the voxel's own material per primary, Gy.
    public var doseToMedium: Volume<Float> {
        volume { gray(sum.voxels[$0 * sum.fields], voxel: $0) / Double(max(histories, 1)) }
    }

    /// Dose to water in the voxel's place per primary: energy over the ratio of mass stopping powers, Gy.
    public var doseToWater: Volume<Float> {
        volume { gray(sum.voxels[$0 * sum.fields + 1], voxel: $0) / Double(max(histories, 1)) }
    }

    /// Dose to water times the dose average of response `index` per primary; heavy recoils have the average of the ions.
    public func doseTimesResponse(_ index: Int) -> Volume<Float> {
        volume { voxel in
            let cell = voxel * sum.fields
            let all = Double(sum.voxels[cell + 1])
            let ions = all - Double(sum.voxels[cell + 2])
            guard ions > 0 else { return 0 }
            let mean =
                Double(sum.voxels[cell + VoxelTally.fixedFields + index]) / VoxelTally.responseScale
                * VoxelTally.energyScale / ions
            return mean * gray(sum.voxels[cell + 1], voxel: voxel) / Double(max(histories, 1))
        }
    }

    /// Standard error of the dose to water per primary by batches, Gy.
    public var standardError: Volume<Float> {
        volume { voxel in
            guard batches > 1, histories > 0 else { return 0 }
            let mean = gray(sum.voxels[voxel * sum.fields + 1], voxel: voxel) / Double(histories)
            // Σ d_b²/n_b − mean² Σ n_b over (batches − 1), then over all histories.
            let spread = squares[voxel] - mean * mean * Double(histories)
            return (max(0, spread) / (Double(batches - 1) * Double(histories))).squareRoot()
        }
    }

    /// Where the energy of a run went, MeV per primary; in = sum of the others.
    public struct EnergyBalance: Sendable, Equatable {
        public let inMeV, depositedMeV, escapedMeV, neutronsMeV, bindingMeV: Double
        /// Nuclear reactions of all generations.
        public let reactions: Double
        /// in − sum of the others.
        public var missingMeV: Double { inMeV - depositedMeV - escapedMeV - neutronsMeV - bindingMeV }
    }

    public var energy: EnergyBalance {
        let n = Double(max(histories, 1))
        let b = sum.balance.map { Double($0) / VoxelTally.energyScale / n }
        return EnergyBalance(
            inMeV: b[0], depositedMeV: b[1], escapedMeV: b[2], neutronsMeV: b[3], bindingMeV: b[4],
            reactions: Double(sum.balance[5]) / n)
    }
}
