import BeamOptics
import BeamTransport
import FacilityModel
import Foundation
import Quantities

/// A port's beam line in tables.
struct BeamLineText {
    let port: FacilityModel.Port
    let line: TransferLine

    private func number(_ value: Double, _ digits: Int = 2) -> String {
        String(format: "%.\(digits)f", value)
    }

    /// The spot at some energies beside what planning has there.
    func spots(_ table: SpotTable) -> String {
        var text = TextTable(
            header: [
                "MeV/u", "at isocentre", "sigma x mm", "sigma y mm", "magnets alone x", "y",
                "divergence x mrad",
                "correlation x", "planned x mm", "computed/planned", "foil um", "turn %",
            ], leftColumns: [])
        for (index, row) in table.rows.enumerated() where index % 3 == 0 || index == table.rows.count - 1 {
            let planned = port.nozzle.spotSize(at: EnergyPerNucleon(row.energyMeVPerNucleon))?.sigmaMM.x
            text.rows.append([
                number(row.energyMeVPerNucleon, 1), number(row.isocentreEnergyMeVPerNucleon, 1),
                number(row.sigmaMM.x), number(row.sigmaMM.y), number(row.vacuumSigmaMM.x),
                number(row.vacuumSigmaMM.y), number(row.divergenceMrad.x), number(row.correlation.x),
                planned.map { number($0) } ?? "-", planned.map { number(row.sigmaMM.x / $0, 3) } ?? "-",
                row.foilMM.map { number($0 * 1e3, 1) } ?? "-",
                line.hasGantry ? number(100 * row.variation, 1) : "-",
            ])
        }
        return "spot at the isocentre in air\n\n" + text.text
    }

    /// Virtual sources, reach and speed of the scanning magnets beside what planning has.
    func scanning(_ scan: ScanOptics) throws -> String {
        let nozzle = port.nozzle
        let source = try scan.virtualSourceDistancesMM()
        let half = try scan.greatestHalfWidthMM()
        let speed = try scan.greatestSpeedMMPerS()
        var text = TextTable(
            header: [
                "at \(number(scan.reference.energyMeVPerNucleon, 1)) MeV/u", "x", "y", "planned x", "y",
                "unit",
            ],
            leftColumns: [0, 5])
        func row(_ name: String, _ value: SIMD2<Double>, _ planned: SIMD2<Double>, _ unit: String) {
            text.rows.append([
                name, number(value.x, 0), number(value.y, 0), number(planned.x, 0), number(planned.y, 0),
                unit,
            ])
        }
        row("virtual source", source, nozzle.virtualSourceDistancesMM, "mm")
        row("greatest half width", half, nozzle.fieldHalfWidthMM, "mm")
        row("greatest speed", speed, nozzle.scanSpeedMMPerS, "mm/s")
        var lines = [text.text]
        let corner = nozzle.fieldHalfWidthMM
        do {
            let field = try scan.fieldT(forPositionMM: corner)
            lines.append(
                "the corner \(number(corner.x, 0)), \(number(corner.y, 0)) mm needs \(number(field.x, 3)) and \(number(field.y, 3)) T"
            )
        } catch {
            lines.append("the corner of the scan field is not reached: \(error)")
        }
        return lines.joined(separator: "\n")
    }

    /// Change over the turn for each scheme.
    func angles(
        _ curves: [(scheme: RotatingGantry.Matching, points: [(degrees: Double, sigmaMM: SIMD2<Double>)])],
        energy: Double, table: SpotTable
    ) -> String {
        var text = TextTable(
            header: ["scheme", "sigma x mm", "sigma y mm", "change over the turn %"], leftColumns: [0])
        for curve in curves {
            let sizes = curve.points.map(\.sigmaMM)
            func range(_ axis: Int) -> (Double, Double) {
                (sizes.map { $0[axis] }.min() ?? 0, sizes.map { $0[axis] }.max() ?? 0)
            }
            let (x, y) = (range(0), range(1))
            text.rows.append([
                curve.scheme.rawValue, "\(number(x.0)) to \(number(x.1))", "\(number(y.0)) to \(number(y.1))",
                number(100 * (max(x.1 / x.0, y.1 / y.0) - 1), 1),
            ])
        }
        return "over a turn of the gantry at \(String(format: "%g", energy)) MeV/u\n\n" + text.text
            + "\n\nThe line's own scheme (\(line.matching?.rawValue ?? "")) changes by at most \(number(100 * table.greatestVariation, 1)) % at any energy; planning takes the mean."
    }

    /// The beam along the line as CSV.
    func envelope(_ beam: LineBeam) -> String {
        var text =
            "part,s_m,sigma_x_mm,sigma_y_mm,beta_x_m,beta_y_m,dispersion_x_m,dispersion_y_m,energy_MeV_u\n"
        for point in beam.points {
            let sigma = point.moments.sigmaM * 1e3
            let values = [
                point.positionM, sigma.x, sigma.y, point.betaM(0), point.betaM(1), point.dispersion[0],
                point.dispersion[2], point.energyMeVPerNucleon,
            ]
            text += point.part + "," + values.map { String(format: "%.6g", $0) }.joined(separator: ",") + "\n"
        }
        return text
    }

    /// The spot against energy as CSV.
    func spotRows(_ table: SpotTable) -> String {
        var text =
            "energy_MeV_u,isocentre_MeV_u,sigma_x_mm,sigma_y_mm,divergence_x_mrad,divergence_y_mrad,correlation_x,correlation_y,vacuum_x_mm,vacuum_y_mm,variation\n"
        for row in table.rows {
            let values = [
                row.energyMeVPerNucleon, row.isocentreEnergyMeVPerNucleon, row.sigmaMM.x, row.sigmaMM.y,
                row.divergenceMrad.x, row.divergenceMrad.y, row.correlation.x, row.correlation.y,
                row.vacuumSigmaMM.x, row.vacuumSigmaMM.y, row.variation,
            ]
            text += values.map { String(format: "%.6g", $0) }.joined(separator: ",") + "\n"
        }
        return text
    }
}
