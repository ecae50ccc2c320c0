import BeamTransport
import FacilityModel
import Foundation
import Quantities

extension MachineFileReader {
    /// The scanning ports with what their nozzles take from beam lines; nil if a line cannot be used.
    func withBeamLines(
        _ ports: PortReader.Ports, lines: [String: BeamLine], derived: [String: Set<NozzleLineFigure>],
        modes: [EnergyMode], ion: Isotope?
    ) -> [FacilityModel.Port]? {
        let energies = modes.flatMap(\.energies).map(\.value)
        guard let low = energies.min(), let high = energies.max() else { return nil }
        let loader = PortBeamLines(file: file, store: store)
        var complete = true
        let result = ports.scanning.map { port -> FacilityModel.Port in
            let wanted = ports.nozzleNames[port.id].flatMap { derived[$0] } ?? []
            let place = top["beam-lines"]?.member(port.id)?.member("file")
            guard let name = lines[port.id]?.file, let place else {
                if let first = NozzleLineFigure.allCases.first(where: wanted.contains) {
                    (place ?? top["ports"] ?? top.element).report(
                        "the nozzle of ‘\(port.id)’ takes its \(first.rawValue) from a beam line, but the port has none; name its file under beam-lines.\(port.id).file"
                    )
                    complete = false
                }
                return port
            }
            guard let line = loader.load(name, ion: ion, at: place),
                let made = loader.nozzle(
                    port.nozzle, taking: wanted, from: line.line, direction: port.direction,
                    energies: low...high, at: place)
            else {
                complete = false
                return port
            }
            var port = port
            port.nozzle = made.nozzle
            record(port, wanted: wanted, line: line, variation: made.variation)
            return port
        }
        return complete ? result : nil
    }

    private func record(
        _ port: FacilityModel.Port, wanted: Set<NozzleLineFigure>, line: BeamLineFile, variation: Double
    ) {
        func pair(_ values: SIMD2<Double>) -> String {
            "\(Int(values.x.rounded())), \(Int(values.y.rounded()))"
        }
        for figure in NozzleLineFigure.allCases where wanted.contains(figure) {
            let (value, unit): (String, String)
            switch figure {
            case .virtualSourceDistance: (value, unit) = (pair(port.nozzle.virtualSourceDistancesMM), "mm")
            case .fieldHalfWidth: (value, unit) = (pair(port.nozzle.fieldHalfWidthMM), "mm")
            case .spotSize:
                let sizes = [port.nozzle.spotSizes.first, port.nozzle.spotSizes.last].compactMap { spot in
                    spot.map { String(format: "%.2f x %.2f", $0.sigmaMM.x, $0.sigmaMM.y) }
                }
                (value, unit) = (sizes.joined(separator: " to "), "mm")
            }
            figures.add(
                AnnotatedFigure(
                    path: "beam-lines.\(port.id).\(figure.rawValue)", value: value, unit: unit,
                    source: "Computed from the beam line \(line.line.name)", confidence: .assumed,
                    note: figure == .spotSize && line.line.hasGantry
                        ? String(
                            format:
                                "mean over the gantry's turn, over which sigma changes by at most %.1f %%",
                            100 * variation) : "what the model of the line gives"))
        }
    }
}
