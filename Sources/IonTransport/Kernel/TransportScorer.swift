/// A straight piece of a charged particle's path inside one place, with continuous loss of energy.
struct TransportStep {
    /// At the beginning: position, direction (the same all along), energy, species, generation.
    let start: TrackState
    /// At the end.
    let end: TrackState
    /// mm.
    let lengthMM: Double
    /// Energy deposited, of the whole particle, MeV; not negative.
    let depositMeV: Double
    /// Residual ranges in unit-density water at both ends, mm: (T1).
    let startRangeMM: Double
    let endRangeMM: Double
    /// Ratio of the mass stopping powers of the place's material and water.
    let stoppingRatio: Double
    let inverseStoppingRatio: Double

    /// What water in the place of the material would have received, MeV.
    @inline(__always) var waterMeV: Double { depositMeV * inverseStoppingRatio }

    /// The residual range at which a response is what it is on average over the energy deposited in this step.
    @inline(__always) var responseRangeMM: Double {
        Self.responseRangeMM(from: startRangeMM, to: endRangeMM)
    }

    /// The same for a part of a step: with R the mean of both ranges and Δ their difference R − 0.095 Δ²/R, which is right
    /// to the order Δ⁴ for E ∝ R^0.57 and a response that goes as R^−0.43, as the stopping power does; other powers between
    /// 0 and −1 want 0.08 to 0.12.
    @inline(__always) static func responseRangeMM(from start: Double, to end: Double) -> Double {
        let mean = 0.5 * (start + end)
        let difference = start - end
        return mean - 0.095 * difference * difference / mean
    }
}

/// Energy that is deposited at a point.
struct LocalDeposit {
    enum Kind {
        /// The rest of the range of an ion that stops.
        case restOfRange
        /// A nucleus made in a reaction that is not followed: heavy target fragments.
        case recoil
    }
    let kind: Kind
    /// Position; for the rest of a range also species and energy. For a recoil the particle that made it.
    let at: TrackState
    /// MeV.
    let energyMeV: Double
    let chargeNumber: Int
    let massNumber: Int
    /// 0 if it is a primary's.
    let generation: Int32
    /// Residual range in unit-density water, mm; 0 for a recoil.
    let rangeMM: Double
    /// Ratio of the mass stopping powers of the place's material and water.
    let stoppingRatio: Double
}

/// What adds up along the way: told by `TransportKernel` of all that happens.
///
/// A scorer may have a grid of its own: a step comes with both ends. It is a struct of numbers and pointers into memory that its
/// owner keeps alive; the kernel is compiled for it, nothing is allocated or counted by reference per history.
protocol TransportScorer {
    associatedtype Place
    /// A stopping ion may deposit its rest at a point if its range is shorter than this, mm, and it cannot leave its
    /// place: `.infinity` if only the place counts, 0 never (except below the stop range).
    var localRangeMM: Double { get }

    /// A primary comes in: once for each history.
    mutating func enter(_ p: TrackState)
    /// The kernel begins to follow a particle: a primary or one made in a reaction (neutrons too).
    mutating func begin(_ p: TrackState)
    /// A straight piece of path inside one place.
    mutating func step(_ step: TransportStep, in place: Place)
    /// A neutron flew straight inside one place; it deposits nothing.
    mutating func flight(from start: TrackState, to end: TrackState, in place: Place)
    /// Energy at a point.
    mutating func deposit(_ deposit: LocalDeposit, in place: Place)
    /// A reaction of `p` took place; `bindingMeV` is the rest energy made in it (may be negative).
    mutating func reaction(
        of p: TrackState, in place: Place, bindingMeV: Double, ejectiles: UnsafePointer<Ejectile>, count: Int)
    /// A particle left the geometry, or was outside from the beginning; ions and neutrons.
    mutating func escape(_ p: TrackState)
    /// A neutron too slow to be followed, or a particle beyond the capacity of the stack that cannot deposit.
    mutating func drop(neutronMeV: Double)
}

extension TransportScorer {
    /// Most scorers have nothing to do when a history begins.
    @inline(__always) mutating func enter(_ p: TrackState) {}
    /// Most scorers have nothing to do with neutrons.
    @inline(__always) mutating func flight(from start: TrackState, to end: TrackState, in place: Place) {}
}
