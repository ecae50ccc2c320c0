import BeamOptics
import BeamTransport
import FacilityModel
import Foundation
import Quantities

/// Figures of a nozzle that a machine file leaves to the beam line of each port.
enum NozzleLineFigure: String, CaseIterable, Hashable {
    case virtualSourceDistance = "virtual-source-distance"
    case spotSize = "spot-size"
    case fieldHalfWidth = "field-half-width"
}

/// Loads the beam lines that a machine file names and computes what nozzles take from them.
///
/// ## Checked by
/// `MachineBeamLineTests`.
final class PortBeamLines {
    private let file: String
    private let store: DataStore?
    private var loaded: [String: BeamLineFile] = [:]
    /// Spots of lines that several ports share, by the name of the line.
    private var tables: [String: SpotTable] = [:]

    /// Energies in a table of spot sizes.
    static let energyCount = 24

    /// - Parameters:
    ///   - file: The machine file, where relative paths start.
    ///   - store: The data folder; nil to find it if it is needed.
    init(file: String, store: DataStore?) {
        self.file = file
        self.store = store
    }

    /// The line that a machine file names; a finding and nil if it cannot be used.
    func load(_ name: String, ion: Isotope?, at element: YAMLElement) -> BeamLineFile? {
        do {
            let isPath = name.contains("/") || name.hasSuffix(".yaml")
            let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
            let path = try (self.store ?? (isPath ? DataStore(path: "") : DataStore.find())).beamLinePath(
                name, relativeTo: folder)
            if let known = loaded[path] { return known }
            let line = try BeamLineFile.read(path: path)
            if let ion, line.line.entry.reference.isotope != ion {
                element.report(
                    "the beam line is for \(line.line.entry.reference.isotope) (the machine has \(ion)); name another line"
                )
                return nil
            }
            loaded[path] = line
            return line
        } catch {
            element.report("\(error)")
            return nil
        }
    }

    /// A port's nozzle with what its line gives; nil and a finding if the line cannot give it.
    func nozzle(
        _ nozzle: Nozzle, taking wanted: Set<NozzleLineFigure>, from line: TransferLine,
        direction: FacilityModel.Port.Direction, energies: ClosedRange<Double>, at element: YAMLElement
    ) -> (nozzle: Nozzle, variation: Double)? {
        var nozzle = nozzle
        if case .fixed = direction, line.hasGantry {
            element.report("the line turns with a gantry, the port does not; name another line")
            return nil
        }
        if case .rotating = direction, !line.hasGantry {
            element.report("the port is a gantry, no section of the line turns with it; name another line")
            return nil
        }
        do {
            let scan = try ScanOptics(line, energyMeVPerNucleon: energies.upperBound)
            if wanted.contains(.virtualSourceDistance) {
                nozzle.virtualSourceDistancesMM = try scan.virtualSourceDistancesMM()
            }
            if wanted.contains(.fieldHalfWidth) {
                nozzle.fieldHalfWidthMM = try scan.greatestHalfWidthMM()
            }
            guard wanted.contains(.spotSize) else { return (nozzle, 0) }
            let table =
                try tables[line.name]
                ?? SpotTable(
                    line, energiesMeVPerNucleon: SpotTable.energies(energies, count: Self.energyCount))
            tables[line.name] = table
            nozzle.spotSizes = table.rows.map { row in
                Nozzle.SpotSize(
                    energy: EnergyPerNucleon(row.energyMeVPerNucleon), sigmaMM: row.sigmaMM,
                    divergenceMrad: row.divergenceMrad, correlation: row.correlation)
            }
            return (nozzle, table.greatestVariation)
        } catch {
            element.report("\(error)")
            return nil
        }
    }
}

extension DataStore {
    /// Names of the beam lines, sorted.
    public func beamLineNames() throws(DataStoreError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: self.path("beam-lines"))
                .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
        } catch {
            throw .unreadable(self.path("beam-lines"), reason: error.localizedDescription)
        }
    }

    /// Path of a beam-line file: a name of the store, or a path of its own (with `/` or ending in `.yaml`).
    ///
    /// - Parameters:
    ///   - name: Name or path.
    ///   - folder: Where a relative path starts, usually that of the machine file.
    /// - Throws: `DataStoreError.noSuchBeamLine`.
    public func beamLinePath(_ name: String, relativeTo folder: String = ".") throws(DataStoreError) -> String
    {
        if name.contains("/") || name.hasSuffix(".yaml") {
            return name.hasPrefix("/") ? name : folder + "/" + name
        }
        let names = try beamLineNames()
        guard names.contains(name) else { throw .noSuchBeamLine(name, known: names) }
        return self.path("beam-lines/\(name).yaml")
    }
}
