import Volumes

/// What a run in voxels scored, per primary ion.
public struct VoxelTransportResult: Sendable {
    public let request: VoxelTransportRequest
    public let geometry: VolumeGeometry
    /// Mass of each voxel, kg.
    private let massKG: [Double]
    private let sum: VoxelTally
    private static let joulePerMeV = 1.602176634e-13

    /// What a tally means in a phantom.
    ///
    /// - Precondition: the tally is of this phantom and request.
    public init(request: VoxelTransportRequest, phantom: VoxelPhantom, tally: VoxelTally) {
        precondition(tally.voxelCount == phantom.geometry.voxelCount)
        precondition(tally.fields == VoxelTally.fixedFields + request.responses.count)
        self.request = request
        geometry = phantom.geometry
        let volumeCM3 = phantom.geometry.voxelVolumeMM3 * 1e-3
        massKG = phantom.densityGPerCM3.map { Double($0) * volumeCM3 * 1e-3 }
        sum = tally
    }

    /// Primary ions that were transported.
    public var histories: Int { sum.histories }
    /// Batches from which the standard error comes.
    public var batches: Int { sum.batches }

    private func gray(_ units: Double, voxel: Int) -> Double {
        units / VoxelTally.energyScale * Self.joulePerMeV / massKG[voxel]
    }

    private func volume(_ value: (Int) -> Double) -> Volume<Float> {
        Volume(geometry: geometry, values: massKG.indices.map { Float(value($0)) })
    }

    /// Dose to the voxel's own material per primary, Gy.
    public var doseToMedium: Volume<Float> {
        volume { gray(Double(sum.voxels[$0 * sum.fields]), voxel: $0) / Double(max(sum.histories, 1)) }
    }

    /// Dose to water in the voxel's place per primary: energy over the ratio of mass stopping powers, Gy.
    public var doseToWater: Volume<Float> {
        volume { gray(Double(sum.voxels[$0 * sum.fields + 1]), voxel: $0) / Double(max(sum.histories, 1)) }
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
            return mean * gray(Double(sum.voxels[cell + 1]), voxel: voxel) / Double(max(sum.histories, 1))
        }
    }

    /// Standard error of the dose to water per primary, Gy; infinite with fewer than two batches, which tell nothing.
    ///
    /// With dose d_b of batch b of n_b histories, D = Σ d_b and N = Σ n_b,
    ///
    ///     s² = [ Σ d_b²/n_b − D²/N ] / [ N (B − 1) ]                                              (V3)
    ///
    /// - Source: the variance of a weighted mean; docs/theory/transport.md.
    public var standardError: Volume<Float> {
        volume { voxel in
            guard sum.batches > 1 else { return .infinity }
            let n = Double(sum.histories)
            let units = Double(sum.voxels[voxel * sum.fields + 1])
            guard units > 0 else { return 0 }
            let square = sum.squares[voxel]
            // The library's conversion of 128 bits is slow.
            let squares =
                Double(UInt64(truncatingIfNeeded: square >> 64)) * 0x1p64
                + Double(UInt64(truncatingIfNeeded: square))
            let spread = squares / Double(request.historiesPerBatch) - units * units / n
            let variance = max(0, spread) / (n * Double(sum.batches - 1))
            return gray(variance.squareRoot(), voxel: voxel)
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
        let n = Double(max(sum.histories, 1))
        let b = sum.balance.map { Double($0) / VoxelTally.energyScale / n }
        return EnergyBalance(
            inMeV: b[0], depositedMeV: b[1], escapedMeV: b[2], neutronsMeV: b[3], bindingMeV: b[4],
            reactions: Double(sum.balance[5]) / n)
    }
}
