/// Where things are: what `TransportKernel` asks while it follows a particle.
///
/// A geometry is a struct of numbers and pointers, so that the kernel is compiled for it without calls. It divides space into
/// places, each of one material and density. A particle flies straight between the points where it scatters or reacts, so a
/// place may keep what it needs to find the next border without a division: it is told of every turn (`aim`) and crossing.
protocol TransportGeometry {
    /// A small value without references: a voxel, a region, with the ways to its borders.
    associatedtype Place

    /// Whether a step of scattering must end at every border (thin solids) or goes on beyond it (voxels, whose borders
    /// mean nothing). In both cases energy is scored up to each border.
    static var bordersEndSteps: Bool { get }

    /// The place of a point, aimed along the particle's direction; nil if it is outside.
    func place(of p: TrackState) -> Place?
    /// Prepares for straight flight from the particle's present position along its present direction.
    func aim(_ place: inout Place, along p: TrackState)
    /// Way from the present position to the next border, mm; not negative.
    func wayToBorder(_ place: Place) -> Double
    /// The particle flew straight by the way to the border: puts `place` behind it; false if that is outside.
    ///
    /// A geometry that finds places by position may move the particle by less than 10⁻⁶ mm to be beyond the border.
    func cross(_ place: inout Place, _ p: inout TrackState) -> Bool

    /// Index into the materials of `MediumTables`.
    func material(_ place: Place) -> Int
    /// Density, g/cm³; 0 is vacuum.
    func densityGPerCM3(_ place: Place) -> Double
    /// A distance within which the particle cannot leave its place in any direction, mm; 0 if that costs more than it is worth.
    func clearanceMM(_ place: Place, _ p: TrackState) -> Double
    /// Longest way for one step of scattering that begins here, mm: short in gases, and across thin solids.
    func longestStepMM(_ place: Place) -> Double
}
