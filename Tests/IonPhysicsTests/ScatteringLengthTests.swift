import Glibc
import IonPhysics
import TestSupport
import Testing

@Suite struct ScatteringLengthTests {
    /// Water has 46.88 g/cm²: Gottschalk, Med. Phys. 37 (2010) 352.
    @Test func waterHasThePublishedLength() {
        expectClose(
            1 / ScatteringLength.inversePerMassCM2PerG(.water), 46.88, relative: 0.002, because: "published")
    }

    /// Highland's formula for plates of equal proton energy loss, 200 MeV: 1 g/cm² of water, 1.91 of lead.
    @Test func leadScattersAsByHighland() {
        func highland(_ thickness: Double, _ radiationLength: Double) -> Double {
            let x = thickness / radiationLength
            let factor = 1 + 0.038 * log(x)
            return x * factor * factor
        }
        let lead = 1.91
        let ratio =
            lead * ScatteringLength.inversePerMassCM2PerG(.lead)
            / ScatteringLength.inversePerMassCM2PerG(.water)
        expectClose(
            ratio, highland(lead, 6.37) / highland(1, 36.08), relative: 0.05,
            because: "Highland's own accuracy; ratios of radiation lengths would give 20 % less")
    }
}
