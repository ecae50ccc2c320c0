import FacilityModel
import Foundation
import IonPhysics
import Quantities

/// What follows from the figures of a machine: quantity, value, unit, remark.
enum FacilityDerived {
    static let header = ["derived", "value", "unit", "remark"]

    /// Depth of the middle of the litre that a dose is given to, mm.
    static let depthMM = 100.0

    static func rows(_ description: MachineDescription) throws -> [[String]] {
        var rows = try ranges(description)
        rows += try ring(description)
        rows += try ions(description)
        return rows + day(description)
    }

    private static func row(_ name: String, _ value: String, _ unit: String, _ remark: String = "")
        -> [String]
    {
        [name, value, unit, remark]
    }

    private static func ends(_ description: MachineDescription) -> (highest: Double, lowest: Double) {
        let energies = description.energyModes.flatMap { $0.energies.map(\.value) }
        return (energies.max() ?? 0, energies.min() ?? 0)
    }

    private static func ranges(_ description: MachineDescription) throws -> [[String]] {
        let table = try RangeTable(description.machine.ion)
        let (highest, lowest) = ends(description)
        return [highest, lowest].map { energy in
            row(
                "range in water", String(format: "%.1f", table.rangeMM(energyMeVPerNucleon: energy)), "mm",
                "at \(mev(energy)), CSDA")
        }
    }

    private static func ring(_ description: MachineDescription) throws -> [[String]] {
        let synchrotron = description.synchrotron
        let charge = description.injector?.stripper.chargeState
        let ion = try ChargedIon(description.machine.ion, chargeState: charge)
        let (highest, lowest) = ends(description)
        let stages =
            (synchrotron.ring.map { [("injection", $0.injectionEnergyMeVPerNucleon)] } ?? [])
            + [("lowest energy", lowest), ("highest energy", highest)]
        var rows: [[String]] = []
        for (name, energy) in stages {
            let remark = "at \(mev(energy)), \(name), charge \(ion.chargeState)+"
            let motion = ion.motion(energyMeVPerNucleon: energy)
            let revolution =
                motion.revolutionFrequencyHz(circumferenceM: synchrotron.circumferenceM) * 1e-6
            let rigidity = motion.rigidityTM
            rows.append(row("magnetic rigidity", String(format: "%.4f", rigidity), "T m", remark))
            rows.append(row("revolution frequency", String(format: "%.4f", revolution), "MHz", remark))
            guard let ring = synchrotron.ring else { continue }
            rows.append(
                row(
                    "RF frequency", String(format: "%.4f", Double(ring.rfHarmonic) * revolution), "MHz",
                    remark + ", harmonic \(ring.rfHarmonic)"))
            rows.append(
                row("dipole field", String(format: "%.4f", rigidity / ring.bendingRadiusM), "T", remark))
        }
        guard let ring = synchrotron.ring else { return rows }
        let low = ion.motion(energyMeVPerNucleon: ring.injectionEnergyMeVPerNucleon).rigidityTM
        let high = ion.motion(energyMeVPerNucleon: highest).rigidityTM
        rows.append(
            row(
                "greatest rigidity", String(format: "%.4f", ring.greatestRigidityTM), "T m",
                "largest dipole field times bending radius"))
        rows.append(
            row(
                "ramp", String(format: "%.2f", (high - low) / ring.bendingRadiusM / ring.rampRateTPerS), "s",
                "from injection to \(mev(highest)) at the greatest ramp rate"))
        return rows
    }

    private static func ions(_ description: MachineDescription) throws -> [[String]] {
        var rows: [[String]] = []
        func scientific(_ value: Double) -> String { FacilitySections.scientific(value) }
        if let budget = try IonBudget(description) {
            let remark = "from the figures of injector and ring"
            rows.append(
                row(
                    "injection", String(format: "%.1f", budget.injectionTimeUS), "us",
                    "all turns, captured or lost"))
            for (name, ions) in [
                ("ions offered", budget.offered), ("ions injected", budget.injected),
                ("ions captured", budget.captured), ("ions accelerated", budget.accelerated),
                ("ions extracted", budget.extracted),
            ] {
                rows.append(row(name, scientific(ions), "ions", remark))
            }
        }
        let stated = description.synchrotron.ionsPerFill
        rows.append(row("ions per fill", scientific(stated), "ions", "as the file states"))
        let demand = try DoseDemand(description.machine.ion)
        let need = demand.ions(doseGy: 1, volumeCM3: 1000, depthMM: depthMM)
        rows.append(
            row(
                "ions for 1 Gy in a litre", scientific(need), "ions",
                String(format: "absorbed dose, cube of water at %.0f mm", depthMM)))
        let transmission = description.beamLines.values.map(\.transmission).min() ?? 1
        let fills = need / (stated * transmission)
        rows.append(
            row(
                "fills for 1 Gy in a litre", String(format: "%.2f", fills), "fills",
                "ions per fill, times the least transmission of the beam lines (\(FacilitySections.number(transmission)))"
            ))
        return rows
    }

    private static func day(_ description: MachineDescription) -> [[String]] {
        guard let operation = description.operation, let bound = DayBound(description) else { return [] }
        return [
            row("mean course", String(format: "%.1f", operation.meanFractions), "fractions"),
            row("mean beam time", String(format: "%.1f", operation.meanBeamTimeMin), "min", "of a fraction"),
            row(
                "rooms hold at most", String(format: "%.0f", bound.fractionsByRooms), "fractions a day",
                "no room ever waits"),
            row(
                "beam serves at most", String(format: "%.0f", bound.fractionsByBeam), "fractions a day",
                "a room is always ready"),
            row(
                "patients at most", String(format: "%.0f", bound.patientsPerYear), "a year",
                "the lesser of both; a real year has less"),
        ]
    }

    private static func mev(_ energy: Double) -> String { FacilitySections.number(energy) + " MeV/u" }
}
