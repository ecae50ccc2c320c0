#if canImport(Glibc)
    import Glibc
#endif

extension BeamLineMap {
    /// One elementary map with its constants.
    struct Step: Sendable {
        enum Action: Sendable {
            case drift(Double)
            case bend(BendBody)
            /// Linear edge: px += h x, py −= v y.
            case edge(horizontal: Double, vertical: Double)
            case pole(PoleFace)
            case quadrupole(QuadrupoleBody)
            /// Normal multipole kick: dipole, quadrupole, sextupole, integrated.
            case kick(horizontal: Double, vertical: Double, k1l: Double, k2l: Double)
            case cavity(CavityKick)
            case septum(LatticeElement.Septum)
            case exciter
        }
        var action: Action
        /// Element it belongs to.
        var element: Int32
        var aperture: LatticeElement.Aperture?

        @inline(__always) func apply<Number: OpticsNumber>(
            _ p: inout BeamCoordinates<Number>, _ reference: ReferenceParticle
        ) {
            switch action {
            case .drift(let length): Drift.apply(&p, length)
            case .bend(let body): body.apply(&p)
            case .edge(let horizontal, let vertical):
                p.px = p.px + horizontal * p.x
                p.py = p.py - vertical * p.y
            case .pole(let face): face.apply(&p)
            case .quadrupole(let body): body.apply(&p)
            case .kick(let horizontal, let vertical, let k1l, let k2l):
                p.px = p.px - k1l * p.x - (0.5 * k2l) * (p.x * p.x - p.y * p.y) + horizontal
                p.py = p.py + k1l * p.y + k2l * (p.x * p.y) + vertical
            case .cavity(let kick): kick.apply(&p, reference)
            case .septum, .exciter: break
            }
        }

        /// Appends the steps of one element.
        static func append(
            _ element: LatticeElement, index: Int, reference: ReferenceParticle, ringLengthM: Double,
            edges: Edges,
            slices: Int, to steps: inout [Step]
        ) {
            func add(_ action: Action, isFirst: Bool = false) {
                steps.append(
                    Step(action: action, element: Int32(index), aperture: isFirst ? element.aperture : nil))
            }
            let length = element.lengthM
            func thin(_ action: Action) {
                if length > 0 { add(.drift(0.5 * length), isFirst: true) }
                add(action, isFirst: length == 0)
                if length > 0 { add(.drift(0.5 * length)) }
            }
            switch element.kind {
            case .drift:
                if length > 0 || element.aperture != nil { add(.drift(length), isFirst: true) }
            case .bend(let bend): appendBend(bend, length: length, edges: edges, slices: slices, add: add)
            case .quadrupole(let k1):
                if k1 == 0 {
                    add(.drift(length), isFirst: true)
                } else {
                    add(.quadrupole(QuadrupoleBody(lengthM: length, k1: k1)), isFirst: true)
                }
            case .sextupole(let k2):
                if k2 == 0 {
                    add(.drift(length), isFirst: true)
                } else {
                    appendFourthOrder(slices: slices, add: add) { share in
                        .drift(share * length)
                    } kick: { share in
                        .kick(horizontal: 0, vertical: 0, k1l: 0, k2l: share * k2 * length)
                    }
                }
            case .multipole(let k1l, let k2l): thin(.kick(horizontal: 0, vertical: 0, k1l: k1l, k2l: k2l))
            case .kicker(let horizontal, let vertical):
                thin(.kick(horizontal: horizontal, vertical: vertical, k1l: 0, k2l: 0))
            case .cavity(let voltage, let harmonic, let lag):
                thin(
                    .cavity(
                        CavityKick(
                            relativeVoltage: voltage * Double(reference.chargeState)
                                / reference.totalEnergyMeV,
                            wavenumber: 2 * .pi * Double(harmonic) / ringLengthM, lagRad: lag)))
            case .septum(let septum):
                thin(.septum(septum))
            case .exciter: thin(.exciter)
            }
        }

        private static func appendBend(
            _ bend: LatticeElement.Bend, length: Double, edges: Edges, slices: Int,
            add: (Action, Bool) -> Void
        ) {
            let curvature = bend.angleRad / length
            func edge(_ angle: Double, isEntrance: Bool) -> Action {
                switch edges {
                case .linear:
                    // MAD's correction of the vertical focusing for the fringe field's extent.
                    let correction =
                        2 * curvature * bend.halfGapM * bend.fringeIntegral * (1 + sin(angle) * sin(angle))
                        / cos(angle)
                    return .edge(
                        horizontal: curvature * tan(angle), vertical: curvature * tan(angle - correction))
                case .exact:
                    return .pole(PoleFace(angleRad: angle, curvature: curvature, isEntrance: isEntrance))
                }
            }
            add(edge(bend.entranceEdgeRad, isEntrance: true), true)
            if bend.k1 == 0 {
                add(.bend(BendBody(lengthM: length, angleRad: bend.angleRad)), false)
            } else {
                appendFourthOrder(slices: slices, add: add) { share in
                    .bend(BendBody(lengthM: share * length, angleRad: share * bend.angleRad))
                } kick: { share in
                    .kick(horizontal: 0, vertical: 0, k1l: share * bend.k1 * length, k2l: 0)
                }
            }
            add(edge(bend.exitEdgeRad, isEntrance: false), false)
        }

        /// Suzuki's fourth-order composition of drifts and kicks, with shares of the whole length: five symmetric steps with shares p, p, 1 − 4p, p, p,
        /// p = 1/(4 − ∛4), which leaves a thirtieth of the error of three.
        private static func appendFourthOrder(
            slices: Int, add: (Action, Bool) -> Void, drift: (Double) -> Action, kick: (Double) -> Action
        ) {
            let outer = 1 / (4 - cbrt(4.0))
            let shares = (0..<slices).flatMap { _ in
                [outer, outer, 1 - 4 * outer, outer, outer].map { $0 / Double(slices) }
            }
            var before = 0.0
            for (index, share) in shares.enumerated() {
                add(drift(0.5 * (before + share)), index == 0)
                add(kick(share), false)
                before = share
            }
            add(drift(0.5 * before), false)
        }
    }
}
