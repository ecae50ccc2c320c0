import BeamData
import FacilityModel
import Frames
import Glibc
import PencilBeam
import PlanModel
import Quantities

/// The dose of spots in water by the defining formula, without lattice, cuts or interpolation grids: valid where
/// all rays of a spot have met the same water.
struct ClosedFormDose {
    let geometry: FieldGeometry
    let size: Nozzle.SpotSize
    let table: BeamDepthTable

    init(field: Field, machine: Machine, energy: EnergyPerNucleon) {
        let nozzle = machine.ports[0].nozzle
        geometry = FieldGeometry(
            field: field, patientPosition: .headFirstSupine,
            sourceDistancesMM: nozzle.virtualSourceDistancesMM)
        size = nozzle.spotSizes[0]
        table = SyntheticBeam.table(energy)
    }

    /// Dose and variance of each component at water depth `d`.
    func components(depth d: Double) -> [(dose: Double, variance: Double)] {
        let i = d / table.stepMM
        let k = min(Int(i), table.count - 2)
        let f = i - Double(k)
        return table.components.map { c in
            func at(_ values: [Float]) -> Double {
                Double(values[k]) + f * Double(values[k + 1] - values[k])
            }
            let sigma = at(c.sigmaMM)
            return (at(c.doseGyMM2), sigma * sigma)
        }
    }

    /// Dose at a point whose rays have met `waterMM` of water (nozzle included).
    func dose(at point: Point3<DICOMPatient>, waterMM: Double, spots: [Spot]) -> Double {
        let p = geometry.toGantry.apply(point)
        let m = geometry.magnification(depthMM: -p.z)
        let air = size.varianceMM2(upstreamMM: p.z)
        var sum = 0.0
        for component in components(depth: waterMM) {
            let v = air + component.variance
            let height = component.dose / (2 * .pi * (v.x * v.y).squareRoot())
            for spot in spots {
                let r = SIMD2(p.x, p.y) - spot.positionMM * m
                sum += spot.particles * height * exp(-0.5 * (r * r / v).sum())
            }
        }
        return sum
    }
}
