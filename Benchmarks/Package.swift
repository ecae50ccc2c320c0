// swift-tools-version: 6.2
// A package of its own, so that the main one builds without it. `make bench` runs it.
import PackageDescription

let package = Package(
    name: "KasaneBenchmarks",
    dependencies: [.package(name: "Kasane", path: "..")],
    targets: [
        .executableTarget(
            name: "kasane-benchmarks",
            dependencies: [
                "Quantities", "Frames", "Volumes", "NumericKernels", "IonPhysics", "PatientModel",
                "PlanModel",
                "FacilityModel", "BeamData", "Radiobiology", "IonTransport", "PencilBeam", "PlanOptimization",
                "PlanEvaluation", "BeamCommissioning", "CaseFiles", "BeamOptics", "DeliveryControl",
                "DeliverySimulation", "DeliveryLog",
            ].map { .product(name: $0, package: "Kasane") },
            path: "Sources/KasaneBenchmarks",
            swiftSettings: [
                .treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility"),
            ]),
        // Histories and nothing else, for scripts/count-runtime-calls.
        .executableTarget(
            name: "kasane-histories",
            dependencies: ["Quantities", "Frames", "Volumes", "IonPhysics", "IonTransport"].map {
                .product(name: $0, package: "Kasane")
            },
            path: "Sources/KasaneHistories",
            swiftSettings: [
                .treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
