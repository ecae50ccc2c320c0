import DeliveryControl
import IonPhysics
import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Greatest local dose over the plan: what a fault costs at the worst point.
///
///     d = 0.1602 L/(2πσ² ρ)     L = max_z ∫ S(r) N(r; z, σ_R² + σ_f²) dr     Δ(p) = d Σ (ions G(p − x) − planned G(p − x₀))
///
/// d is the dose of one ion on the axis of its spot at the Bragg peak, Gy (S in keV/µm, σ in µm, ρ = 1 g/cm³), G = exp(−p²/2σ²). S(r) is the stopping power of the ion
/// at the residual range r, spread by straggling of the range σ_R (Bohr) and by the ridge filter σ_f. On the safe side: σ is that of the beam in air, no ion is lost to nuclear reactions, and
/// nothing of the beam's own energy spread or of scattering in the patient is taken. Layers are taken one by one: the entrance of deeper layers, a fraction of the peak, is left out.
///
/// ## Checked by
/// `ExtraLocalDoseTests`.
package struct ExtraLocalDose: Sendable {
    /// Width of the beam at the isocentre in air at 290 MeV/u, mm, and of the ridge filter in water: `spot-size` and `ridge-filter-sigma` of
    /// Data/machines/himac.yaml.
    package static let sigmaMM = 2.7
    package static let ridgeFilterMM = 1.0
    /// Extra dose at a point that a single fault may cost: the classic figure of IEC 60601-2-64, as it is remembered, Gy.
    package static let limitGy = 0.25

    /// Ions and where they landed, `[layer]`.
    private var landed: [[(ions: Double, positionMM: SIMD2<Double>)]]
    private let field: FieldSequence
    private let planned: [[Double]]

    /// - Parameters:
    ///   - field: What is delivered.
    ///   - ionsPerCount: Of the monitors.
    package init(field: FieldSequence, ionsPerCount: Double) {
        self.field = field
        landed = field.layers.map { _ in [] }
        planned = field.layers.map { layer in
            layer.visits.indices.map { Double(layer.counts(ofVisit: $0)) * ionsPerCount }
        }
    }

    /// A session's ions.
    ///
    /// - Parameter outcome: Of the session.
    package mutating func add(_ outcome: FieldOutcome) {
        for layer in landed.indices {
            for (visit, ions) in outcome.ions[layer].enumerated() where ions > 0 {
                landed[layer].append((ions, outcome.ionPositionsMM[layer][visit] / ions))
            }
        }
    }

    /// Greatest extra dose over all places where ions landed, Gy; 0 if nowhere is more than planned.
    package var greatestGy: Double {
        var greatest = 0.0
        for (index, layer) in field.layers.enumerated() {
            var ions = 0.0
            for place in landed[index] {
                var sum = 0.0
                for other in landed[index] {
                    sum += other.ions * Self.share(place.positionMM - other.positionMM)
                }
                for (visit, planned) in zip(layer.visits, planned[index]) {
                    sum -= planned * Self.share(place.positionMM - visit.positionMM)
                }
                ions = max(ions, sum)
            }
            greatest = max(greatest, ions * Self.perIonGy(layer.energy))
        }
        return greatest
    }

    private static func share(_ offMM: SIMD2<Double>) -> Double {
        exp(-(offMM * offMM).sum() / (2 * sigmaMM * sigmaMM))
    }

    /// Dose of one carbon ion on the axis at the peak, Gy; linear between energies 20 MeV/u apart (within 1 %).
    ///
    /// - Parameter energy: At the patient's skin.
    /// - Precondition: 60 to 440 MeV/u.
    package static func perIonGy(_ energy: EnergyPerNucleon) -> Double {
        precondition((60...440).contains(energy.value), "no peak is tabulated for this energy")
        let place = (energy.value - 60) / 20
        let low = min(Int(place), peaks.count - 2)
        let peak = peaks[low] + (peaks[low + 1] - peaks[low]) * (place - Double(low))
        return 0.1602 * peak / (2 * .pi * sigmaMM * sigmaMM * 1e6)
    }

    private static let peaks: [Double] = {
        guard let table = try? RangeTable(.carbon12) else {
            preconditionFailure("carbon-12 is not tabulated")
        }
        return stride(from: 60, through: 440, by: 20).map { peakKeVPerUM(EnergyPerNucleon($0), table) }
    }()

    /// Stopping power at the peak of a mono-energetic beam behind the ridge filter, keV/µm.
    private static func peakKeVPerUM(_ energy: EnergyPerNucleon, _ table: RangeTable) -> Double {
        let stopping = table.stoppingPower
        let straggling = EnergyStraggling.rangeSigmaMM(
            stoppingPower: stopping, energyMeVPerNucleon: energy.value)
        let sigma = (straggling * straggling + ridgeFilterMM * ridgeFilterMM).squareRoot()
        var greatest = 0.0
        // Residual range at the peak of the mean: within one standard deviation of the end.
        for step in 0...20 {
            let centre = Double(step) * 0.1 * sigma
            var sum = 0.0
            let bins = 200
            for bin in 0..<bins {
                let high = (Double(bin) + 1) / Double(bins) * (centre + 5 * sigma)
                let low = Double(bin) / Double(bins) * (centre + 5 * sigma)
                // Energy lost in the bin is exact at the very end, where S is steep.
                let energies = (
                    high > 0 ? table.energyMeVPerNucleon(rangeMM: high) : 0,
                    low > 0 ? table.energyMeVPerNucleon(rangeMM: low) : 0
                )
                let lost = Double(stopping.ion.massNumber) * (energies.0 - energies.1)
                let off = (0.5 * (high + low) - centre) / sigma
                sum += lost * exp(-0.5 * off * off)
            }
            greatest = max(greatest, sum / (sigma * (2 * .pi).squareRoot()))
        }
        return greatest
    }
}
