import DICOMFile

/// Reads an RT Ion Beams Treatment Record of modulated scanning: which spots were delivered where and with how many particles.
///
/// ## Source
/// DICOM PS3.3 A.50, C.8.8.26.
/// ## Checked by
/// `TreatmentRecordTests`: round trip, records of others without indices, refusals.
public enum IonTreatmentRecordReader {
    /// Reads the file.
    ///
    /// - Parameter path: Of the record; exactly one beam, in particles.
    /// - Throws: `DICOMError`, `DICOMImportError`.
    public static func read(file path: String) throws -> ImportedTreatmentRecord {
        let file = try DICOMFile(reading: path)
        try file.require(sopClass: DICOMUID.rtIonBeamsTreatmentRecord)
        let dataset = file.dataset
        let unit = try dataset.requiredText(.primaryDosimeterUnit)
        guard unit == "NP" else {
            throw dataset.invalid(
                .primaryDosimeterUnit, value: unit, why: "only numbers of particles can be used",
                remedy: "convert the record with the calibration of its monitors")
        }
        let beams = try dataset.requiredItems(.treatmentSessionIonBeamSequence)
        guard let beam = beams.first, beams.count == 1 else {
            throw dataset.invalid(
                .treatmentSessionIonBeamSequence, value: "\(beams.count) beams",
                why: "one record of one beam is expected", remedy: "split the record")
        }
        let mode = try beam.requiredText(.scanMode)
        guard mode == "MODULATED" || mode == "MODULATED_SPEC" else {
            throw beam.invalid(
                .scanMode, value: mode, why: "it has no spots", remedy: "give a record of scanned beams")
        }
        let machine = try dataset.items(.treatmentMachineSequence).first?.text(.treatmentMachineName)
        return ImportedTreatmentRecord(
            file: path, instanceUID: try dataset.requiredText(.sopInstanceUID),
            planUID: try dataset.items(.referencedRTPlanSequence).first?.text(.referencedSOPInstanceUID),
            patientID: try dataset.text(.patientID) ?? "", fraction: try beam.integer(.currentFractionNumber),
            fieldNumber: try beam.requiredInteger(.referencedBeamNumber),
            fieldName: try beam.text(.beamName) ?? "", machineName: machine,
            specifiedParticles: try beam.number(.specifiedPrimaryMeterset),
            deliveredParticles: try beam.number(.deliveredPrimaryMeterset),
            deliveredBySecondary: try beam.number(.deliveredSecondaryMeterset),
            isContinuation: try beam.text(.treatmentDeliveryType) == "CONTINUATION",
            termination: try beam.requiredText(.treatmentTerminationStatus),
            verification: try beam.text(.treatmentVerificationStatus),
            interlocks: try beam.items(.interlockSequence).map { try $0.requiredText(.interlockDescription) },
            overrides: try beam.requiredItems(.ionControlPointDeliverySequence).flatMap { point in
                try point.items(.overrideSequence).map { try $0.text(.overrideReason) ?? "" }
            },
            layers: try layers(beam))
    }

    /// Control points that delivered something, or had positions to deliver to.
    private static func layers(_ beam: DICOMItem) throws -> [ImportedTreatmentRecord.Layer] {
        var layers: [ImportedTreatmentRecord.Layer] = []
        var energy: Double?
        for point in try beam.requiredItems(.ionControlPointDeliverySequence) {
            energy = try point.number(.nominalBeamEnergy) ?? energy
            let weights = try point.numbers(.scanSpotMetersetsDelivered) ?? []
            guard weights.contains(where: { $0 != 0 }) else { continue }
            guard let energy else {
                throw point.invalid(
                    .nominalBeamEnergy, value: "", why: "spots without an energy",
                    remedy: "export the record again")
            }
            let begin =
                try point.requiredText(.treatmentControlPointDate)
                + point.requiredText(.treatmentControlPointTime)
            layers.append(
                ImportedTreatmentRecord.Layer(
                    controlPoint: try point.requiredInteger(.referencedControlPointIndex),
                    energyMeVPerNucleon: energy, specifiedMeterset: try point.number(.specifiedMeterset),
                    deliveredMeterset: try point.requiredNumber(.deliveredMeterset), begin: begin,
                    spots: try spots(point, weights: weights)))
        }
        return layers
    }

    private static func spots(
        _ point: DICOMItem, weights: [Double]
    ) throws -> [ImportedTreatmentRecord.DeliveredSpot] {
        let map = try point.requiredNumbers(.scanSpotPositionMap, count: 2 * weights.count)
        let offsets = try point.numbers(.scanSpotTimeOffset)
        let given = try point.numbers(.scanSpotPrescribedIndices)
        for (tag, values) in [
            (DICOMTag.scanSpotTimeOffset, offsets), (.scanSpotPrescribedIndices, given),
        ] {
            if let values, values.count != weights.count {
                throw DICOMError.wrongValueCount(
                    point.location(tag), count: values.count, expected: "\(weights.count)")
            }
        }
        // Without indices the order of the plan was kept, unless the record says otherwise.
        if given == nil, try point.text(.scanSpotReordered) == "YES" {
            throw DICOMError.missingElement(point.location(.scanSpotPrescribedIndices))
        }
        if let bad = weights.first(where: { !($0 >= 0) }) {
            throw point.invalid(
                .scanSpotMetersetsDelivered, value: "\(bad)", why: "particles cannot be negative",
                remedy: "export the record again")
        }
        return try weights.indices.map { index in
            let prescribed = given.map { Int(exactly: $0[index]) ?? -1 } ?? index
            guard prescribed >= 0 else {
                throw point.invalid(
                    .scanSpotPrescribedIndices, value: "\(given?[index] ?? -1)",
                    why: "an index is a whole number from 0", remedy: "export the record again")
            }
            return ImportedTreatmentRecord.DeliveredSpot(
                prescribedIndex: prescribed, positionMM: SIMD2(map[2 * index], map[2 * index + 1]),
                particles: weights[index], offsetS: offsets.map { $0[index] * 1e-6 })
        }
    }
}
