import ArgumentParser

/// The one program: each subcommand is a thin file beside this one.
@main
struct Kasane: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kasane",
        abstract: "Open heavy-ion therapy system. Research software, not a medical device.",
        version: "0.1.0",
        subcommands: [
            ImportCommand.self, PlanCommand.self, DoseCommand.self, DoseShardCommand.self,
            CheckCommand.self, EvaluateCommand.self, ExportCommand.self, ReportCommand.self,
            FacilityCommand.self, CompareCommand.self, LatticeCommand.self, BeamDataCommand.self,
            TransportCommand.self, DeliverCommand.self,
            PhysicsCommand.self,
        ])
}
