import BeamData
import FacilityModel
import Frames
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

@Suite struct SpotPlacementTests {
    static let grid = SyntheticBeam.grid(extentMM: SIMD3(200, 200, 120), spacingMM: SIMD3(2, 2, 2))
    static let water = SyntheticBeam.images(grid)

    static func mask(_ inside: (SIMD3<Double>) -> Bool) -> StructureMask {
        let indices = (0..<grid.voxelCount).filter {
            let v = grid.voxel(at: $0)
            return inside(grid.centre(v.x, v.y, v.z).mm)
        }.map { Int32($0) }
        return StructureMask(geometry: grid, indices: indices, shares: indices.map { _ in 1 })
    }

    /// A cube of 40 mm, its anterior face at `depth` mm of water for a beam from anterior.
    static func cube(depth: Double) -> StructureMask {
        mask { $0.y > depth - 100 && $0.y < depth - 60 && abs($0.x) < 20 && abs($0.z) < 20 }
    }

    func placement(
        machine: Machine = SyntheticBeam.machine(),
        _ change: (inout SpotPlacementSettings) -> Void = { _ in }
    ) -> SpotPlacement {
        var settings = SpotPlacementSettings()
        change(&settings)
        return SpotPlacement(
            images: Self.water, machine: machine, patientPosition: .headFirstSupine, settings: settings
        ) { SyntheticBeam.table($0) }
    }

    func place(
        _ target: StructureMask, field: Field = SyntheticBeam.field(),
        machine: Machine = SyntheticBeam.machine(),
        _ change: (inout SpotPlacementSettings) -> Void = { _ in }
    ) async throws -> [EnergyLayer] {
        try await placement(machine: machine, change).place(
            field: field, target: target, targetName: "CTV", threads: 2)
    }

    /// Depth of the greatest dose of an energy in the synthetic beam.
    func peak(_ energy: EnergyPerNucleon) -> Double {
        let table = SyntheticBeam.table(energy)
        let sums = (0..<table.count).map { i in table.components.reduce(0) { $0 + $1.doseGyMM2[i] } }
        return Double(sums.firstIndex(of: sums.max() ?? 0) ?? 0) * table.stepMM
    }

    @Test func layersCoverTheTargetAndItsMarginsInDepth() async throws {
        let layers = try await place(Self.cube(depth: 60)) { $0.layerSpacingMM = 3 }
        let depths = layers.map { peak($0.energy) - 2 }
        #expect(zip(layers, layers.dropFirst()).allSatisfy { $0.energy > $1.energy })
        let (deepest, shallowest) = (depths[0], depths[depths.count - 1])
        #expect(deepest > 100.5 && deepest < 103.5, "target ends at 100 mm, margin 2 mm: \(deepest)")
        #expect(shallowest < 60 && shallowest > 57, "target starts at 60 mm, margin 2 mm: \(shallowest)")
        for (a, b) in zip(depths, depths.dropFirst()) { #expect(a - b < 3.3 && a > b) }
    }

    @Test func spotsCoverTheTargetAndItsMarginAcross() async throws {
        let layers = try await place(Self.cube(depth: 60)) {
            $0.spotSpacingMM = 4
            $0.lateralMarginMM = 5
        }
        let all = layers.flatMap { $0.spots.map(\.positionMM) }
        // The cube's edges at ±20 mm are seen by the diverging rays at up to ±20 / (1 − 40/8000) mm.
        #expect(all.map(\.x).max() == 24 && all.map(\.x).min() == -24)
        #expect(all.map(\.y).max() == 24 && all.map(\.y).min() == -24)
        let middle = layers[layers.count / 2]
        #expect(Set(middle.spots.map(\.positionMM)).count == middle.spots.count)
        #expect(middle.spots.contains { $0.positionMM == SIMD2(0, 0) })
        // Serpentine: neighbours in the list are neighbours on the grid within a row.
        let jumps = zip(middle.spots, middle.spots.dropFirst()).filter {
            let d = $0.positionMM - $1.positionMM
            return (d * d).sum() > 4.01 * 4.01 * 2
        }
        #expect(jumps.isEmpty)
    }

    @Test func hexagonalGridHasEqualDistances() async throws {
        let layers = try await place(Self.cube(depth: 60)) {
            $0.grid = .hexagonal
            $0.spotSpacingMM = 5
        }
        let spots = layers[layers.count / 2].spots.map(\.positionMM)
        let centre = spots.first { $0 == SIMD2(0, 0) }
        #expect(centre != nil)
        let near = spots.filter { ($0 * $0).sum() > 0 && ($0 * $0).sum() < 5.01 * 5.01 }
        #expect(near.count == 6)
    }

    @Test func rangeShifterRaisesTheEnergies() async throws {
        let without = try await place(Self.cube(depth: 60))
        let with = try await place(Self.cube(depth: 60), field: SyntheticBeam.field(shifter: "RS30"))
        expectClose(
            peak(with[0].energy) - peak(without[0].energy), 30, absolute: 2.5,
            because: "30 mm of water before the patient, energies 2 MeV/u apart")
    }

    @Test func centroidIsTheMiddleOfTheTarget() throws {
        let centre = try SpotPlacement.centroid(of: Self.cube(depth: 60), name: "CTV")
        expectClose(centre.x, 0, absolute: 1e-9, because: "symmetric cube")
        expectClose(centre.y, -20, absolute: 1e-9, because: "from −40 to 0 mm")
    }

    @Test func refusesAnEmptyTarget() async {
        await #expect(throws: PencilBeamError.emptyTarget(name: "CTV")) {
            _ = try await place(Self.mask { _ in false })
        }
        #expect(throws: PencilBeamError.emptyTarget(name: "CTV")) {
            _ = try SpotPlacement.centroid(of: Self.mask { _ in false }, name: "CTV")
        }
    }

    @Test func refusesATargetBeyondTheRange() async throws {
        var machine = SyntheticBeam.machine()
        machine.energies = machine.energies.filter { $0.value <= 200 }
        do {
            _ = try await place(Self.cube(depth: 100), machine: machine)
            Issue.record("a target 140 mm deep was placed with a range of 84 mm")
        } catch PencilBeamError.targetBeyondRange(let deepest, let greatest) {
            expectClose(deepest, 139, absolute: 0.1, because: "centre of the last voxel")
            expectClose(greatest, peak(EnergyPerNucleon(200)) - 2, absolute: 0.3, because: "peak less nozzle")
        }
    }

    @Test func refusesATargetTooShallowAndNamesTheShifter() async throws {
        do {
            _ = try await place(Self.cube(depth: 2))
            Issue.record("a target at 2 mm was placed without shifter")
        } catch PencilBeamError.targetTooShallow(let shallowest, let least, let shifters) {
            expectClose(shallowest, 3, absolute: 0.1, because: "centre of the first voxel")
            #expect(least > 7)
            #expect(shifters == ["RS30"])
        }
        let layers = try await place(Self.cube(depth: 2), field: SyntheticBeam.field(shifter: "RS30"))
        #expect(!layers.isEmpty)
    }

    @Test func refusesAnUnknownPort() async {
        var field = SyntheticBeam.field()
        field.portID = "attic"
        await #expect(throws: PencilBeamError.unknownPort(id: "attic", known: ["gantry"])) {
            _ = try await place(Self.cube(depth: 60), field: field)
        }
    }

    @Test func refusesAnUnknownRangeShifter() async {
        await #expect(throws: PencilBeamError.unknownRangeShifter(id: "RS99", known: ["RS30"])) {
            _ = try await place(Self.cube(depth: 60), field: SyntheticBeam.field(shifter: "RS99"))
        }
    }

    @Test func refusesACouchAngleThatTheMachineCannotGive() async {
        await #expect(
            throws: PencilBeamError.patientSupportAngleNotPossible(
                angle: AngleDegrees(120), port: "gantry",
                allowed: AngleDegrees(-95)...AngleDegrees(95))
        ) { _ = try await place(Self.cube(depth: 60), field: SyntheticBeam.field(couch: 120)) }
    }

    @Test func refusesAGantryAngleThatTheMachineCannotGive() async {
        var fixed = SyntheticBeam.machine()
        fixed.ports[0].direction = .fixed(AngleDegrees(90))
        let machine = fixed
        await #expect(
            throws: PencilBeamError.gantryAngleNotPossible(
                angle: AngleDegrees(0), port: "gantry", allowed: AngleDegrees(90)...AngleDegrees(90))
        ) { _ = try await place(Self.cube(depth: 60), machine: machine) }
    }

    @Test func acceptsAnotherNameOfAPossibleAngle() async throws {
        var machine = SyntheticBeam.machine()
        machine.ports[0].direction = .fixed(AngleDegrees(90))
        let layers = try await place(
            Self.cube(depth: 60), field: SyntheticBeam.field(gantry: -270), machine: machine)
        #expect(!layers.isEmpty)
    }

    @Test func refusesAFieldWiderThanTheScanField() async throws {
        var machine = SyntheticBeam.machine()
        machine.ports[0].nozzle.fieldHalfWidthMM = SIMD2(15, 100)
        do {
            _ = try await place(Self.cube(depth: 60), machine: machine)
            Issue.record("a field of ±20 mm fitted into ±15 mm")
        } catch PencilBeamError.scanFieldExceeded(let needed, let available) {
            #expect(needed.x > 20 && available == SIMD2(15, 100))
        }
    }

    @Test func refusesOtherFramesAndSenselessSettings() async {
        let g = Self.grid
        let other = VolumeGeometry(
            dimensions: g.dimensions, origin: g.origin, spacingMM: g.spacingMM,
            frameOfReferenceUID: "9.9")
        let target = StructureMask(geometry: other, indices: [5], shares: [1])
        await #expect(throws: PencilBeamError.differentFrameOfReference("1.2.3", "9.9")) {
            _ = try await place(target)
        }
        await #expect(throws: PencilBeamError.invalidSetting(name: "spotSpacingMM", value: 0)) {
            _ = try await place(Self.cube(depth: 60)) { $0.spotSpacingMM = 0 }
        }
        await #expect(throws: PencilBeamError.invalidSetting(name: "distalMarginMM", value: -1)) {
            _ = try await place(Self.cube(depth: 60)) { $0.distalMarginMM = -1 }
        }
    }

    @Test func messagesSayProblemReasonAndRemedy() {
        let text = PencilBeamError.targetBeyondRange(deepestMM: 312.34, greatestPeakDepthMM: 290).description
        #expect(text.contains("312.3 mm") && text.contains("290.0 mm") && text.contains("direction"))
    }
}
