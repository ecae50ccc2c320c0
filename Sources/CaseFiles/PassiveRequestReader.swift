import PlanModel

/// Reads the section `passive` of a plan file.
///
/// ## Checked by
/// `PassivePlanFileTests`.
enum PassiveRequestReader {
    static func read(_ element: YAMLElement) -> PassiveRequest? {
        let keys = ["filling", "lateral-margin", "proximal-margin", "distal-margin", "smearing"]
        guard let map = element.readMapping(keys + ["sobp"], required: keys) else { return nil }
        let filling = map["filling"]?.readWord(PassiveRequest.Filling.self)
        let width = map["sobp"].map { $0.readNumber(in: 1...400, unit: "mm") }
        let lateral = map["lateral-margin"]?.readNumber(in: 0...50, unit: "mm")
        let proximal = map["proximal-margin"]?.readNumber(in: 0...50, unit: "mm")
        let distal = map["distal-margin"]?.readNumber(in: 0...50, unit: "mm")
        let smearing = map["smearing"]?.readNumber(in: 0...30, unit: "mm")
        guard let filling, let lateral, let proximal, let distal, let smearing,
            width.map({ $0 != nil }) ?? true
        else { return nil }
        if filling == .layerStacking, let sobp = map["sobp"] {
            sobp.report(
                "layer stacking has a narrow peak of its own and is as deep as the target; leave ‘sobp’ out")
            return nil
        }
        return PassiveRequest(
            filling: filling, sobpWidthMM: width ?? nil, lateralMarginMM: lateral, proximalMarginMM: proximal,
            distalMarginMM: distal, smearingMM: smearing)
    }
}
