/// Energy and momentum of one particle, MeV.
@frozen
public struct FourVector: Sendable, Hashable {
    public var energy: Double
    public var x: Double
    public var y: Double
    public var z: Double

    @inlinable public init(energy: Double, x: Double = 0, y: Double = 0, z: Double = 0) {
        self.energy = energy
        self.x = x
        self.y = y
        self.z = z
    }

    @inlinable public static func + (a: Self, b: Self) -> Self {
        FourVector(energy: a.energy + b.energy, x: a.x + b.x, y: a.y + b.y, z: a.z + b.z)
    }

    @inlinable public static func - (a: Self, b: Self) -> Self {
        FourVector(energy: a.energy - b.energy, x: a.x - b.x, y: a.y - b.y, z: a.z - b.z)
    }

    /// Momentum squared, MeV².
    @inlinable public var momentumSquared: Double { x * x + y * y + z * z }
    /// Invariant mass squared, MeV².
    @inlinable public var massSquared: Double { energy * energy - momentumSquared }

    /// The vector seen from a frame in which this one's rest frame moves with `frame`'s velocity.
    ///
    ///     E' = (E P₀ + p·P)/M,   p' = p + P (E + E')/(P₀ + M)
    ///
    /// - Parameters:
    ///   - frame: Four-momentum of the moving frame, mass `frameMass`.
    @inlinable public func boosted(by frame: Self, frameMass: Double) -> Self {
        let dot = x * frame.x + y * frame.y + z * frame.z
        let newEnergy = (energy * frame.energy + dot) / frameMass
        let factor = (energy + newEnergy) / (frame.energy + frameMass)
        return FourVector(
            energy: newEnergy, x: x + factor * frame.x, y: y + factor * frame.y, z: z + factor * frame.z)
    }
}
