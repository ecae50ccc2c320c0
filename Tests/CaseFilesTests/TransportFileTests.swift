import CaseFiles
import Foundation
import Frames
import IonPhysics
import IonTransport
import PhantomTransport
import Quantities
import TestSupport
import Testing
import Volumes

/// A transport file that uses every key of a phantom of solids.
let wholeTransport = """
    format: kasane-transport
    version: 1
    label: everything
    beam:
      ion: 12C
      energies:
        - {energy: 200, weight: 2, spread: 0.2 %}
        - {energy: 190, weight: 1}
      shape: {twiss: {emittance: [1, 2], beta: 5, alpha: [0, 1]}}
      source-distance: 6000
      position: [0, 0, -100]
      direction: [0, 0, 2]
      x-axis: [0, 1, 0]
    materials:
      resin: {density: 1.1, composition: {H: 8 %, C: 0.72, O: 0.2}, excitation-energy: 68}
    biology:
      v79: {alpha0: 0.1, beta: 0.03, domain-radius: 0.3, nucleus-radius: 5}
    phantom:
      world: {from: [-100, -100, 0], to: [100, 100, 200], material: water}
      solids:
        - {name: plate, slab: {axis: z, from: 10, to: 20}, material: resin, density: 1.2}
        - {name: wedge, slab: {axis: [0, 1, 1], from: 60, to: 70}, material: pmma}
        - {name: brick, box: {from: [-10, -10, 30], to: [10, 10, 40]}, hounsfield: 400}
        - {name: rod, cylinder: {centre: [0, 0, 50], axis: y, radius: 5, length: 60}, material: lung}
        - {name: ball, sphere: {centre: [0, 0, 50], radius: 2}, material: air}
    scores:
      - depth-dose: {from: 5, to: 195, step: 0.5, core-radius: 4, averages: [{let-d: all}, {let-t: primaries}]}
      - lateral: {depths: [10, 20], thickness: 4, half-width: 30, bin: 0.5}
      - radial: {depths: {from: 10, to: 50, step: 10}, thickness: 4, radius: 30, ring: 1}
      - name: dose
        mesh:
          from: [-20, -20, 0]
          to: [20, 20, 200]
          spacing: [2, 2, 1]
          quantities: [dose-to-water, dose-to-medium]
          averages:
            - alpha: {model: v79, rule: all}
            - sqrt-beta: {model: mkm-hsg, rule: all-with-recoils}
            - z-star: {model: mkm-hsg, rule: beam-charge}
      - {name: rod, region: {solid: rod}}
      - {name: in-rod, spectrum: {solid: rod, energy-step: 4, energy-to: 200}}
      - {name: around, spectrum: {solid: world, energy-step: 4, energy-to: 200}}
      - {name: voxels, spectrum: {from: [-5, -5, 0], to: [5, 5, 100], spacing: 10, energy-step: 4, energy-to: 200}}
      - planes: {depths: [50, 100], angles: [5, 90], radius: 40, energy-step: 4, energy-to: 400}
    run:
      histories: 1000
      time: 60
      uncertainty: {score: dose, below: 2 %}
      seed: 9
      nuclear-reactions: false
      longest-step: 1
      longest-range-share: 0.05
      stop-range: 0.01
    """

@Suite struct TransportFileTests {
    @Test func everythingIsRead() throws {
        let request = try TransportFile.read(text: wholeTransport, file: "all.yaml")
        let beam = request.beam
        #expect(beam.ion == .carbon12 && beam.sourceDistanceMM == 6000)
        #expect(beam.energies.map(\.meanMeVPerNucleon) == [200, 190])
        #expect(beam.energies.map(\.relativeSpread) == [0.002, 0] && beam.energies.map(\.weight) == [2, 1])
        #expect(beam.direction == Vector3(0, 0, 1) && beam.xAxis == Vector3(0, 1, 0))
        guard case .gaussian(let x, let y) = beam.shape else {
            Issue.record("\(beam.shape)")
            return
        }
        expectClose(x.sigmaMM, 5.0.squareRoot(), relative: 1e-12, because: "√(ε β)")
        #expect(x.correlation == 0 && y.correlation < -0.7)

        guard case .solids(let phantom) = request.phantom else {
            Issue.record("\(request.phantom)")
            return
        }
        #expect(phantom.solids.map(\.name) == ["plate", "wedge", "brick", "rod", "ball"])
        let resin = phantom.solids[0].material
        #expect(resin.densityGPerCM3 == 1.2 && resin.statedExcitationEnergyEV == 68)
        expectClose(
            MaterialProperties(resin).meanExcitationEnergyEV, 68, relative: 1e-12, because: "as stated")
        #expect(phantom.solids[3].material == .lung)
        #expect(phantom.solids[2].material.name == "tissue 13")
        guard case .slab(let normal, 60, 70) = phantom.solids[1].shape else {
            Issue.record("\(phantom.solids[1].shape)")
            return
        }
        expectClose(normal.y, 0.5.squareRoot(), relative: 1e-12, because: "a unit vector")

        #expect(
            request.scores.map(\.name) == [
                "depth-dose", "lateral", "radial", "dose", "rod", "in-rod", "around", "voxels", "planes",
            ])
        #expect(
            request.scores[0].kind == .depthDose(fromMM: 5, toMM: 195, stepMM: 0.5, coreRadiusMM: 4))
        #expect(request.scores[0].averages.map(\.name) == ["let-d-all", "let-t-primaries"])
        #expect(
            request.scores[3].averages.map(\.name) == [
                "alpha-v79-all", "sqrt-beta-mkm-hsg-all-with-recoils", "z-star-mkm-hsg-beam-charge",
            ])
        guard case .mesh(.box(let grid), let quantities) = request.scores[3].kind else {
            Issue.record("\(request.scores[3].kind)")
            return
        }
        #expect(grid.dimensions == SIMD3(20, 20, 200) && grid.origin == Point3(-19, -19, 0.5))
        #expect(quantities == [.doseToWater, .doseToMedium])
        guard case .radial(let depths, _, _, _) = request.scores[2].kind else {
            Issue.record("\(request.scores[2].kind)")
            return
        }
        #expect(depths == [10, 20, 30, 40, 50])
        #expect(
            request.scores[6].kind
                == .regionSpectrum(solid: nil, stepMeVPerNucleon: 4, toMeVPerNucleon: 200))

        let settings = request.settings
        #expect(settings.histories == 1000 && settings.timeS == 60 && settings.seed == 9)
        #expect(settings.uncertainty == .init(score: "dose", below: 0.02))
        #expect(!settings.stepping.nuclearReactions && settings.stepping.longestStepMM == 1)
        #expect(settings.stepping.longestRangeShare == 0.05 && settings.stepping.stopRangeMM == 0.01)
    }

    /// A CT in place of the solids, with paths relative to the file.
    @Test func aCTIsReadWithItsPaths() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kasane-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let start = try #require(TransportFile.example.range(of: "phantom:"))
        let end = try #require(TransportFile.example.range(of: "scores:"))
        func read(_ ct: String) throws -> CTPhantomChoice {
            let text =
                TransportFile.example[..<start.lowerBound] + "phantom:\n  ct: \(ct)\n\n"
                + TransportFile.example[end.lowerBound...]
            let file = folder.appendingPathComponent("run.yaml")
            try text.write(to: file, atomically: true, encoding: .utf8)
            guard case .ct(let choice) = try TransportFile.read(path: file.path).phantom else {
                throw InvalidFile(file: "run.yaml", "no CT")
            }
            return choice
        }
        let dicom = try read("{folder: dicom, external: BODY, calibration: {file: c.csv}, spacing: 2}")
        #expect(
            dicom.source
                == .dicom(
                    folder: folder.path + "/dicom", seriesUID: nil, external: "BODY", structureSetUID: nil))
        #expect(dicom.calibration == .file(folder.path + "/c.csv") && dicom.spacingMM == Vector3(2, 2, 2))
        let image = try read("{metaimage: /data/head.mha, calibration: schneider}")
        #expect(image.source == .metaImage("/data/head.mha") && image.calibration == .schneider)
        let planned = try read("{case: head}")
        #expect(planned.source == .caseFolder(folder.path + "/head") && planned.calibration == nil)
    }

    @Test(arguments: ["water-tank", "bone-and-lung", "cylinder-insert", "proton-in-metal"])
    func examplesAreGood(name: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appendingPathComponent("Examples/transport/\(name).yaml").path
        let request = try TransportFile.read(path: path)
        #expect(request.settings.histories >= 1000)
        if name == "water-tank" { #expect(try TextFile.read(path) == TransportFile.example) }
    }
}
