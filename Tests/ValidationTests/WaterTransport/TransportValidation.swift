import Foundation
import Testing

/// Monte Carlo transport of ions in water against Geant4 and measurements: the report of `docs/validation`.
///
/// Its parts follow one another, because each takes all processors. No number of the model was fitted to the reference
/// curves; thin-target data that were used stand in `Data/physics/fragmentation/targets.csv`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["KASANE_VALIDATE"] == "1"), .serialized)
struct TransportValidation {}
