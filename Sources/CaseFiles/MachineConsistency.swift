import FacilityModel
import IonPhysics
import Quantities

/// Whether the figures of a machine file can be true together.
///
/// ## Checked by
/// `BrokenMachineFileTests`.
struct MachineConsistency {
    let description: MachineDescription
    let top: YAMLMapping

    /// Energy of the linac against that of the ring at injection.
    static let injectionTolerance = 0.02

    func check() {
        checkInjector()
        guard let ring = description.synchrotron.ring, let element = top["synchrotron"] else { return }
        checkGeometry(ring, at: element)
        checkEnergies(ring, at: element)
    }

    private func checkInjector() {
        guard let injector = description.injector, let element = top["injector"] else { return }
        let source = injector.source.energyKeVPerNucleon / 1000
        if injector.rfq.outputEnergyMeVPerNucleon <= source {
            figure(element, "rfq", "output-energy")?.report(
                "\(text(injector.rfq.outputEnergyMeVPerNucleon)) MeV/u is not above the energy of the ion source "
                    + "(\(text(source)) MeV/u); an RFQ accelerates: correct one of them")
        }
        if injector.linac.outputEnergyMeVPerNucleon <= injector.rfq.outputEnergyMeVPerNucleon {
            figure(element, "linac", "output-energy")?.report(
                "\(text(injector.linac.outputEnergyMeVPerNucleon)) MeV/u is not above that of the RFQ "
                    + "(\(text(injector.rfq.outputEnergyMeVPerNucleon)) MeV/u); correct one of them")
        }
        if injector.stripper.chargeState < injector.source.chargeState {
            figure(element, "stripper", "charge-state")?.report(
                "\(injector.stripper.chargeState) is less than the charge of the ion source "
                    + "(\(injector.source.chargeState)), and a stripper takes electrons away; correct one of them"
            )
        }
    }

    private func checkGeometry(_ ring: Synchrotron.Ring, at element: YAMLElement) {
        let bends = 2 * Double.pi * ring.bendingRadiusM
        if bends > description.synchrotron.circumferenceM {
            element.member("bending-radius")?.report(
                "a full turn of \(text(ring.bendingRadiusM)) m radius is \(text(bends, 1)) m long, more than the "
                    + "circumference of \(text(description.synchrotron.circumferenceM)) m; correct one of them"
            )
        }
        if ring.dipoleCount % ring.superperiods != 0 {
            element.member("superperiods")?.report(
                "\(ring.dipoleCount) dipoles cannot be shared by \(ring.superperiods) equal periods; correct one of them"
            )
        }
        guard let injector = description.injector else { return }
        let linac = injector.linac.outputEnergyMeVPerNucleon
        let injection = ring.injectionEnergyMeVPerNucleon
        if abs(linac / injection - 1) > Self.injectionTolerance {
            element.member("injection-energy")?.report(
                "\(text(injection)) MeV/u is not what the linac gives (\(text(linac)) MeV/u); correct one of them"
            )
        }
    }

    private func checkEnergies(_ ring: Synchrotron.Ring, at element: YAMLElement) {
        let energies = description.energyModes.flatMap { $0.energies.map(\.value) }
        guard let highest = energies.max(), let lowest = energies.min() else { return }
        let charge = description.injector?.stripper.chargeState
        let ion: ChargedIon
        do { ion = try ChargedIon(description.machine.ion, chargeState: charge) } catch {
            top["ion"]?.report("\(error)")
            return
        }
        let injection = ring.injectionEnergyMeVPerNucleon
        if lowest <= injection {
            element.member("injection-energy")?.report(
                "\(text(injection)) MeV/u is not below the lowest energy for treatment (\(text(lowest)) MeV/u); correct "
                    + "one of them")
        }
        let rigidity = ion.motion(energyMeVPerNucleon: highest).rigidityTM
        if rigidity > ring.greatestRigidityTM * (1 + Synchrotron.Ring.rigidityTolerance) {
            element.member("dipole-field")?.report(
                "\(text(highest)) MeV/u has a rigidity of \(text(rigidity, 3)) T m, but \(text(ring.dipoleFieldT)) T and a "
                    + "bending radius of \(text(ring.bendingRadiusM)) m hold \(text(ring.greatestRigidityTM, 3)) T m; "
                    + "correct field, radius or energies")
        }
        func megahertz(_ energy: Double) -> Double {
            Double(ring.rfHarmonic) * 1e-6
                * ion.motion(energyMeVPerNucleon: energy)
                .revolutionFrequencyHz(circumferenceM: description.synchrotron.circumferenceM)
        }
        let (low, high) = (megahertz(injection), megahertz(highest))
        if low < ring.rfBandMHz.lowerBound * (1 - Synchrotron.Ring.bandTolerance)
            || high > ring.rfBandMHz.upperBound * (1 + Synchrotron.Ring.bandTolerance)
        {
            element.member("rf-band")?.report(
                "harmonic \(ring.rfHarmonic) goes from \(text(low, 3)) MHz at injection to \(text(high, 3)) MHz at "
                    + "\(text(highest)) MeV/u, outside the band of \(text(ring.rfBandMHz.lowerBound)) to "
                    + "\(text(ring.rfBandMHz.upperBound)) MHz; correct band, harmonic or circumference")
        }
    }

    private func figure(_ element: YAMLElement, _ stage: String, _ key: String) -> YAMLElement? {
        element.member(stage)?.member(key)
    }

    private func text(_ value: Double) -> String { YAMLElement.text(value) }

    private func text(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return YAMLElement.text((value * scale).rounded() / scale)
    }
}
