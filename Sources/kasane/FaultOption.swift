import ArgumentParser
import DeliverySimulation
import TreatmentDelivery

/// Faults of a fraction from the command line: `5,25@2` is fault 5 in the first field and fault 25 in field 2.
enum FaultOption {
    /// - Parameters:
    ///   - text: Value of the option; nil for no fault.
    ///   - isGated: Whether the fields wait for a gate.
    /// - Throws: `ValidationError`.
    static func read(_ text: String?, isGated: Bool) throws -> [FractionRequest.Fault] {
        guard let text else { return [] }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let words = part.split(separator: "@", omittingEmptySubsequences: false)
            guard let number = words.first.flatMap({ Int($0) }),
                let scenario = FaultScenario(rawValue: number),
                words.count == 1 || (words.count == 2 && Int(words[1]) != nil)
            else {
                throw ValidationError(
                    "--faults \(part) (must be a number of 1 to 25, or number@field, with commas between)")
            }
            guard !scenario.isOfNetwork else {
                throw ValidationError(
                    "--faults \(number) (\(scenario.title): it strikes records on the network, which a fraction on one machine has not); try kasane deliver faults --scenario \(number)"
                )
            }
            guard scenario != .gatingSignal || isGated else {
                throw ValidationError(
                    "--faults \(number) (\(scenario.title), and there is no gate); add --gate")
            }
            return .init(scenario, field: words.count == 2 ? Int(words[1]) : nil)
        }
    }
}
