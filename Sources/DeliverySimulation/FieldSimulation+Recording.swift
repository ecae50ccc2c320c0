import DeliveryControl

/// Entries on their way to the disk. The virtual clock says when a commit begins and when its answer comes, whatever a real disk needs:
/// a sink may write meanwhile, and is waited for only when the control is told.
extension FieldSimulation {
    mutating func collect() {
        isCommitScheduled = false
        guard condition.isControlAlive else { return }
        entriesHanded = outcome.records.count
        fireCollectFault()
        guard condition.isDiskGood else { return recorderFails() }
        beginCommit()
        queue.add(
            .committed(through: controlTime, entries: outcome.records.count), at: now.after(figures.commitNS))
    }

    /// The moment at which the disk has answered; only here the simulation waits for a real one.
    mutating func committed(through: MonotonicTime, entries: Int) {
        let isOnDisk = finishCommit()
        guard !condition.hasPowerFailed else { return }
        guard isOnDisk else { return recorderFails() }
        outcome.recordsOnDisk = max(outcome.recordsOnDisk, entries)
        send(.recorded(through: through))
    }

    private mutating func recorderFails() {
        condition.isRecorderGood = false
        send(.withdrawn(.recorder))
    }

    mutating func beginCommit() {
        commitsUnderWay += 1
        sink.beginCommit()
    }

    mutating func finishCommit() -> Bool {
        commitsUnderWay -= 1
        return sink.finishCommit()
    }
}
