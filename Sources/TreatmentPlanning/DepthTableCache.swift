import BeamData
import Foundation
import PencilBeam
import Quantities

/// Keeps the depth tables of energies that were asked for, so that placement, influence and dose share them.
///
/// Safe to use from several threads: a table may be made twice, with the same result.
public final class DepthTableCache: @unchecked Sendable {
    private let lock = NSLock()
    private var tables: [EnergyPerNucleon: BeamDepthTable] = [:]
    private let make: DepthTableSource

    /// - Parameter make: Makes the table of an energy.
    public init(_ make: @escaping DepthTableSource) { self.make = make }

    /// The table of an energy, made on the first call.
    public func table(_ energy: EnergyPerNucleon) throws -> BeamDepthTable {
        if let known = lock.withLock({ tables[energy] }) { return known }
        let table = try make(energy)
        lock.withLock { tables[energy] = table }
        return table
    }
}
