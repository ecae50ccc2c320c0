#if canImport(Glibc)
    import Glibc
#endif

/// Where an ion is in its slowing down.
struct IonState {
    var energyMeVPerNucleon: Double
    var logEnergy: Double
    /// Residual CSDA range in water, mm.
    var rangeMM: Double
    /// d ln R/d ln E.
    var slope: Double
    var node: RangeLookup.Node
}

/// The step that all stepping kernels share; equations of docs/theory/transport.md.
extension RangeLookup {
    @inline(__always) func state(
        _ table: UnsafePointer<Double>, energyMeVPerNucleon energy: Double
    ) -> IonState {
        let logEnergy = log(energy)
        let node = node(logEnergy)
        let (logR, slope) = logRange(table, node)
        return IonState(
            energyMeVPerNucleon: energy, logEnergy: logEnergy, rangeMM: exp(logR), slope: slope, node: node)
    }

    /// Slowing down over a path of water with range straggling (T1)...(T4), the variance times `straggling`.
    ///
    /// - Returns: The state behind the path, and where the mean would be.
    @inline(__always) func slowed(
        _ table: UnsafePointer<Double>, _ from: IonState, pathMM path: Double, straggling: Double,
        random: inout RandomStream
    ) -> (state: IonState, mean: Node) {
        let meanRange = max(from.rangeMM - path, 1e-9)
        let meanLogEnergy = from.logEnergy + log(meanRange / from.rangeMM) / from.slope
        let mean = node(meanLogEnergy)
        let variance = max(0, linear(table, from.node, 2) - linear(table, mean, 2)) * straggling
        let least = -min(0.9 * path, 0.9 * meanRange)
        let range = meanRange + min(max(variance.squareRoot() * random.normal(), least), 0.9 * path)
        let here = logRange(table, mean)
        let logEnergy = meanLogEnergy + (log(range) - here.value) / here.slope
        let node = node(logEnergy)
        return (
            IonState(
                energyMeVPerNucleon: exp(logEnergy), logEnergy: logEnergy,
                rangeMM: range, slope: logRange(table, node).slope, node: node), mean
        )
    }

    /// Variance of the projected angle that comes in between two energies in water (T5).
    @inline(__always) func scattering(
        _ table: UnsafePointer<Double>, from: Node, to: Node
    ) -> Double { max(0, linear(table, from, 3) - linear(table, to, 3)) }
}

extension TrackState {
    /// Flies a step that turns by two Gaussian angles of standard deviation `sigma` at a random place (T6), (T7).
    @inline(__always) mutating func fly(_ step: Double, turning sigma: Double, random: inout RandomStream) {
        let hinge = step * random.uniform()
        advance(hinge)
        direction = direction.kicked(sigma * random.normal(), sigma * random.normal())
        advance(step - hinge)
    }

    /// Moves straight on.
    @inline(__always) mutating func advance(_ way: Double) {
        x += way * direction.x
        y += way * direction.y
        z += way * direction.z
    }
}
