import CaseFiles
import Foundation
import Frames
import IonTransport
import MonteCarloDose
import PatientModel
import PhantomTransport
import Volumes

extension TransportPhantom {
    /// The phantom that a transport file asks for; reads the CT if it is one.
    ///
    /// - Parameters:
    ///   - data: Value of `--data`, for a case folder.
    /// - Returns: With it the files that went in, for the provenance.
    /// - Throws: `InvalidFile` and what the readers throw.
    /// ## Checked by
    /// `TransportCommandTests`.
    public static func reading(
        _ choice: PhantomChoice, data: String?, threads: Int
    ) throws -> (phantom: TransportPhantom, sources: [Provenance.Source]) {
        guard case .ct(let ct) = choice else {
            guard case .solids(let solids) = choice else {
                preconditionFailure("a phantom is solids or a CT")
            }
            return (.solids(solids), [])
        }
        var files: [(role: String, path: String)] = []
        var conversion = HounsfieldConversion.schneider
        if case .file(let path) = ct.calibration {
            conversion = try CalibrationFile.read(path: path)
            files.append(("CT calibration", path))
        }
        let images: MaterialImages
        var grid: VolumeGeometry?
        switch ct.source {
        case .dicom(let folder, let series, let external, let set):
            files.append(("CT", folder))
            if let external {
                let patient = try PatientImport(
                    folder: folder, ctSeriesUID: series, structureSetUID: set)
                images = try MaterialImages.make(
                    ct: patient.ct, conversion: conversion, structures: patient.structures, external: external
                ).images
            } else {
                images = try MaterialImages.asImaged(
                    PatientImport.ct(folder: folder, ctSeriesUID: series).hounsfield, conversion: conversion)
            }
        case .metaImage(let path):
            files.append(("CT", path))
            images = try MaterialImages.asImaged(
                MetaImageFile.hounsfield(
                    FileContents.read(path), file: path, frameOfReferenceUID: ""), conversion: conversion)
        case .caseFolder(let folder):
            files.append(("case", folder))
            let opened = try OpenedCase(folder: folder, data: data, threads: threads)
            images = opened.planner.images
            grid = opened.planner.masks.grid
        }
        let whole = grid ?? images.geometry
        let phantom = try VoxelPhantom(
            images: images, grid: ct.spacingMM.map { whole.covered(spacingMM: $0.mm) } ?? whole)
        return (
            .voxels(phantom),
            try files.map { try Provenance.Source.digesting(role: $0.role, path: $0.path) }
        )
    }
}

/// Whole files.
private enum FileContents {
    static func read(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw InvalidFile(
                file: path, "the file cannot be read (\(error.localizedDescription)); check that it is there")
        }
    }
}

extension VolumeGeometry {
    /// A grid of other voxels over the same box, from the same lower corner; the last voxels may reach out of it.
    fileprivate func covered(spacingMM: SIMD3<Double>) -> VolumeGeometry {
        let extent = upperCorner.mm - lowerCorner.mm
        var counts = SIMD3<Int>(1, 1, 1)
        for axis in 0..<3 {
            counts[axis] = max(1, Int((extent[axis] / spacingMM[axis] - 1e-9).rounded(.up)))
        }
        return VolumeGeometry(
            dimensions: counts, origin: Point3(lowerCorner.mm + 0.5 * spacingMM), spacingMM: spacingMM,
            frameOfReferenceUID: frameOfReferenceUID)
    }
}
