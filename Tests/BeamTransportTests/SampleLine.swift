import BeamOptics
import BeamTransport
import Quantities

/// Short lines with known answers.
enum SampleLine {
    static func entry(
        emittance: SIMD2<Double> = [1e-6, 2e-6], scaling: [EntryBeam.Scaling] = [.damped, .constant],
        spread: Double = 0
    ) throws -> EntryBeam {
        try EntryBeam(
            reference: ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 430),
            optics: OpticsPoint(betaM: SIMD2(5, 3), alpha: SIMD2(0.4, -0.2)), emittanceMRad: emittance,
            scaling: scaling, momentumSpread: spread)
    }

    static func line(
        _ parts: [TransferLine.Part], entry: EntryBeam, isocentreX: TransferLine.Plane = .horizontal
    ) throws -> TransferLine {
        try TransferLine(
            name: "sample", entry: entry, matching: nil, isocentreX: isocentreX,
            sections: [.init(name: "one", turn: .fixed(0), parts: parts)])
    }

    static func drift(_ length: Double) -> TransferLine.Part {
        .element(LatticeElement(name: "drift", kind: .drift, lengthM: length))
    }

    static func scanner(_ axis: ScanningMagnet.Axis, _ length: Double = 0.4) -> TransferLine.Part {
        .scanner(
            ScanningMagnet(
                name: "scan-\(axis.rawValue)", axis: axis, lengthM: length, greatestFieldT: 0.3,
                greatestRateTPerS: 200))
    }
}
