import IonPhysics
import IonTransport
import Quantities
import Radiobiology

/// The responses that the averages of a run need, each once.
struct ResponseCatalogue {
    enum Response: Hashable {
        /// Electronic stopping power in unit-density water.
        case `let`
        case biology(BiologicalResponse)
    }

    private(set) var responses: [Response] = []

    /// Number of a response; it is added if it is new.
    mutating func index(of response: Response) -> Int {
        if let known = responses.firstIndex(of: response) { return known }
        responses.append(response)
        return responses.count - 1
    }

    /// Tables for the transport, in order; about half a second for each biological model.
    ///
    /// - Throws: `IonPhysicsError` for ions outside the models.
    func tables() throws(IonPhysicsError) -> [ResponseTable] {
        var models: [MKMParameters: MKMTable] = [:]
        var tables: [ResponseTable] = []
        for response in responses {
            switch response {
            case .let: tables.append(try Self.letTable())
            case .biology(let biology):
                let parameters = biology.model.parameters
                if models[parameters] == nil { models[parameters] = try MKMTable(parameters: parameters) }
                if let model = models[parameters] { tables.append(Self.table(biology, model)) }
            }
        }
        return tables
    }

    private static func letTable() throws(IonPhysicsError) -> ResponseTable {
        var stopping: [Isotope: StoppingPower] = [:]
        for isotope in TransportedSpecies.all { stopping[isotope] = try StoppingPower(isotope) }
        return ResponseTable(name: "LET keV/um") { isotope, energy in
            stopping[isotope]?.letKeVPerUM(energyMeVPerNucleon: energy) ?? 0
        }
    }

    private static func table(_ response: BiologicalResponse, _ model: MKMTable) -> ResponseTable {
        let name = "\(response.kind.rawValue) \(response.model.name) \(response.kind.unit)"
        return ResponseTable(name: name) { isotope, energy in
            switch response.kind {
            case .zStar:
                model.saturationCorrectedGy(
                    chargeNumber: isotope.atomicNumber, energyMeVPerNucleon: energy)
            case .alpha: model.alpha(chargeNumber: isotope.atomicNumber, energyMeVPerNucleon: energy)
            case .sqrtBeta: model.parameters.beta.squareRoot()
            }
        }
    }
}
