import BeamOptics
import CaseFiles
import Quantities
import TestSupport
import Testing

@Suite struct MADXSequenceTests {
    static func reference() throws -> ReferenceParticle {
        try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 400)
    }

    /// Half of a cell in the manner of the ring of PIMMS: deferred expressions, elements made after others, comments.
    static let text = """
        ! a comment
        // another; with a semicolon
        l.q = 2*0.175; /* over
        two lines */
        kf := 0.3 + kmore/2; kmore = 0.1;
        QF: QUADRUPOLE, L=l.q, K1:=kf;
        QG: QF, K1:=-kf;
        MB: SBEND, L=1.661, ANGLE=pi/8, E1=pi/16, E2=pi/16;
        RB: RBEND, L=1.0, ANGLE=0.2;
        X: SEXTUPOLE, L=0.2, K2:=kx;
        M: MULTIPOLE, knl={0, 0.1, 3};
        C: RFCAVITY, L=0.1, VOLT=0.002, HARMON=2, LAG=0.25, no_cavity_totalpath;
        BEAM, PARTICLE=proton;
        RING: SEQUENCE, REFER=centre, L=10;
          QF, AT=1;
          MB, AT=3;
          one: QG, AT=5;
          RB, AT=6.5;
          X, AT=8; M, AT=8.5; C, AT=9;
          H: HKICKER, L=0.2, KICK=1e-3, AT=9.5;
        ENDSEQUENCE;
        USE, SEQUENCE=RING;
        """

    @Test func elementsAndExpressionsAreUnderstood() throws {
        let read = try MADXSequence.read(
            Self.text, file: "r.seq", strengths: ["kx": 4], reference: Self.reference())
        let lattice = read.lattice
        #expect(read.sequences == ["RING"] && read.ignored.count == 2)
        expectClose(lattice.lengthM, 10, absolute: 1e-9, because: "L of the sequence")
        let qf = lattice.elements[try lattice.index(of: "QF")]
        #expect(qf.kind == .quadrupole(k1: 0.35) && qf.family == "kf" && qf.lengthM == 0.35)
        #expect(lattice.elements[try lattice.index(of: "one")].kind == .quadrupole(k1: -0.35))
        guard case .bend(let rb) = lattice.elements[try lattice.index(of: "RB")].kind else {
            Issue.record("no bend")
            return
        }
        expectClose(rb.entranceEdgeRad, 0.1, absolute: 1e-12, because: "half of the angle")
        expectClose(
            lattice.elements[try lattice.index(of: "RB")].lengthM, 0.1 / 0.09983341664682815, relative: 1e-9,
            because: "arc over chord")
        #expect(lattice.elements[try lattice.index(of: "X")].kind == .sextupole(k2: 4))
        #expect(lattice.elements[try lattice.index(of: "M")].kind == .multipole(k1l: 0.1, k2l: 3))
        #expect(
            lattice.elements[try lattice.index(of: "H")].kind == .kicker(horizontalRad: 1e-3, verticalRad: 0))
    }

    @Test(arguments: [
        ("K1:=kf", "K1:=kunknown", "kunknown"), ("QF, AT=1", "QQ, AT=1", "qq"), ("AT=3", "AT=1.2", "before"),
        ("MULTIPOLE, knl={0, 0.1, 3}", "MULTIPOLE, knl={0, 0.1, 3, 5}", "multipole"),
        ("kmore = 0.1", "kmore := kf", "itself"),
        ("RB, AT=6.5", "RB", "AT"), ("l.q = 2*0.175", "l.q = 2*(0.175", "expression"),
        ("AT=9.5", "AT=10.5", "behind"),
        ("MB: SBEND", "MB: SOLENOID, KS=1", "solenoid"),
    ])
    func whatIsWrongIsNamed(good: String, bad: String, word: String) throws {
        let text = Self.text.replacing(good, with: bad)
        #expect(text != Self.text)
        let error = #expect(throws: InvalidFile.self) {
            try MADXSequence.read(text, file: "r.seq", strengths: ["kx": 4], reference: Self.reference())
        }
        let message = String(describing: try #require(error))
        #expect(message.contains("r.seq") && message.contains(word), "\(message)")
    }

    @Test func strengthsWithoutAValueAreAskedFor() throws {
        let error = #expect(throws: InvalidFile.self) {
            try MADXSequence.read(Self.text, file: "r.seq", reference: Self.reference())
        }
        #expect(String(describing: try #require(error)).contains("--set kx="))
    }
}
