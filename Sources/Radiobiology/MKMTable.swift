import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// z*_d and z̄_d of every light ion against its energy, ready for scoring in transport.
///
/// Nodes: charge numbers 1...10, 40 energies per decade from 0.01 to 1000 MeV/u, LET of unit-density water from
/// `StoppingPower`. Between nodes both are linear in double logarithmic axes (error below 0.1 %).
///
/// ## Source
/// `DomainSpecificEnergy` and `KieferChatterjeeTrack`.
/// ## Checked by
/// `MKMTableTests`.
public struct MKMTable: Sendable {
    /// Energies (MeV per nucleon) that may be asked for.
    public static let validEnergies: ClosedRange<Double> = 0.01...1000
    /// Charge numbers that may be asked for.
    public static let validCharges = 1...10

    /// Cell line and geometry the table was made for.
    public let parameters: MKMParameters
    private let logStart: Double
    private let logStep: Double
    private let count: Int
    /// ln z*, `[charge − 1][energy]` flat.
    private let logSaturated: [Double]
    /// ln z̄_d, same order.
    private let logDoseMean: [Double]

    /// Representative isotope of each charge; at one speed the others of that charge have the same track.
    public static func isotope(chargeNumber: Int) -> Isotope {
        Isotope(
            atomicNumber: chargeNumber,
            massNumber: [1, 4, 7, 9, 11, 12, 14, 16, 19, 20][chargeNumber - 1])
    }

    /// Computes the table; about half a second.
    public init(parameters: MKMParameters) throws(IonPhysicsError) {
        self.parameters = parameters
        logStart = log(Self.validEnergies.lowerBound)
        count = 5 * 40 + 1
        logStep = (log(Self.validEnergies.upperBound) - logStart) / Double(count - 1)
        var saturated: [Double] = []
        var doseMean: [Double] = []
        let rules = DomainSpecificEnergy.Rules()
        for charge in Self.validCharges {
            let stopping = try StoppingPower(Self.isotope(chargeNumber: charge))
            for i in 0..<count {
                let energy = min(exp(logStart + Double(i) * logStep), Self.validEnergies.upperBound)
                let track = KieferChatterjeeTrack(
                    chargeNumber: charge, energyMeVPerNucleon: energy,
                    letKeVPerUM: stopping.letKeVPerUM(energyMeVPerNucleon: energy))
                let z = DomainSpecificEnergy(track: track, parameters: parameters, rules: rules)
                saturated.append(log(z.saturationCorrectedGy))
                doseMean.append(log(z.doseMeanGy))
            }
        }
        logSaturated = saturated
        logDoseMean = doseMean
    }

    /// z*_d, Gy. - Precondition: charge in 1...10, energy in 0.01...1000 MeV/u.
    public func saturationCorrectedGy(chargeNumber: Int, energyMeVPerNucleon: Double) -> Double {
        value(logSaturated, chargeNumber, energyMeVPerNucleon)
    }

    /// z̄_d, Gy. - Precondition: charge in 1...10, energy in 0.01...1000 MeV/u.
    public func doseMeanGy(chargeNumber: Int, energyMeVPerNucleon: Double) -> Double {
        value(logDoseMean, chargeNumber, energyMeVPerNucleon)
    }

    /// α = α₀ + β z*, 1/Gy.
    public func alpha(chargeNumber: Int, energyMeVPerNucleon: Double) -> Double {
        parameters.alpha0 + parameters.beta
            * saturationCorrectedGy(chargeNumber: chargeNumber, energyMeVPerNucleon: energyMeVPerNucleon)
    }

    private func value(_ table: [Double], _ charge: Int, _ energy: Double) -> Double {
        precondition(Self.validCharges.contains(charge) && Self.validEnergies.contains(energy))
        let position = (log(energy) - logStart) / logStep
        let lower = min(max(Int(position), 0), count - 2)
        let fraction = position - Double(lower)
        let offset = (charge - 1) * count + lower
        return exp(table[offset] + fraction * (table[offset + 1] - table[offset]))
    }
}
