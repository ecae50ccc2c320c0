import ArgumentParser

/// `kasane deliver`: fractions on the simulated machine.
struct DeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract:
            "Deliver on the simulated machine: fractions of a plan, their total dose, or faults with invariants checked.",
        discussion: """
            EXAMPLES
              kasane deliver build/head --to build/head-fraction-1
              kasane deliver build/head --to build/fraction --paintings 4 --breathing 3.5 --gate 0.3
              kasane deliver total build/head build/fraction-1 build/fraction-2
              kasane deliver faults --seeds 100 --pairs 1
              kasane deliver faults --scenario 12 --seed 77 --trace
            """,
        subcommands: [DeliverFractionCommand.self, DeliverTotalCommand.self, DeliverFaultsCommand.self],
        defaultSubcommand: DeliverFractionCommand.self)
}
