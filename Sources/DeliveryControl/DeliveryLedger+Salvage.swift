/// After a crash: what came after the last entry of the log.
extension DeliveryLedger {
    /// Books what the hardware's counters say beyond the last entry.
    ///
    /// Latches divide it among visits exactly: what was counted between two of them belongs to the visit of the first. They are used only if
    /// they reach back to the last entry without a gap, run forwards up to the counters, and lie in the layer of the log; else the presets
    /// divide it, which between neighbours is an estimate (`isEstimated`). The sum is exact either way.
    ///
    /// - Parameters:
    ///   - retained: Counters of the hardware.
    ///   - latches: Of the hardware, the last ones before the crash without a gap, in their order; empty if there are none.
    public mutating func salvage(_ retained: MonitorSample, latches: [VisitLatch] = []) {
        guard isRunning, retained.primary > last.primary || retained.secondary > last.secondary else {
            return
        }
        isSalvaged = true
        if let parts = parts(latches, until: retained) {
            for part in parts {
                stand = part.visit
                book(part.end)
            }
        } else {
            isEstimated = true
            divide(retained)
        }
    }

    /// Visits and the counters when the beam left them; nil where the latches cannot be trusted.
    private func parts(
        _ latches: [VisitLatch], until retained: MonitorSample
    ) -> [(visit: Int, end: MonitorSample)]? {
        let first = latches.lastIndex { $0.primary <= last.primary && $0.secondary <= last.secondary }
        guard let first else { return nil }
        var parts: [(visit: Int, end: MonitorSample)] = []
        var before = last
        for index in first..<latches.count {
            let (primary, secondary) =
                index + 1 < latches.count
                ? (latches[index + 1].primary, latches[index + 1].secondary)
                : (retained.primary, retained.secondary)
            guard primary >= before.primary, secondary >= before.secondary else { return nil }
            if primary > before.primary || secondary > before.secondary {
                let latch = latches[index]
                guard latch.layer == layer, field.layers[layer].visits.indices.contains(latch.visit) else {
                    return nil
                }
                parts.append((latch.visit, MonitorSample(primary: primary, secondary: secondary)))
            }
            before = (primary, secondary)
        }
        return parts
    }

    private mutating func divide(_ retained: MonitorSample) {
        let sequence = field.layers[layer]
        while stand + 1 < sequence.visits.count,
            retained.primary - last.primary > max(0, sequence.visits[stand].presetCounts - counts)
        {
            let part = max(0, sequence.visits[stand].presetCounts - counts)
            book(
                MonitorSample(
                    primary: last.primary + part, secondary: min(retained.secondary, last.secondary + part)))
            stand += 1
        }
        book(retained)
    }
}
