import FacilityModel
import Quantities

/// Reads the lists of energies of a machine file: one list or rule, or several with names.
struct EnergyReader {
    let figures: FigureReader
    let ion: Isotope?

    /// Name of the only mode of a file that names none.
    static let onlyMode = "standard"

    /// All modes in the order of the file, and the one that plans are made with.
    func read(_ element: YAMLElement) -> (modes: [EnergyMode], standard: EnergyMode)? {
        guard element.member("modes") != nil || element.member("default") != nil else {
            guard let energies = readOne(element) else { return nil }
            let mode = EnergyMode(name: Self.onlyMode, energies: energies)
            return ([mode], mode)
        }
        let keys = ["default", "modes"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let name = map["default"]?.readText()
        guard let members = map["modes"]?.readOpenMapping(),
            let modes = all(
                members.map { member in
                    readOne(member.value).map { EnergyMode(name: member.key, energies: $0) }
                }), let name
        else { return nil }
        guard let standard = modes.first(where: { $0.name == name }) else {
            map["default"]?.report(
                "there is no mode ‘\(name)’ under ‘modes’"
                    + YAMLElement.suggestion(name, among: modes.map(\.name)))
            return nil
        }
        return (modes, standard)
    }

    private func readOne(_ element: YAMLElement) -> [EnergyPerNucleon]? {
        guard
            let map = element.readMapping(["highest", "lowest", "range-steps", "list"], required: [])
        else { return nil }
        if map["list"] != nil {
            guard map.keys == ["list"] else {
                element.report(
                    "‘list’ stands alone (it is the whole of the energies); delete the rule or the list")
                return nil
            }
            return readList(map["list"])
        }
        guard map["highest"] != nil, map["range-steps"] != nil else {
            element.report("give ‘list’, or ‘highest’ and ‘range-steps’ (and ‘lowest’)")
            return nil
        }
        let highest = figures.number(map["highest"], unit: "MeV/u", in: 10...1000)
        let lowest = figures.number(map["lowest"], unit: "MeV/u", in: 5...1000)
        let steps = figures.steps(map["range-steps"], unit: "mm")
        guard let ion, let highest, let steps, map["lowest"] == nil || lowest != nil else { return nil }
        let rule = EnergyRule(
            highestMeVPerNucleon: highest, lowestMeVPerNucleon: lowest,
            segments: steps.map { EnergyRule.Segment(count: $0.count, pitchMM: $0.pitch) })
        switch rule.energies(ion) {
        case .success(let energies): return energies
        case .failure(let error):
            map["range-steps"]?.report(error.message)
            return nil
        }
    }

    private func readList(_ element: YAMLElement?) -> [EnergyPerNucleon]? {
        guard let element, let values = figures.list(element, unit: "MeV/u", count: 1...10_000) else {
            return nil
        }
        for (index, pair) in zip(values, values.dropFirst()).enumerated() where pair.1 >= pair.0 {
            element.report(
                "energy \(index + 2) (\(YAMLElement.text(pair.1)) MeV/u) is not below the one before "
                    + "(\(YAMLElement.text(pair.0))); list them from the highest down")
            return nil
        }
        guard let first = values.first, first <= 1000, let last = values.last, last >= 5 else {
            element.report("energies must lie within 5 and 1000 MeV/u; correct the list")
            return nil
        }
        return values.map { EnergyPerNucleon($0) }
    }
}
