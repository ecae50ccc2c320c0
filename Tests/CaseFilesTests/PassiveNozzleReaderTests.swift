import CaseFiles
import FacilityModel
import PlanModel
import Quantities
import TestSupport
import Testing

@Suite struct PassiveNozzleReaderTests {
    private static func text() throws -> String {
        try TextFile.read(DataStore.find().machinePath("himac"))
    }

    @Test func himacsPassivePortsAreRead() throws {
        let description = try Machines.read("himac")
        let machine = description.machine
        #expect(machine.ports.count == 5)
        #expect(
            machine.passivePorts.map(\.id) == ["a-vertical", "b-vertical", "b-horizontal", "c-horizontal"])
        let port = try #require(machine.passivePort("b-horizontal"))
        #expect(port.allows(gantryAngle: AngleDegrees(90)) && !port.allows(gantryAngle: AngleDegrees(0)))
        let nozzle = port.nozzle
        #expect(nozzle.energies.map(\.value) == [400, 350, 290])
        #expect(nozzle.fieldDiameterMM == 200 && nozzle.flatness == 0.025)
        #expect(nozzle.ridgeFilters.widthsMM.contains(60) && nozzle.ridgeFilters.widthsMM.last == 150)
        #expect(nozzle.layerStacking == PassiveNozzle.LayerStacking(miniPeakWidthMM: 10, stepMM: 2.5))
        #expect(nozzle.spreading.settings.count == 9)
        #expect(nozzle.collimator.travelMM == -50...110)
        #expect(
            description.figures.contains {
                $0.path.contains("passive-nozzles.broad-beam.collimator.leaf-width")
            })
        for figure in description.figures where figure.source.hasPrefix("Chosen") {
            #expect(figure.confidence == .assumed, "\(figure.path)")
        }
    }

    /// One change at a time; each must be found, with its place.
    @Test(arguments: [
        (
            "range-shifter:\n      material: pmma\n      distance: {value: 1300",
            "range-shifter:\n      material: pmma\n      distance: {value: 2300", "is upstream of"
        ),
        ("- [400, 200, 117.0, 2.49]", "- [400, 180, 117.0, 2.49]", "the widest field is 180 mm"),
        ("- [350, 150, 87.5, 1.08]", "- [350, 100, 87.5, 1.08]", "stand in an earlier row"),
        ("leaf-pairs: {value: 54", "leaf-pairs: {value: 54.5", "leaves are counted"),
        ("travel: {value: [-50, 110]", "travel: {value: [5, 110]", "leaves out 0"),
        ("[20, 30, 40,", "[20, 40, 30,", "must ascend"),
        ("passive-nozzle: broad-beam", "passive-nozzle: broad-bean", "there is no nozzle ‘broad-bean’"),
        (
            "delivery: passive\n    passive-nozzle: broad-beam", "delivery: scanning\n    nozzle: broad-beam",
            "there is no nozzle ‘broad-beam’ under ‘nozzles’"
        ),
        ("    passive-nozzle: broad-beam\n", "", "give either ‘nozzle’ or ‘passive-nozzle’"),
        ("flatness: {value: 0.025", "flatness: {value: 2.5", "0.2"),
    ]) func aBrokenFileIsRefused(old: String, new: String, message: String) throws {
        var text = try Self.text()
        let place = try #require(text.firstRange(of: old))
        text.replaceSubrange(place, with: new)
        let changed = text
        #expect {
            _ = try MachineFile.read(text: changed, file: "m.yaml")
        } throws: {
            "\($0)".contains(message)
        }
    }
}

@Suite struct PassivePlanFileTests {
    private static let section = """
        passive: {filling: ridge-filter, sobp: 60, lateral-margin: 7, proximal-margin: 3, distal-margin: 4, smearing: 2}

        """

    @Test func theSectionIsRead() throws {
        let plan = try PlanFile.read(text: wholePlan + Self.section, file: "p.yaml")
        #expect(
            plan.passive
                == PassiveRequest(
                    filling: .ridgeFilter, sobpWidthMM: 60, lateralMarginMM: 7, proximalMarginMM: 3,
                    distalMarginMM: 4, smearingMM: 2))
        #expect(try PlanFile.read(text: wholePlan, file: "p.yaml").passive == nil)
    }

    @Test(arguments: [
        ("ridge-filter", "ridge", "filling"), ("lateral-margin: 7, ", "", "lateral-margin"),
        ("smearing: 2", "smearing: -2", "smearing"),
        ("filling: ridge-filter", "filling: layer-stacking", "leave ‘sobp’ out"),
    ]) func aBrokenSectionIsRefused(old: String, new: String, message: String) {
        #expect {
            _ = try PlanFile.read(text: wholePlan + Self.section.replacing(old, with: new), file: "p.yaml")
        } throws: {
            "\($0)".contains(message)
        }
    }

    @Test func thePortsOfAPassiveMachineAreChecked() throws {
        let machine = try Machines.read("himac").machine
        var plan = try PlanFile.read(text: wholePlan, file: "p.yaml")
        plan.fields[0].portID = "b-horizontal"
        plan.fields[1].portID = "b-horizontal"
        let found = plan.findings(machine: machine).map(\.path)
        #expect(found.contains("passive") && found.contains("fields[1].range-shifter"))
        #expect(found.contains("fields[1].gantry-angle"), "270° is not what a port at 90° gives")
        plan.passive = PassiveRequest(
            filling: .ridgeFilter, sobpWidthMM: 45, lateralMarginMM: 7, proximalMarginMM: 3,
            distalMarginMM: 4,
            smearingMM: 2)
        plan.fields.removeLast()
        #expect(plan.findings(machine: machine).map(\.path) == ["passive.sobp"])
        plan.passive?.sobpWidthMM = 60
        #expect(plan.findings(machine: machine).isEmpty)
    }
}
