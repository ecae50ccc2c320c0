import Frames
import Volumes

extension MaterialImages {
    /// What happened when the images were made; for findings and the report.
    public struct Summary: Hashable, Sendable {
        /// CT numbers found inside the external contour, after overrides by CT number.
        public var hounsfieldInside: ClosedRange<Int>
        /// Voxels inside the external contour that the conversion took for titanium or beyond (2995 HU and more).
        public var titaniumVoxelCount: Int
        /// Voxels set by each override, in its order, after later ones took theirs.
        public var overriddenVoxelCounts: [Int]
        /// Voxels that two overrides claimed; the later one has them.
        public var contestedVoxelCount: Int
    }

    /// Stopping, scattering and nuclear ratios of a CT.
    ///
    /// Order: first the CT numbers; then everything with less than half its volume in the external contour
    /// becomes air (unless `outside` says as imaged); then the overrides in their order, each on voxels with at
    /// least half their volume in its structure. Where overrides overlap, the later one holds and the summary counts
    /// the voxels. An override outside the external contour holds too (for a bolus, say).
    ///
    /// - Parameters:
    ///   - ct: The planning CT.
    ///   - conversion: From CT numbers to ratios.
    ///   - structures: Where the names of the overrides are looked up.
    ///   - external: Name of the external contour.
    /// - Throws: `MaterialImagesError` for every case it lists; nothing is clamped.
    ///
    /// ## Checked by
    /// `MaterialImagesTests`.
    public static func make(
        ct: CTImage, conversion: HounsfieldConversion, structures: StructureSet, external: String,
        outside: OutsideExternal = .air, overrides: [MaterialOverride] = []
    ) throws(MaterialImagesError) -> (images: MaterialImages, summary: Summary) {
        guard structures.frameOfReferenceUID == ct.geometry.frameOfReferenceUID else {
            throw .anotherFrameOfReference(
                image: ct.geometry.frameOfReferenceUID, structures: structures.frameOfReferenceUID)
        }
        let body = try mask(external, in: structures, on: ct.geometry, role: .external)
        let claims = try OverrideClaims(
            overrides: overrides, ct: ct, conversion: conversion, structures: structures)

        let count = ct.geometry.voxelCount
        var inside = [Bool](repeating: false, count: count)
        for (index, share) in zip(body.indices, body.shares) where share >= 0.5 {
            inside[Int(index)] = true
        }
        var stopping = [Float](repeating: 0, count: count)
        var scattering = stopping
        var nuclear = stopping
        let table = ConversionTable(conversion)
        let air = RelativeProperties.air
        var (lowest, highest, titanium) = (Int.max, Int.min, 0)
        for i in 0..<count {
            let properties: RelativeProperties
            let claim = claims.claim(of: i)
            if claim == 0 {
                if !inside[i] && outside == .air {
                    properties = air
                } else {
                    let hounsfield = Int(ct.hounsfield.values[i])
                    guard let found = table.properties(hounsfield) else {
                        throw .outsideCurve(
                            conversion: conversion.name, hounsfield: hounsfield,
                            domain: conversion.domain,
                            at: ct.geometry.position(ofVoxel: i))
                    }
                    properties = found
                    if inside[i] {
                        lowest = min(lowest, hounsfield)
                        highest = max(highest, hounsfield)
                        if hounsfield >= SchneiderTissues.titaniumHounsfield { titanium += 1 }
                    }
                }
            } else {
                properties = claims.properties[claim - 1]
            }
            stopping[i] = Float(properties.stopping)
            scattering[i] = Float(properties.scattering)
            nuclear[i] = Float(properties.nuclear)
        }
        let images = MaterialImages(
            stoppingPowerRatio: Volume(geometry: ct.geometry, values: stopping),
            scatteringRatio: Volume(geometry: ct.geometry, values: scattering),
            nuclearRatio: Volume(geometry: ct.geometry, values: nuclear))
        let summary = Summary(
            hounsfieldInside: lowest <= highest ? lowest...highest : 0...0,
            titaniumVoxelCount: titanium, overriddenVoxelCounts: claims.counts,
            contestedVoxelCount: claims.contested)
        return (images, summary)
    }

    /// Stopping, scattering and nuclear ratios of a CT as imaged, without any contour.
    ///
    /// - Throws: `outsideCurve`.
    public static func asImaged(
        _ hounsfield: Volume<Int16>, conversion: HounsfieldConversion
    ) throws(MaterialImagesError) -> MaterialImages {
        let geometry = hounsfield.geometry
        let table = ConversionTable(conversion)
        var stopping = [Float](repeating: 0, count: geometry.voxelCount)
        var (scattering, nuclear) = (stopping, stopping)
        for i in 0..<geometry.voxelCount {
            let value = Int(hounsfield.values[i])
            guard let properties = table.properties(value) else {
                throw .outsideCurve(
                    conversion: conversion.name, hounsfield: value, domain: conversion.domain,
                    at: geometry.position(ofVoxel: i))
            }
            stopping[i] = Float(properties.stopping)
            scattering[i] = Float(properties.scattering)
            nuclear[i] = Float(properties.nuclear)
        }
        return MaterialImages(
            stoppingPowerRatio: Volume(geometry: geometry, values: stopping),
            scatteringRatio: Volume(geometry: geometry, values: scattering),
            nuclearRatio: Volume(geometry: geometry, values: nuclear))
    }

    fileprivate static func mask(
        _ name: String, in structures: StructureSet, on geometry: VolumeGeometry,
        role: MaterialImagesError.Role
    ) throws(MaterialImagesError) -> StructureMask {
        guard let structure = structures.structure(named: name) else {
            throw .noSuchStructure(
                name, role: role, existing: structures.structures.map(\.name))
        }
        do {
            return try StructureMask.rasterise(structure, on: geometry)
        } catch {
            throw .mask(error)
        }
    }
}

/// The conversion as a flat table over all 16-bit CT numbers, for the voxel loop.
private struct ConversionTable {
    private let lower: Int
    private let values: [RelativeProperties]

    init(_ conversion: HounsfieldConversion) {
        lower = conversion.domain.lowerBound
        values = conversion.domain.compactMap { conversion.properties(hounsfield: $0) }
    }

    @inline(__always) func properties(_ hounsfield: Int) -> RelativeProperties? {
        let i = hounsfield - lower
        return i >= 0 && i < values.count ? values[i] : nil
    }
}

/// Which override holds in each voxel.
private struct OverrideClaims {
    /// Properties of each override.
    private(set) var properties: [RelativeProperties] = []
    private(set) var counts: [Int]
    private(set) var contested = 0
    /// Number of the override from 1, 0 for none; empty without overrides.
    private var claims: [UInt8]

    init(
        overrides: [MaterialOverride], ct: CTImage, conversion: HounsfieldConversion,
        structures: StructureSet
    ) throws(MaterialImagesError) {
        counts = Array(repeating: 0, count: overrides.count)
        claims = overrides.isEmpty ? [] : Array(repeating: 0, count: ct.geometry.voxelCount)
        guard overrides.count < 256 else { throw .tooManyOverrides(overrides.count) }
        for (number, item) in overrides.enumerated() {
            switch item.replacement {
            case .water: properties.append(.water)
            case .air: properties.append(.air)
            case .hounsfield(let hounsfield):
                guard let found = conversion.properties(hounsfield: hounsfield) else {
                    throw .overrideOutsideCurve(
                        item.structureName, hounsfield: hounsfield, domain: conversion.domain)
                }
                properties.append(found)
            }
            let mask = try MaterialImages.mask(
                item.structureName, in: structures, on: ct.geometry, role: .override)
            for (index, share) in zip(mask.indices, mask.shares) where share >= 0.5 {
                let previous = Int(claims[Int(index)])
                if previous != 0 {
                    counts[previous - 1] -= 1
                    contested += 1
                }
                claims[Int(index)] = UInt8(number + 1)
                counts[number] += 1
            }
        }
    }

    @inline(__always) func claim(of voxel: Int) -> Int {
        claims.isEmpty ? 0 : Int(claims[voxel])
    }
}

extension VolumeGeometry {
    fileprivate func position(ofVoxel index: Int) -> Point3<DICOMPatient> {
        let v = voxel(at: index)
        return centre(v.x, v.y, v.z)
    }
}
