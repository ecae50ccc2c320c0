import PlanModel
import PlanOptimization
import Reporting

extension PlanningResult.Optimisation {
    /// What a report says of the optimisation.
    var reportFacts: [ReportFact] {
        [
            ReportFact(
                "Influence matrix",
                "\(NumberText.grouped(influence.nonzeros)) entries, "
                    + "\(NumberText.grouped(influence.bytes >> 20)) MiB, "
                    + "\(NumberText.grouped(influence.voxels)) voxels"),
            ReportFact("Iterations", "\(result.iterations) (\(result.stop.rawValue))"),
            ReportFact("Objective", NumberText.significant(result.objective, 4)),
            ReportFact(
                "Spots below the least number of ions",
                "\(result.removedSpots) removed, \(result.raisedSpots) raised"),
        ]
    }
}

extension PassiveRequest {
    /// What a report says of how passive fields were asked for.
    var reportFacts: [ReportFact] {
        [
            ReportFact("Passive filling", filling.rawValue),
            ReportFact("Margin of the collimator", "\(lateralMarginMM) mm at the isocentre plane"),
            ReportFact(
                "Proximal and distal margin", "\(proximalMarginMM) and \(distalMarginMM) mm water"),
            ReportFact("Smearing of the bolus", "\(smearingMM) mm"),
        ]
    }
}
