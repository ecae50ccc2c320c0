import FacilityModel
import Frames
import PlanEvaluation
import PlanModel
import Quantities
import Testing

@Suite struct PlanCheckTests {
    private static func size(_ energy: Double) -> Nozzle.SpotSize {
        Nozzle.SpotSize(
            energy: EnergyPerNucleon(energy), sigmaMM: SIMD2(3, 3), divergenceMrad: SIMD2(1, 1),
            correlation: SIMD2(0, 0))
    }

    static let machine: Machine = {
        let nozzle = Nozzle(
            virtualSourceDistancesMM: SIMD2(9000, 8000), spotSizes: [size(100), size(430)],
            relativeEnergySpread: 0.001, ridgeFilterSigmaMM: 1, waterEquivalentThicknessMM: 1,
            fieldHalfWidthMM: SIMD2(110, 110), scanSpeedMMPerS: SIMD2(100_000, 50_000),
            rangeShifters: [
                RangeShifter(
                    id: "rs30", waterEquivalentThicknessMM: 30, isocentreDistanceMM: 400, material: "PMMA")
            ], minimumSpotParticles: 1e4, maximumSpotParticles: 1e7)
        func port(_ id: String, _ direction: Port.Direction) -> Port {
            Port(
                id: id, room: "E", direction: direction,
                patientSupportAngles: AngleDegrees(0)...AngleDegrees(90), nozzle: nozzle)
        }
        return Machine(
            name: "machine", facility: "F", ion: .carbon12,
            energies: [430, 400, 300, 200, 80].map { EnergyPerNucleon($0) },
            ports: [
                port("fixed", .fixed(AngleDegrees(90))),
                port("gantry", .rotating(AngleDegrees(0)...AngleDegrees(180))),
            ])
    }()

    static let plan: Plan = {
        func layer(_ energy: Double) -> EnergyLayer {
            EnergyLayer(
                energy: EnergyPerNucleon(energy),
                spots: [
                    Spot(positionMM: SIMD2(0, 0), particles: 2e5),
                    Spot(positionMM: SIMD2(5, 0), particles: 1e5),
                ])
        }
        func field(_ number: Int, _ port: String) -> Field {
            Field(
                number: number, name: "F\(number)", portID: port, gantryAngle: AngleDegrees(90),
                patientSupportAngle: AngleDegrees(0), isocentre: Point3(SIMD3(0, 0, 0)),
                rangeShifterID: "rs30", layers: [layer(400), layer(300)])
        }
        return Plan(
            label: "head", machineName: "machine", ion: .carbon12, patientPosition: .headFirstSupine,
            prescription: Prescription(targetName: "CTV", totalDose: RBEWeightedDose(60.8), fractions: 16),
            fields: [field(1, "fixed"), field(2, "gantry")])
    }()

    @Test func aGoodPlanHasNoFindings() {
        #expect(PlanCheck.check(Self.plan, machine: Self.machine).isEmpty)
    }

    static let faults: [(code: String, path: String, change: @Sendable (inout Plan) -> Void)] = [
        ("PLAN-0001", "machineName", { $0.machineName = "other" }),
        ("PLAN-0002", "ion", { $0.ion = .helium4 }),
        ("PLAN-0003", "fields", { $0.fields = [] }),
        ("PLAN-0004", "label", { $0.label = "a label of seventeen" }),
        ("PLAN-0005", "fields[1]", { $0.fields[1].number = 1 }),
        ("PLAN-0010", "fields[0]", { $0.fields[0].portID = "none" }),
        ("PLAN-0011", "fields[0]", { $0.fields[0].gantryAngle = AngleDegrees(91) }),
        ("PLAN-0011", "fields[1]", { $0.fields[1].gantryAngle = AngleDegrees(181) }),
        ("PLAN-0012", "fields[1]", { $0.fields[1].patientSupportAngle = AngleDegrees(-1) }),
        ("PLAN-0013", "fields[0]", { $0.fields[0].rangeShifterID = "rs60" }),
        ("PLAN-0014", "fields[0]", { $0.fields[0].layers = [] }),
        ("PLAN-0020", "fields[0].layers[1]", { $0.fields[0].layers.reverse() }),
        ("PLAN-0021", "fields[0].layers[1]", { $0.fields[0].layers[1].energy = EnergyPerNucleon(299) }),
        ("PLAN-0022", "fields[0].layers[1]", { $0.fields[0].layers[1].energy = EnergyPerNucleon(80) }),
        ("PLAN-0023", "fields[0].layers[0]", { $0.fields[0].layers[0].paintings = 0 }),
        ("PLAN-0024", "fields[0].layers[0]", { $0.fields[0].layers[0].spots = [] }),
        (
            "PLAN-0030", "fields[0].layers[0].spots[1]",
            { $0.fields[0].layers[0].spots[1].positionMM.y = -111 }
        ),
        (
            "PLAN-0030", "fields[0].layers[0].spots[1]",
            { $0.fields[0].layers[0].spots[1].positionMM.x = .nan }
        ),
        ("PLAN-0031", "fields[0].layers[0].spots[0]", { $0.fields[0].layers[0].spots[0].particles = .nan }),
        ("PLAN-0031", "fields[0].layers[0].spots[0]", { $0.fields[0].layers[0].spots[0].particles = 0 }),
        ("PLAN-0032", "fields[0].layers[0].spots[0]", { $0.fields[0].layers[0].spots[0].particles = 9999 }),
        ("PLAN-0032", "fields[0].layers[0].spots[1]", { $0.fields[0].layers[0].paintings = 15 }),
        ("PLAN-0033", "fields[0].layers[0].spots[0]", { $0.fields[0].layers[0].spots[0].particles = 2e7 }),
    ]

    @Test(arguments: faults.indices) func eachFaultIsFound(_ index: Int) throws {
        let fault = Self.faults[index]
        var plan = Self.plan
        fault.change(&plan)
        let findings = PlanCheck.check(plan, machine: Self.machine)
        let finding = try #require(findings.first { $0.code == fault.code }, "\(findings)")
        #expect(finding.path == fault.path)
        #expect(findings.count == 1, "one fault, one finding: \(findings.map(\.code))")
        #expect(finding.severity == .failure)
    }

    @Test func deliverableRepaintingIsAccepted() {
        var plan = Self.plan
        plan.fields[0].layers[0].paintings = 10
        #expect(PlanCheck.check(plan, machine: Self.machine).isEmpty)
        plan.fields[0].layers[0].spots[0].particles = 2e7
        #expect(PlanCheck.check(plan, machine: Self.machine).isEmpty)
    }
}
