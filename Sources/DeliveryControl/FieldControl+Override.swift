/// Differences of the set-up that persons let stand.
///
/// An override belongs to the set-up that was seen: it is void as soon as a reading differs from it by more than the tolerance, the room is
/// opened, or the field ends. It is made while no beam is possible. Interlocks that fired are reset first, by who may do that.
///
/// ## Checked by
/// `OverrideTests`; the row `override` of the table of states and events (`StateEventTests`).
extension FieldControl {
    mutating func override(_ interlock: Interlock, by persons: [RightHolder], reason: String) {
        switch phase {
        case .loaded, .interrupted: break
        case .idle, .ready, .preparing, .holding, .irradiating, .stopping, .terminated, .completed:
            return unexpected()
        }
        guard let field, let lastSetup, let rule = table[interlock].override else {
            return refuse(.override(interlock))
        }
        let mismatches = lastSetup.mismatches(with: field.setup, limits: limits).subtracting(overridden)
        guard mismatches.contains(interlock) else { return refuse(.override(interlock)) }
        let able = Set(persons.filter { $0.right >= rule.right && !$0.id.isEmpty }.map(\.id))
        guard able.count >= rule.persons else { return refuse(.notAuthorised) }
        guard reason.contains(where: { !$0.isWhitespace }) else { return refuse(.noReason) }
        overridden.insert(InterlockSet(interlock))
        overriddenSetup = lastSetup
        record(.overridden(interlock, by: persons, reason: reason))
        setupHolds = mismatches == InterlockSet(interlock)
        offerIfPossible()
    }

    /// Readings that are not those that were overridden end all overrides.
    mutating func voidOverrides(unlessLike readings: SetupReadings) {
        guard let seen = overriddenSetup, !readings.isLike(seen, limits: limits) else { return }
        voidOverrides()
    }

    /// What was read of the room does not count any more.
    mutating func forgetSetup() {
        setupHolds = false
        lastSetup = nil
        voidOverrides()
    }

    private mutating func voidOverrides() {
        guard !overridden.isEmpty else { return }
        overridden = []
        overriddenSetup = nil
        record(.overridesVoid)
    }
}

extension SetupReadings {
    /// Whether this is the set-up that was seen: the same patient, devices and images, positions within the tolerances.
    func isLike(_ seen: SetupReadings, limits: DeliveryLimits) -> Bool {
        // Another patient, or none, is no mismatch with himself here: names are compared as they are.
        var position = seen.setup
        position.patientID = "seen"
        var here = self
        here.setup.patientID = "seen"
        here.imagesHold = true
        here.rangeShifterContradicts = false
        return here.mismatches(with: position, limits: limits).isEmpty
            && setup.patientID == seen.setup.patientID && imagesHold == seen.imagesHold
            && rangeShifterContradicts == seen.rangeShifterContradicts
    }
}
