import TreatmentPlanning

/// Shows the stages of planning on the terminal and keeps how long each took.
final class StageProgress {
    private let terminal = TerminalProgress()
    private var began: ContinuousClock.Instant?
    /// Finished stages and their wall time, s.
    private(set) var timings: [(step: String, seconds: Double)] = []

    func show(_ progress: PlanningProgress) {
        switch progress.event {
        case .began:
            began = .now
            terminal.begin(progress.stage.rawValue)
        case .at(let fraction, let words):
            terminal.update(fraction: fraction, detail: words)
        case .ended(let words):
            terminal.end(words)
            if let began {
                let time = (ContinuousClock.now - began).components
                timings.append(
                    (progress.stage.rawValue, Double(time.seconds) + Double(time.attoseconds) * 1e-18))
            }
        }
    }
}
