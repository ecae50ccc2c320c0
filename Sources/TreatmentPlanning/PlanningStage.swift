/// The steps of planning and of the dose check, in their order.
public enum PlanningStage: String, Sendable, CaseIterable {
    case reading = "reading images"
    case tissues = "tissues and structures"
    case spots = "placing spots"
    case influence = "dose per spot"
    case optimisation = "optimising"
    case dose = "final dose"
    case evaluation = "evaluating"
    case robustness = "dose under errors"
    case comparison = "comparing doses"
    case report = "writing report"
}

/// How far planning is. The receiver adds clock, rate and remaining time.
public struct PlanningProgress: Sendable {
    public enum Event: Sendable {
        case began
        /// Finished share 0...1 (nil if not known) and words such as counts.
        case at(Double?, String)
        case ended(String)
    }
    public var stage: PlanningStage
    public var event: Event

    public init(_ stage: PlanningStage, _ event: Event) {
        self.stage = stage
        self.event = event
    }
}
