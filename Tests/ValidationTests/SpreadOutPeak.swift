import BeamData
import FacilityModel
import Quantities
import Radiobiology

/// A spread-out Bragg peak of a broad beam in water: layers behind one nozzle, weighted so that the RBE-weighted dose of
/// one fraction is flat.
///
/// In the middle of a broad beam the dose of a layer is its fluence times the dose integrated over the plane, so depth
/// tables are enough. The weights are found here, not by the planning optimiser: −ln S is linear in them once the
/// quadratic term is held, and non-negative least squares by coordinate descent is repeated until that term agrees.
struct SpreadOutPeak {
    /// What is asked.
    struct Request {
        /// Energy of the deepest layer, MeV per nucleon; its range less the nozzle's water is the distal edge.
        var energyMeVPerNucleon: Double
        var widthMM = 60.0
        /// Change of range between layers, mm.
        var layerStepMM = 2.0
        /// RBE-weighted dose of the fraction, Gy (RBE).
        var fractionDoseGyRBE: Double
        var stepMM = 0.5
    }

    /// Depth of the distal edge behind the surface of the water, mm: the mean range left after the nozzle.
    let distalEdgeMM: Double
    /// Depth of the middle of the peak, mm.
    let centreMM: Double
    /// Standard deviation of the ranges in the deepest layer by ridge filter and energy spread, mm.
    let rangeSigmaMM: Double
    let stepMM: Double
    /// Fluence of each layer, ions per mm², the deepest first.
    let fluences: [Double]
    /// Absorbed dose (Gy), dose × z* (Gy²), dose × LET (Gy keV/µm) and RBE-weighted dose (Gy (RBE)) by depth.
    let dose: [Double]
    let doseZStar: [Double]
    let doseLET: [Double]
    let clinicalDose: [Double]

    init(_ request: Request, beamData: BeamDataSet, nozzle: Nozzle, model: ClinicalMKM) throws {
        let range = try beamData.rangeMM(energyMeVPerNucleon: request.energyMeVPerNucleon)
        let water = nozzle.waterEquivalentThicknessMM
        stepMM = request.stepMM
        distalEdgeMM = range - water
        centreMM = distalEdgeMM - request.widthMM / 2
        let near = try beamData.rangeMM(energyMeVPerNucleon: request.energyMeVPerNucleon * 0.999)
        let spread = (range - near) / 0.001 * nozzle.relativeEnergySpread
        let ridge = nozzle.ridgeFilterSigmaMM
        rangeSigmaMM = (ridge * ridge + spread * spread).squareRoot()

        let samples = Int((distalEdgeMM + 60) / stepMM) + 1
        var layers: [Layer] = []
        for k in 0...Int((request.widthMM / request.layerStepMM).rounded()) {
            let energy = try beamData.energyMeVPerNucleon(rangeMM: range - Double(k) * request.layerStepMM)
            let table = try beamData.depthTable(
                energyMeVPerNucleon: energy, relativeEnergySpread: nozzle.relativeEnergySpread,
                ridgeFilterSigmaMM: ridge, waterOffsetMM: water, stepMM: stepMM)
            layers.append(Layer(table, samples: samples))
        }
        let deepest = layers[0].dose
        let last = deepest.indices.max { deepest[$0] < deepest[$1] } ?? 0
        let first = Int(((distalEdgeMM - request.widthMM) / stepMM).rounded(.up))
        let fluences = Self.fluences(
            layers, depths: first...last, clinicalDose: request.fractionDoseGyRBE, model: model)
        func sum(_ column: KeyPath<Layer, [Double]>) -> [Double] {
            (0..<samples).map { i in
                zip(fluences, layers).reduce(0) { $0 + $1.0 * $1.1[keyPath: column][i] }
            }
        }
        self.fluences = fluences
        let (dose, doseZStar) = (sum(\.dose), sum(\.doseZStar))
        self.dose = dose
        self.doseZStar = doseZStar
        doseLET = sum(\.doseLET)
        clinicalDose = zip(dose, doseZStar).map { model.clinicalDose(dose: $0, doseZStar: $1).value }
    }

    /// One layer per ion and mm²: Gy mm² and so on.
    private struct Layer {
        let dose: [Double]
        let doseZStar: [Double]
        let doseLET: [Double]

        init(_ table: BeamDepthTable, samples: Int) {
            func column(_ path: KeyPath<ComponentDepthTable, [Float]>) -> [Double] {
                (0..<samples).map { i in
                    i < table.count
                        ? table.components.reduce(0) { $0 + Double($1[keyPath: path][i]) } : 0
                }
            }
            dose = column(\.doseGyMM2)
            doseZStar = column(\.doseZStarGy2MM2)
            doseLET = column(\.doseLETGyMM2KeVPerUM)
        }
    }

    private static func fluences(
        _ layers: [Layer], depths: ClosedRange<Int>, clinicalDose: Double, model: ClinicalMKM
    ) -> [Double] {
        // −ln S that has the wanted clinical dose.
        let reference = clinicalDose / model.clinicalFactor
        let wanted = model.referenceAlpha * reference + model.referenceBeta * reference * reference
        var fluences = [Double](repeating: 0, count: layers.count)
        var dose = [Double](repeating: reference, count: depths.count)
        for _ in 0..<40 {
            let rows = layers.map { layer in
                zip(depths, dose).map { i, d in
                    (model.alpha0 + model.beta * d) * layer.dose[i] + model.beta * layer.doseZStar[i]
                }
            }
            let norms = rows.map { $0.reduce(0) { $0 + $1 * $1 } }
            var missing = dose.indices.map { z in
                wanted - zip(fluences, rows).reduce(0) { $0 + $1.0 * $1.1[z] }
            }
            for _ in 0..<60 {
                for (k, row) in rows.enumerated() {
                    let step = zip(row, missing).reduce(0) { $0 + $1.0 * $1.1 } / norms[k]
                    let next = max(0, fluences[k] + step)
                    for z in missing.indices { missing[z] -= (next - fluences[k]) * row[z] }
                    fluences[k] = next
                }
            }
            dose = depths.map { i in zip(fluences, layers).reduce(0) { $0 + $1.0 * $1.1.dose[i] } }
        }
        return fluences
    }

    /// Linear interpolation of a column at a depth.
    func value(_ column: [Double], atMM depth: Double) -> Double {
        let position = depth / stepMM
        let i = min(max(Int(position), 0), column.count - 2)
        return column[i] + (position - Double(i)) * (column[i + 1] - column[i])
    }

    /// Clinical over absorbed dose at the centre.
    var centreRBE: Double { value(clinicalDose, atMM: centreMM) / value(dose, atMM: centreMM) }
    /// Dose-averaged z* at the centre, Gy.
    var centreZStarGy: Double { value(doseZStar, atMM: centreMM) / value(dose, atMM: centreMM) }
    /// Dose-averaged LET at the centre, keV/µm.
    var centreLETKeVPerUM: Double { value(doseLET, atMM: centreMM) / value(dose, atMM: centreMM) }

    /// Clinical over absorbed dose where the dose-averaged LET, which rises through the peak, reaches a value in front
    /// of the distal edge; nil if it does not.
    func rbe(atLETKeVPerUM wanted: Double) -> (depthMM: Double, rbe: Double)? {
        let range = Int(centreMM / stepMM)..<Int(distalEdgeMM / stepMM)
        guard let i = range.first(where: { doseLET[$0] >= wanted * dose[$0] }) else { return nil }
        return (Double(i) * stepMM, clinicalDose[i] / dose[i])
    }

    /// Greatest deviation of the clinical dose from `level` over the peak without its ends, relative.
    ///
    /// Left out is `endsMM` at each side: behind the deepest layer's peak no deeper one fills up, in front of the
    /// shallowest the dose falls to the plateau.
    func worstDeviation(fromGyRBE level: Double, widthMM: Double, endsMM: Double) -> Double {
        let first = Int(((distalEdgeMM - widthMM + endsMM) / stepMM).rounded(.up))
        let last = Int(((distalEdgeMM - endsMM) / stepMM).rounded(.down))
        return (first...last).reduce(0) { max($0, abs(clinicalDose[$1] / level - 1)) }
    }
}
