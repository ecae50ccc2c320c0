import ArgumentParser

/// `kasane deliver`: fractions on the simulated machine.
struct DeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Deliver on the simulated machine: faults injected, invariants checked.",
        discussion: """
            EXAMPLES
              kasane deliver faults --seeds 100 --pairs 1
              kasane deliver faults --scenario 12 --seed 77 --trace
            """,
        subcommands: [DeliverFaultsCommand.self])
}
