/// One particle under way, in the frame of the geometry that it is in.
struct TrackState {
    /// Position, mm.
    var x: Double
    var y: Double
    var z: Double
    var direction: Direction
    var energyMeVPerNucleon: Double
    /// Index into `TransportedSpecies.all`, or `TransportedSpecies.neutron`.
    var species: Int32
    /// 0 for a primary; one more for what a reaction makes.
    var generation: Int32
    /// What it comes from, through all generations.
    var origin = ParticleOrigin.primary
    /// T₀ of (T5a) at the energy with which the ion came in or was born, rad²/mm; 0 until it is followed.
    var firstScattering = 0.0

    /// Moves straight on.
    @inline(__always) mutating func advance(_ way: Double) {
        x += way * direction.x
        y += way * direction.y
        z += way * direction.z
    }
}
