import PatientModel

extension Structure {
    /// Whether it is a target volume by its interpreted type (GTV, CTV, PTV) or, if that is missing, by its name.
    var isTarget: Bool {
        let types = ["GTV", "CTV", "PTV", "TREATED_VOLUME", "IRRADIATED_VOLUME"]
        if !interpretedType.isEmpty { return types.contains(interpretedType.uppercased()) }
        return types.prefix(3).contains { name.uppercased().hasPrefix($0) }
    }

    /// Whether it is the outline of the body.
    var isExternal: Bool {
        interpretedType.uppercased() == "EXTERNAL" || ["EXTERNAL", "BODY"].contains(name.uppercased())
    }

    /// Place in lists: targets, then organs, then the outline of the body.
    var rank: Int { isTarget ? 0 : isExternal ? 2 : 1 }
}
