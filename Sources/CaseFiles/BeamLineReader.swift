import FacilityModel

/// Reads the beam lines of a machine file: one for each port.
struct BeamLineReader {
    let figures: FigureReader
    /// Nil if the ports could not be read.
    let ports: [PortPlace]?

    func read(_ element: YAMLElement) -> [String: BeamLine]? {
        guard let members = element.readOpenMapping() else { return nil }
        var lines: [String: BeamLine] = [:]
        var complete = true
        let ids = ports?.map(\.id)
        for (port, value) in members {
            if let ids, !ids.contains(port) {
                value.report("there is no port ‘\(port)’" + YAMLElement.suggestion(port, among: ids))
                complete = false
            }
            if let line = readLine(value) { lines[port] = line } else { complete = false }
        }
        for port in ids ?? [] where !members.contains(where: { $0.key == port }) {
            element.report("the port ‘\(port)’ has no beam line (every port needs one); add it")
            complete = false
        }
        return complete ? lines : nil
    }

    private func readLine(_ element: YAMLElement) -> BeamLine? {
        let keys = ["file", "transmission"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let file = figures.text(map["file"])
        let transmission = figures.number(map["transmission"], unit: "", in: 0.001...1)
        guard let file, let transmission else { return nil }
        return BeamLine(file: file == "none" ? nil : file, transmission: transmission)
    }
}
