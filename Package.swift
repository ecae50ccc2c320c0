// swift-tools-version: 6.2
// The layers are explained in docs/components/layers.md and checked by scripts/check-layers.
import PackageDescription

let common: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library module of the layers; `tests` adds `<name>Tests`.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: common)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        swiftSettings: common)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let foundations: [Target.Dependency] = ["Quantities", "Frames", "Volumes", "NumericKernels"]
let models: [Target.Dependency] =
    foundations + ["IonPhysics", "PatientModel", "PlanModel", "FacilityModel", "BeamData"]
let engines: [Target.Dependency] =
    models + [
        "IonTransport", "PencilBeam", "Radiobiology", "PlanOptimization", "PlanEvaluation",
        "BeamCommissioning", "MonteCarloDose", "PhantomTransport", "PassiveBeam",
    ]

/// L0 to L3 as library products: for the package Benchmarks, and for whoever builds on single engines.
let computation = [
    "Quantities", "Frames", "Volumes", "NumericKernels", "IonPhysics", "PatientModel", "PlanModel",
    "FacilityModel", "BeamData", "Radiobiology", "IonTransport", "PencilBeam", "PlanOptimization",
    "PlanEvaluation", "PassiveBeam", "BeamCommissioning", "MonteCarloDose", "PhantomTransport",
    "BeamOptics", "BeamTransport", "SlowExtraction", "AcceleratorModel", "FacilityThroughput",
    "DeliveryControl", "DeliverySimulation",
]

let dcmtkLibraries: [LinkerSetting] = [
    "dcmrt", "dcmjpeg", "dcmjpls", "dcmimage", "dcmimgle", "dcmdata", "oflog", "ofstd",
].map { .linkedLibrary($0) }

let package = Package(
    name: "Kasane",
    products: [.executable(name: "kasane", targets: ["kasane"])]
        + (computation + ["CaseFiles", "DeliveryLog"]).map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // L0
        module("Quantities"),
        module("Frames", ["Quantities"]),
        module("Volumes", ["Quantities", "Frames"]),
        module("NumericKernels"),
        // L1
        module("IonPhysics", foundations),
        module("PatientModel", foundations + ["IonPhysics"]),
        module("PlanModel", foundations),
        module("FacilityModel", foundations + ["IonPhysics"]),
        module("BeamData", foundations),
        // L2
        module("Radiobiology", foundations + ["IonPhysics"]),
        module("IonTransport", foundations + ["IonPhysics"]),
        module("BeamOptics", foundations + ["IonPhysics"]),
        module("BeamTransport", foundations + ["IonPhysics", "BeamOptics"]),
        module("SlowExtraction", foundations + ["IonPhysics", "BeamOptics"]),
        module("PencilBeam", models),
        module("PlanOptimization", models + ["PencilBeam", "Radiobiology"]),
        module("PlanEvaluation", models + ["Radiobiology"]),
        module("AcceleratorModel", foundations + ["IonPhysics", "FacilityModel"]),
        module("FacilityThroughput", foundations + ["FacilityModel"]),
        module("PassiveBeam", models + ["PencilBeam", "Radiobiology"]),
        // L3
        module("BeamCommissioning", models + ["IonTransport", "Radiobiology"]),
        module(
            "MonteCarloDose",
            models + ["IonTransport", "PencilBeam", "Radiobiology", "BeamCommissioning"]),
        module("PhantomTransport", foundations + ["IonPhysics", "IonTransport", "Radiobiology"]),
        module("DeliveryControl", foundations + ["PlanModel"]),
        module(
            "DeliverySimulation",
            foundations + ["IonPhysics", "PlanModel", "FacilityModel", "AcceleratorModel", "DeliveryControl"]),
        // L4
        .target(
            name: "CDCMTK", cxxSettings: [.unsafeFlags(["-Wno-everything"])],
            linkerSettings: dcmtkLibraries),
        module("DICOMFile", ["CDCMTK"]),
        module("DICOMRadiotherapy", models + ["DICOMFile", "DeliveryControl", logging]),
        module("DeliveryLog", foundations + ["DeliveryControl", "DeliverySimulation"]),
        module(
            "CaseFiles",
            models + [
                "IonTransport", "Radiobiology", "PhantomTransport", "BeamOptics", "BeamTransport",
                "AcceleratorModel", yams,
                logging,
            ]),
        module("ClusterJobs", models + ["IonTransport", "CaseFiles"]),
        // L5
        .systemLibrary(
            name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        module(
            "Reporting",
            models + [
                "PlanEvaluation", "Radiobiology", "BeamOptics", "BeamTransport", "SlowExtraction",
                "AcceleratorModel", "FacilityThroughput", "CPNG", logging,
            ]),
        module(
            "TreatmentPlanning",
            engines + [
                "DICOMFile", "DICOMRadiotherapy", "CaseFiles", "ClusterJobs", "Reporting", "AcceleratorModel",
                "DeliveryControl", "DeliverySimulation", logging,
            ]),
        module(
            "TreatmentDelivery",
            models + [
                "PlanEvaluation", "DICOMRadiotherapy", "CaseFiles", "AcceleratorModel", "DeliveryControl",
                "DeliverySimulation", "DeliveryLog", "Reporting", "TreatmentPlanning",
            ]),
        // L6
        .executableTarget(
            name: "kasane",
            dependencies: engines + [
                "BeamOptics", "BeamTransport", "SlowExtraction", "DICOMFile", "DICOMRadiotherapy",
                "CaseFiles", "ClusterJobs",
                "Reporting", "TreatmentPlanning", "AcceleratorModel", "FacilityThroughput",
                "DeliveryControl", "DeliverySimulation", "TreatmentDelivery",
                argumentParser, logging,
            ],
            swiftSettings: common),
        // Tests
        .target(
            name: "TestSupport", dependencies: foundations, path: "Tests/TestSupport",
            swiftSettings: common),
        tests("Quantities"),
        tests("Frames"),
        tests("Volumes", ["Frames"]),
        tests("NumericKernels"),
        tests("IonPhysics", foundations),
        tests("PatientModel", foundations + ["IonPhysics"]),
        tests("PlanModel", foundations),
        tests("FacilityModel", foundations + ["IonPhysics"]),
        tests("BeamData", foundations),
        tests("Radiobiology", foundations + ["IonPhysics"]),
        tests("BeamOptics", foundations + ["IonPhysics"]),
        tests("BeamTransport", foundations + ["IonPhysics", "BeamOptics"]),
        tests("SlowExtraction", foundations + ["IonPhysics", "BeamOptics"]),
        tests("IonTransport", foundations + ["IonPhysics"]),
        tests("PencilBeam", models + ["Radiobiology"]),
        tests("PlanOptimization", models + ["PencilBeam", "Radiobiology"]),
        tests("PlanEvaluation", models + ["Radiobiology"]),
        tests("AcceleratorModel", foundations + ["IonPhysics", "FacilityModel", "BeamOptics"]),
        tests("FacilityThroughput", foundations + ["FacilityModel"]),
        tests("PassiveBeam", models + ["PencilBeam", "Radiobiology"]),
        tests("BeamCommissioning", models + ["IonTransport", "Radiobiology"]),
        tests("MonteCarloDose", models + ["IonTransport", "PencilBeam"]),
        tests("PhantomTransport", foundations + ["IonPhysics", "IonTransport", "Radiobiology"]),
        tests("DeliveryControl", foundations + ["PlanModel"]),
        tests("DeliverySimulation", foundations + ["PlanModel", "DeliveryControl"]),
        tests("DICOMFile"),
        tests("DICOMRadiotherapy", models + ["DICOMFile", "DeliveryControl"]),
        .target(name: "DeliveryWitness", path: "Tests/DeliveryWitness", swiftSettings: common),
        .executableTarget(
            name: "delivery-exerciser",
            dependencies: foundations + [
                "PlanModel", "DeliveryControl", "DeliverySimulation", "DeliveryLog", "DeliveryWitness",
            ], path: "Tests/DeliveryExerciser", swiftSettings: common),
        tests(
            "DeliveryLog",
            foundations + [
                "PlanModel", "DeliveryControl", "DeliverySimulation", "DeliveryWitness", "delivery-exerciser",
            ]),
        tests(
            "CaseFiles",
            models + [
                "IonTransport", "PhantomTransport", "Radiobiology", "BeamOptics", "BeamTransport",
                "AcceleratorModel", "FacilityThroughput", "DeliverySimulation",
            ]),
        tests("ClusterJobs", models + ["IonTransport", "CaseFiles"]),
        tests(
            "TreatmentPlanning",
            models + [
                "PlanOptimization", "PlanEvaluation", "Radiobiology", "DICOMFile", "DICOMRadiotherapy",
                "CaseFiles", "PencilBeam", "PassiveBeam", "DeliveryControl", "DeliverySimulation",
            ]),
        tests(
            "Reporting",
            models + [
                "PlanEvaluation", "Radiobiology", "BeamOptics", "BeamTransport", "SlowExtraction",
                "AcceleratorModel", "FacilityThroughput", "CPNG",
            ]),
        .testTarget(
            name: "ValidationTests",
            dependencies: engines + [
                "DeliveryControl", "DeliverySimulation", "AcceleratorModel", "CaseFiles", "DICOMFile",
                "DICOMRadiotherapy", "TreatmentPlanning", "TestSupport",
            ], swiftSettings: common),
        .testTarget(
            name: "CommandLineTests",
            dependencies: models + [
                "kasane", "DICOMFile", "DICOMRadiotherapy", "CaseFiles", "DeliveryControl", "DeliveryLog",
                "TestSupport",
            ],
            swiftSettings: common),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
