import CaseFiles
import Testing

@Suite struct BrokenTransportFileTests {
    static let cases = [
        BrokenText("kasane-transport", "kasane-plan", path: "format", says: "‘kasane-plan’"),
        BrokenText("version: 1", "version: 3", path: "version", says: "version 3"),
        BrokenText("label: everything", "lable: everything", path: "lable", says: "did you mean ‘label’"),
        BrokenText("  ion: 12C", "  ion: 40Ar", path: "beam.ion", says: "‘40Ar’ is not an ion"),
        BrokenText("  ion: 12C", "  ion: n", path: "beam.ion", says: "‘n’"),
        BrokenText(
            "energy: 200, weight: 2", "energy: 0.5, weight: 2", path: "beam.energies[0].energy", says: "0.5"),
        BrokenText(
            "energy: 200, weight: 2", "energy: 900, weight: 2", path: "beam.energies[0].energy",
            says: "at most 600"),
        BrokenText("weight: 2", "weight: 0", path: "beam.energies[0].weight", says: "greater than 0"),
        BrokenText("spread: 0.2 %", "spread: 20 %", path: "beam.energies[0].spread", says: "‘20 %’"),
        BrokenText("  energies:", "  energy: 200\n  energies:", path: "beam", says: "either ‘energy’"),
        BrokenText(
            "shape: {twiss: {emittance: [1, 2], beta: 5, alpha: [0, 1]}}", "shape: pensil",
            path: "beam.shape",
            says: "did you mean ‘pencil’"),
        BrokenText(
            "shape: {twiss: {emittance: [1, 2], beta: 5, alpha: [0, 1]}}", "shape: {disc: 4, rectangle: 5}",
            path: "beam.shape", says: "give one of"),
        BrokenText("beta: 5", "beta: 0", path: "beam.shape.twiss.beta", says: "at least"),
        BrokenText(
            "source-distance: 6000", "source-distance: -1", path: "beam.source-distance", says: "-1 mm"),
        BrokenText("direction: [0, 0, 2]", "direction: [0, 0, 0]", path: "beam.direction", says: "no length"),
        BrokenText("direction: [0, 0, 2]", "direction: [0, 0, -2]", path: "beam", says: "misses the phantom"),
        BrokenText("position: [0, 0, -100]", "position: [0, 0]", path: "beam.position", says: "2 items"),
        BrokenText("x-axis: [0, 1, 0]", "x-axis: [0, 0, 1]", path: "beam.x-axis", says: "parallel"),
        BrokenText("C: 0.72", "C: 0.62", path: "materials.resin.composition", says: "add up to 0.9"),
        BrokenText("H: 8 %", "Hy: 8 %", path: "materials.resin.composition.Hy", says: "no element ‘Hy’"),
        BrokenText("density: 1.1,", "density: 0,", path: "materials.resin.density", says: "0 g/cm3"),
        BrokenText(
            "excitation-energy: 68", "excitation-energy: 2", path: "materials.resin.excitation-energy",
            says: "2 eV"),
        BrokenText("  resin:", "  water:", path: "materials.water", says: "material of the program"),
        BrokenText(
            "material: resin", "material: resina", path: "phantom.solids[0].material",
            says: "did you mean ‘resin’"),
        BrokenText(
            "material: resin", "material: pmma", path: "materials.resin", says: "no solid is of this material"
        ),
        BrokenText(
            "to: [100, 100, 200], material: water", "to: [100, 100, 0], material: water",
            path: "phantom.world.to", says: "along z it reaches from 0 to 0"),
        BrokenText("material: water}", "}", path: "phantom.world", says: "either ‘material’ or"),
        BrokenText(
            "slab: {axis: z, from: 10, to: 20}", "slab: {axis: z, from: 20, to: 10}",
            path: "phantom.solids[0].slab.to", says: "ends at 10 mm"),
        BrokenText(
            "slab: {axis: z, from: 10, to: 20}", "slab: {axis: w, from: 10, to: 20}",
            path: "phantom.solids[0].slab.axis", says: "‘w’"),
        BrokenText(
            "slab: {axis: z, from: 10, to: 20}", "slab: {axis: z, from: 210, to: 220}",
            path: "phantom.solids[0]", says: "no extent inside the world"),
        BrokenText("name: wedge", "name: plate", path: "phantom.solids[1]", says: "solids[0]"),
        BrokenText(
            "hounsfield: 400", "hounsfield: 400, material: pmma", path: "phantom.solids[2]",
            says: "either ‘material’ or ‘hounsfield’"),
        BrokenText("hounsfield: 400", "hounsfield: 4000", path: "phantom.solids[2].hounsfield", says: "4000"),
        BrokenText(
            "radius: 5, length", "radius: 0, length", path: "phantom.solids[3].cylinder.radius", says: "0 mm"),
        BrokenText(
            "sphere: {centre: [0, 0, 50], radius: 2}", "spere: {centre: [0, 0, 50], radius: 2}",
            path: "phantom.solids[4].spere", says: "did you mean ‘sphere’"),
        BrokenText(
            "  world: {from", "  ct: {case: x}\n  world: {from", path: "phantom", says: "either ‘world’"),
        BrokenText(
            "step: 0.5, core", "step: 0.7, core", path: "scores[0].depth-dose.step",
            says: "bins (a whole number"),
        BrokenText(
            "to: 195, step", "to: 205, step", path: "scores[0].depth-dose.to", says: "205 mm is outside"),
        BrokenText(
            "{let-d: all}", "{let-q: all}", path: "scores[0].depth-dose.averages[0].let-q", says: "‘let-q’"),
        BrokenText(
            "{let-d: all}", "{let-d: al}", path: "scores[0].depth-dose.averages[0].let-d",
            says: "did you mean ‘all’"),
        BrokenText(
            "{let-t: primaries}", "{let-d: all}", path: "scores[0].depth-dose.averages[1]",
            says: "occurs twice"),
        BrokenText(
            "depths: [10, 20]", "depths: [20, 10]", path: "scores[1].lateral.depths[1]", says: "increasing"),
        BrokenText(
            "depths: [10, 20]", "depths: [10, 300]", path: "scores[1].lateral.depths",
            says: "300 mm is outside"),
        BrokenText(
            "dose-to-medium]", "dose-to-air]", path: "scores[3].mesh.quantities[1]", says: "‘dose-to-air’"),
        BrokenText(
            "spacing: [2, 2, 1]", "spacing: [3, 2, 1]", path: "scores[3].mesh.spacing", says: "in steps of 3"),
        BrokenText(
            "model: v79", "model: v97", path: "scores[3].mesh.averages[0].alpha.model",
            says: "did you mean ‘v79’"),
        BrokenText(
            "{solid: rod}", "{solid: rood}", path: "scores[4].region.solid", says: "did you mean ‘rod’"),
        BrokenText("name: in-rod", "name: rod", path: "scores[5]", says: "scores[4]"),
        BrokenText("name: in-rod", "name: in/rod", path: "scores[5].name", says: "‘in/rod’"),
        BrokenText(
            "angles: [5, 90]", "angles: [5, 100]", path: "scores[8].planes.angles[1]", says: "100 degrees"),
        BrokenText(
            "domain-radius: 0.3", "domain-radius: 30", path: "biology.v79.domain-radius", says: "30 um"),
        BrokenText("histories: 1000", "histories: 0", path: "run.histories", says: "0 is out of range"),
        BrokenText(
            "  histories: 1000\n  time: 60\n  uncertainty: {score: dose, below: 2 %}\n", "", path: "run",
            says: "never end"),
        BrokenText("score: dose,", "score: planes,", path: "run.uncertainty.score", says: "‘planes’"),
        BrokenText("below: 2 %", "below: 0 %", path: "run.uncertainty.below", says: "never reached"),
        BrokenText("seed: 9", "seed: -9", path: "run.seed", says: "-9"),
        BrokenText(
            "nuclear-reactions: false", "nuclear-reactions: off", path: "run.nuclear-reactions", says: "‘off’"
        ),
        BrokenText("longest-step: 1", "longest-step: 100", path: "run.longest-step", says: "100 mm"),
    ]

    @Test(arguments: cases)
    func fault(_ broken: BrokenText) throws {
        try broken.expectRefused(in: wholeTransport, file: "t.yaml") { text, file throws(InvalidFile) in
            _ = try TransportFile.read(text: text, file: file)
        }
    }

    static let ctCases = [
        BrokenText("folder: d", "folder: d, case: c", path: "phantom.ct", says: "give one of"),
        BrokenText(
            "calibration: schneider", "spacing: 2", path: "phantom.ct", says: "‘calibration’ is missing"),
        BrokenText("folder: d", "case: d", path: "phantom.ct.calibration", says: "its own calibration"),
        BrokenText(
            "folder: d", "metaimage: d, external: BODY", path: "phantom.ct.external",
            says: "belongs to ‘folder’"),
        BrokenText("folder: d", "folder: d, spacing: 0", path: "phantom.ct.spacing", says: "0 mm"),
        BrokenText(
            "folder: d", "folder: d, structure-set: '1.2'", path: "phantom.ct.structure-set",
            says: "‘external’"),
        BrokenText("solid: world", "solid: bone", path: "scores[0].region.solid", says: "no solids"),
    ]

    @Test(arguments: ctCases)
    func faultOfACT(_ broken: BrokenText) throws {
        let whole = """
            format: kasane-transport
            version: 1
            label: CT
            beam: {ion: p, energy: 100, shape: pencil, position: [0, 0, 0], direction: [0, 1, 0]}
            phantom:
              ct: {folder: d, calibration: schneider}
            scores:
              - region: {solid: world}
            run: {histories: 10, seed: 1}
            """
        _ = try TransportFile.read(text: whole, file: "t.yaml")
        try broken.expectRefused(in: whole, file: "t.yaml") { text, file throws(InvalidFile) in
            _ = try TransportFile.read(text: text, file: file)
        }
    }

    @Test func everythingWrongIsReportedAtOnce() {
        let text = wholeTransport.replacing("ion: 12C", with: "ion: xx")
            .replacing("step: 0.5, core", with: "step: 0.7, core")
            .replacing("seed: 9", with: "sed: 9")
        do {
            _ = try TransportFile.read(text: text, file: "t.yaml")
            Issue.record("read without complaint")
        } catch {
            #expect(
                error.findings.map(\.path) == [
                    "beam.ion", "scores[0].depth-dose.step", "run.seed", "run.sed",
                ])
        }
    }
}
