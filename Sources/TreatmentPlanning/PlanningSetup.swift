import BeamData
import CaseFiles
import FacilityModel
import Foundation
import PatientModel
import PencilBeam
import PlanModel
import Quantities

/// Everything that a plan file names, found and read.
public struct PlanningSetup: Sendable {
    public var request: PlanRequest
    /// Text of the plan file.
    public var requestText: String
    /// Absolute path of the folder the images come from.
    public var dicomFolder: String
    public var machine: MachineDescription
    public var conversion: HounsfieldConversion
    public var beamData: BeamDataSet
    /// Files and folders that go in, with their SHA-256.
    public var sources: [Provenance.Source]

    /// Distance of depth samples in the tables of single energies, mm of water.
    public static let depthStepMM = 0.25

    /// Reads the plan file, its machine, calibration and beam data; not yet the images.
    ///
    /// - Parameters:
    ///   - planFile: Path of the plan file.
    ///   - planText: Its text, if it was read already (from a case folder).
    ///   - dicomFolder: Takes the place of the folder that the plan file names.
    ///   - data: The data folder.
    /// - Throws: `InvalidFile`, `DataStoreError`, `BeamDataError`.
    public init(
        planFile: String, planText: String? = nil, dicomFolder: String? = nil, data: DataStore
    ) throws {
        let text = try planText ?? TextFile.read(planFile)
        let request = try PlanFile.read(text: text, file: planFile)
        let base = URL(fileURLWithPath: planFile).deletingLastPathComponent()
        func resolved(_ path: String) -> String {
            URL(fileURLWithPath: path, relativeTo: base).standardizedFileURL.path
        }
        let machinePath = try data.machinePath(request.machine, relativeTo: base.path)
        machine = try MachineFile.read(path: machinePath, store: data)
        let findings = request.findings(machine: machine.machine)
        guard findings.isEmpty else { throw InvalidFile(file: planFile, findings: findings) }
        var files = [
            (PlanCase.planFileRole, URL(fileURLWithPath: planFile).standardizedFileURL.path),
            ("machine \(machine.machine.name)", machinePath),
        ]
        for (index, file) in (machine.base?.files ?? []).enumerated() {
            files.append(("base \(index + 1) of machine \(machine.machine.name)", file))
        }
        switch request.calibration {
        case .schneider: conversion = .schneider
        case .file(let name):
            let path = resolved(name)
            conversion = try CalibrationFile.read(path: path)
            files.append(("CT calibration", path))
        }
        let beamPath = data.path(
            "beam/\(BeamDataStore.folder(of: machine.machine.ion))/\(BeamDataStore.fileName)")
        beamData = try BeamDataStore.read(path: beamPath)
        files.append(("beam data", beamPath))
        self.request = request
        requestText = text
        self.dicomFolder =
            dicomFolder.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
            ?? resolved(request.patient.folder)
        files.append((PlanCase.imagesRole, self.dicomFolder))
        sources = try files.map { role, path in
            guard planText == nil || role != PlanCase.planFileRole else {
                return Provenance.Source(role: role, path: path, sha256: SHA256.digest(Array(text.utf8)))
            }
            return try Provenance.Source.digesting(role: role, path: path)
        }
    }

    /// Reads the images and puts together what the planner needs.
    public func planningInput(threads: Int) throws -> PlanningInput {
        let patient = try PatientImport(
            folder: dicomFolder, ctSeriesUID: request.patient.ctSeriesUID,
            structureSetUID: request.patient.structureSetUID)
        return PlanningInput(
            request: request, patient: patient, machine: machine.machine, conversion: conversion,
            depthTables: depthTables(), threads: threads)
    }

    /// Depth tables of every port, with its energy spread and ridge filter.
    public func depthTables() -> [String: DepthTableCache] {
        DepthTableCache.tables(of: machine.machine, beamData: beamData)
    }
}

extension DepthTableCache {
    /// Depth tables of every port of a machine, with its energy spread and ridge filter, by port.
    public static func tables(of machine: Machine, beamData set: BeamDataSet) -> [String: DepthTableCache] {
        let scanned = machine.ports.map {
            ($0.id, $0.nozzle.relativeEnergySpread, $0.nozzle.ridgeFilterSigmaMM)
        }
        // The ridge filter of a passive nozzle is part of its engine.
        let passive = machine.passivePorts.map { ($0.id, $0.nozzle.spreading.relativeEnergySpread, 0.0) }
        return Dictionary(
            uniqueKeysWithValues: (scanned + passive).map { id, spread, ridge in
                let cache = DepthTableCache { energy in
                    try set.depthTable(
                        energyMeVPerNucleon: energy.value, relativeEnergySpread: spread,
                        ridgeFilterSigmaMM: ridge, stepMM: PlanningSetup.depthStepMM)
                }
                return (id, cache)
            })
    }
}
