import Quantities

/// What every port has, whatever its nozzle: a place, a direction and a couch.
public protocol BeamPort: Sendable {
    var id: String { get }
    var room: String { get }
    var direction: Port.Direction { get }
    var patientSupportAngles: ClosedRange<AngleDegrees> { get }
}

extension BeamPort {
    /// Gantry angles closer than this to what a port gives are taken as given, degrees.
    public static var angleToleranceDegrees: Double { 0.05 }

    /// Whether the port can irradiate at an IEC gantry angle; angles are the same modulo 360°.
    ///
    /// ## Checked by
    /// `PortAngleTests`.
    public func allows(gantryAngle angle: AngleDegrees) -> Bool {
        switch direction {
        case .fixed(let fixed): Self.contains(angle, in: fixed...fixed)
        case .rotating(let range): Self.contains(angle, in: range)
        }
    }

    /// Whether the couch can take a patient support angle; angles are the same modulo 360°.
    public func allows(patientSupportAngle angle: AngleDegrees) -> Bool {
        Self.contains(angle, in: patientSupportAngles)
    }

    private static func contains(_ angle: AngleDegrees, in range: ClosedRange<AngleDegrees>) -> Bool {
        guard angle.value.isFinite else { return false }
        let turned = angle.value.truncatingRemainder(dividingBy: 360)
        return [-360.0, 0, 360].contains { turn in
            turned + turn >= range.lowerBound.value - angleToleranceDegrees
                && turned + turn <= range.upperBound.value + angleToleranceDegrees
        }
    }

    /// The angles in words, for example `90°` or `−180° to 180°`.
    public var directionText: String {
        switch direction {
        case .fixed(let angle): "\(Self.short(angle.value))°"
        case .rotating(let range):
            "\(Self.short(range.lowerBound.value))° to \(Self.short(range.upperBound.value))°"
        }
    }

    private static func short(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
