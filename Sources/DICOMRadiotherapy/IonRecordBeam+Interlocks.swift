import DICOMFile
import DeliveryControl
import FacilityModel
import PlanModel
import Quantities

/// Interlocks and overrides of a session.
extension IonRecordBeam {
    func write(_ event: DeliveredSession.Event, to beam: DICOMItem) throws(DICOMError) {
        let item = try beam.append(.interlockSequence)
        try item.set(.interlockDateTime, clock.dateTime(event.time))
        let persons = event.persons.map(\.id).joined(separator: ", ")
        let outcome =
            event.reset.map { "reset by \(persons) at \(clock.dateTime($0))" } ?? "not reset in this session"
        try item.set(.interlockDescription, "\(event.interlock): \(outcome)")
        try item.set(.interlockOriginDescription, "delivery control")
        try code(
            item.append(.interlockCodeSequence), "INTERLOCK-\(event.interlock.rawValue)", "\(event.interlock)"
        )
        try code(
            item.append(.interlockResolutionCodeSequence), event.reset == nil ? "STANDING" : "RESET",
            event.reset == nil ? "Not reset in this session" : "Reset by a person with the right")
        if event.persons.isEmpty {
            try item.setEmpty(.interlockResolutionUserSequence)
        } else {
            for person in event.persons {
                let user = try item.append(.interlockResolutionUserSequence)
                try user.set(.institutionName, machine.facility)
                try code(
                    user.append(.personIdentificationCodeSequence), person.id.isEmpty ? "unnamed" : person.id,
                    "\(person.right)")
            }
        }
    }

    /// Differences of the set-up that were let stand since the layer before, at the control point that comes after them (PS3.3 C.8.8.26).
    func writeOverrides(
        until layer: DeliveredSession.Layer, isFirst: Bool, to point: DICOMItem
    ) throws(DICOMError) {
        let layers = record.delivered.layers
        let before = layers.last { $0.begin < layer.begin }?.begin
        for override in record.delivered.overrides
        where override.time <= layer.begin && (before.map { override.time > $0 } ?? true) {
            let item = try point.append(.overrideSequence)
            try item.set(
                .overrideParameterPointer,
                pointingTo: override.interlock == .patientIdentity
                    ? .patientID : .referencedSetupImageSequence)
            try item.set(.operatorsName, override.persons.map(\.id))
            try item.set(.overrideReason, "\(override.interlock): \(override.reason)")
        }
    }

    /// Codes of our own; Code Value holds 16 characters.
    func code(_ item: DICOMItem, _ value: String, _ meaning: String) throws(DICOMError) {
        try item.set(.codeValue, String(value.prefix(16)))
        try item.set(.codingSchemeDesignator, "99KASANE")
        try item.set(.codeMeaning, String(meaning.prefix(64)))
    }
}
