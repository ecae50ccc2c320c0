/// Loading, verification and start.
extension FieldControl {
    mutating func load(_ sequence: FieldSequence, approvedHash: String, from start: FieldStart) {
        switch phase {
        case .idle:
            guard latched.isEmpty else { return refuse(.interlocks(latched)) }
            guard !approvedHash.isEmpty, sequence.planHash == approvedHash else {
                return refuse(.plan(.planHash))
            }
            guard sequence.layers.allSatisfy({ $0.checksum == $0.computedChecksum }) else {
                return refuse(.plan(.sequenceChecksum))
            }
            guard Self.isDeliverable(sequence), sequence.layers.indices.contains(start.layer),
                start.counts >= 0, start.counts <= sequence.layers[start.layer].counts
            else { return refuse(.plan(nil)) }
            field = sequence
            layer = start.layer
            layerCounts = start.counts
            visit = sequence.layers[start.layer].visit(after: start.counts)
            phase = .loaded
            record(.loaded(field: sequence.fieldNumber, from: start))
        case .loaded, .ready, .preparing, .holding, .irradiating, .stopping, .interrupted, .terminated,
            .completed:
            unexpected()
        }
    }

    /// Layers have visits, presets rise, rates are positive; what begins with the gate has one, and no beam on the way.
    static func isDeliverable(_ sequence: FieldSequence) -> Bool {
        !sequence.layers.isEmpty
            && sequence.layers.allSatisfy { layer in
                layer.countsPerS > 0 && layer.countsPerS.isFinite && !layer.visits.isEmpty
                    && layer.visits[0].presetCounts > 0 && layer.visits[0].beamOffBefore
                    && zip(layer.visits, layer.visits.dropFirst()).allSatisfy {
                        $0.presetCounts < $1.presetCounts
                    }
                    && layer.visits.allSatisfy {
                        !$0.beginsAtGateOpening || ($0.beamOffBefore && sequence.isGated)
                    }
            }
    }

    mutating func setup(_ readings: SetupReadings) {
        guard let field else { return unexpected() }
        voidOverrides(unlessLike: readings)
        lastSetup = readings
        let mismatches = readings.mismatches(with: field.setup, limits: limits).subtracting(overridden)
        switch phase {
        case .idle, .terminated, .completed: unexpected()
        case .loaded, .ready, .interrupted:
            setupHolds = mismatches.isEmpty
            if setupHolds {
                offerIfPossible()
            } else {
                withdrawOffer()
                refuse(.interlocks(mismatches))
            }
        case .preparing, .holding, .irradiating, .stopping:
            setupHolds = mismatches.isEmpty
            for interlock in mismatches.interlocks { raise(interlock) }
        }
    }

    /// Offers a token where a start or resume is possible: set-up holds and no interlock stands.
    mutating func offerIfPossible() {
        guard setupHolds, latched.isEmpty, present.isEmpty, offered == nil else { return }
        switch phase {
        case .loaded:
            phase = .ready
            record(.ready)
        case .interrupted: break
        case .idle, .ready, .preparing, .holding, .irradiating, .stopping, .terminated, .completed: return
        }
        lastToken += 1
        offered = lastToken
        commands.append(.offer(token: lastToken))
    }

    /// What was offered is void; a ready field is only loaded.
    mutating func withdrawOffer() {
        offered = nil
        if phase == .ready { phase = .loaded }
    }

    mutating func start(_ token: UInt64) {
        switch phase {
        case .ready, .interrupted:
            guard setupHolds, latched.isEmpty, present.isEmpty else {
                return refuse(.interlocks(latched.union(present)))
            }
            guard let offered, token == offered else { return refuse(.wrongToken) }
            let missing = permits.missing(at: now).filter { $0 != .gate }
            guard missing.isEmpty else { return refuse(.permits(missing)) }
            self.offered = nil
            if phase == .interrupted { record(.resumed) }
            prepareLayer()
        case .loaded, .preparing, .holding, .irradiating, .stopping:
            // A second press of the button: refused, and nothing else.
            refuse(.wrongToken)
        case .idle, .terminated, .completed: unexpected()
        }
    }
}
