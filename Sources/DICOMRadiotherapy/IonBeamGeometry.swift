import DICOMFile
import FacilityModel
import Frames
import PlanModel
import Quantities

/// An item of Ion Beam Sequence to be written.
protocol IonBeamItem {
    var field: Field { get }
    /// Particles of the field in one fraction, as the reader will add them up.
    var totalWeight: Double { get }
    /// Whether a value is longer than the 16-bit length of Explicit VR.
    var isTooLongForExplicit: Bool { get }
    func write(to beam: DICOMItem) throws(DICOMError)
}

/// What scanned and passive beams write alike.
enum IonBeamGeometry {
    /// Names, type and radiation of a beam.
    static func writeHead(
        of field: Field, plan: Plan, machine: Machine, compensators: Int, to beam: DICOMItem
    ) throws(DICOMError) {
        try beam.set(.institutionName, machine.facility)
        // The port has no element of its own in DICOM; a department is where the equipment stands.
        try beam.set(.institutionalDepartmentName, field.portID)
        try beam.set(.treatmentMachineName, machine.name)
        try beam.set(.primaryDosimeterUnit, "NP")
        try beam.set(.beamNumber, field.number)
        try beam.set(.beamName, field.name)
        try beam.set(.beamType, "STATIC")
        if plan.ion == .proton {
            try beam.set(.radiationType, "PROTON")
        } else {
            try beam.set(.radiationType, "ION")
            try beam.set(.radiationMassNumber, plan.ion.massNumber)
            try beam.set(.radiationAtomicNumber, plan.ion.atomicNumber)
            try beam.set(.radiationChargeState, plan.ion.atomicNumber)
        }
        try beam.set(.treatmentDeliveryType, "TREATMENT")
        try beam.set(.numberOfWedges, 0)
        try beam.set(.numberOfCompensators, compensators)
        try beam.set(.numberOfBoli, 0)
        try beam.set(.numberOfBlocks, 0)
    }

    /// Name of the beam that a layer is delivered with: ion and energy.
    static func tuneID(_ ion: Isotope, _ energy: Double) -> String {
        "\(ion)-\(DecimalString.text((energy * 100).rounded() / 100) ?? "")"
    }

    /// Angles, isocentre and table: constant, so at the first control point only.
    static func write(of field: Field, to point: DICOMItem) throws(DICOMError) {
        try point.set(.gantryAngle, decimal: field.gantryAngle.value)
        try point.set(.gantryRotationDirection, "NONE")
        try point.set(.beamLimitingDeviceAngle, decimal: 0)
        try point.set(.beamLimitingDeviceRotationDirection, "NONE")
        try point.set(.patientSupportAngle, decimal: field.patientSupportAngle.value)
        try point.set(.patientSupportRotationDirection, "NONE")
        // Where the table stands is known only after the patient has been set up.
        for tag in [
            DICOMTag.tableTopVerticalPosition, .tableTopLongitudinalPosition,
            .tableTopLateralPosition,
        ] {
            try point.setEmpty(tag)
        }
        try point.set(.tableTopPitchAngle, floats: [0])
        try point.set(.tableTopPitchRotationDirection, "NONE")
        try point.set(.tableTopRollAngle, floats: [0])
        try point.set(.tableTopRollRotationDirection, "NONE")
        try point.set(
            .isocenterPosition,
            decimals: [field.isocentre.x, field.isocentre.y, field.isocentre.z])
        try point.setEmpty(.snoutPosition)
    }
}
