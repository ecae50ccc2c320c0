import BeamOptics

#if canImport(Glibc)
    import Glibc
#endif

/// From the fields of the scanning magnets to the place of the spot in the plane of the isocentre, and back.
///
/// The axis of the beam is followed by the exact maps: sectors of uniform field in the scanning magnets, and whatever stands behind them. x and y are those of the IEC gantry system, z = 0.
///
/// ## Checked by
/// `ScanOpticsTests`.
public struct ScanOptics: Sendable {
    /// Where the beam's axis meets the plane of the isocentre.
    public struct Spot: Hashable, Sendable {
        /// x and y, mm.
        public var positionMM: SIMD2<Double>
        /// dx/ds and dy/ds.
        public var slope: SIMD2<Double>

        /// - Parameters:
        ///   - positionMM: x and y, mm.
        ///   - slope: dx/ds and dy/ds.
        public init(positionMM: SIMD2<Double>, slope: SIMD2<Double>) {
            self.positionMM = positionMM
            self.slope = slope
        }
    }

    public let line: TransferLine
    /// The beam's particle at the energy that the magnets are set for.
    public let reference: ReferenceParticle
    /// Scanning magnet of x and that of y.
    public let magnets: [ScanningMagnet]
    private let steps: [TransferLine.Step]

    /// - Parameters:
    ///   - line: Line with a scanning magnet for x and one for y.
    ///   - energy: Kinetic energy, MeV per nucleon.
    /// - Throws: If a scanning magnet is missing, or there is more than one for an axis.
    public init(_ line: TransferLine, energyMeVPerNucleon energy: Double) throws(BeamTransportError) {
        self.line = line
        do { reference = try line.entry.reference.at(energyMeVPerNucleon: energy) } catch {
            throw .optics(error)
        }
        let all = line.steps.compactMap { step -> ScanningMagnet? in
            if case .scanner(let magnet) = step.part { magnet } else { nil }
        }
        var found: [ScanningMagnet] = []
        for axis in ScanningMagnet.Axis.allCases {
            let own = all.filter { $0.axis == axis }
            guard let magnet = own.first else { throw .noScanner(axis.rawValue) }
            guard own.count == 1 else {
                throw .line("there are \(own.count) scanning magnets for \(axis.rawValue)")
            }
            found.append(magnet)
        }
        magnets = found
        let first = line.steps.firstIndex { if case .scanner = $0.part { true } else { false } } ?? 0
        steps = Array(line.steps[first...])
    }

    /// Optical plane of an axis.
    ///
    /// - Parameter axis: IEC axis.
    public func plane(of axis: ScanningMagnet.Axis) -> TransferLine.Plane {
        (axis == .x) == (line.isocentreX == .horizontal) ? .horizontal : .vertical
    }

    /// The spot for given fields; nil if the beam turns around inside a magnet or does not arrive.
    ///
    /// - Parameter fieldT: Fields of the magnets for x and y, T.
    public func spot(fieldT: SIMD2<Double>) -> Spot? {
        var point = BeamCoordinates<Double>(reference: line.entry.reference)
        for step in steps {
            if case .scanner(let magnet) = step.part {
                let curvature = fieldT[magnet.axis.index] / reference.rigidityTM
                guard magnet.pass(&point, plane: plane(of: magnet.axis), curvaturePerM: curvature) else {
                    return nil
                }
            } else {
                step.map?.apply(&point)
            }
        }
        guard point.isFinite else { return nil }
        let along = (1 - point.px * point.px - point.py * point.py).squareRoot()
        guard along.isFinite else { return nil }
        let (position, slope) = (SIMD2(point.x, point.y) * 1e3, SIMD2(point.px, point.py) / along)
        return line.isocentreX == .horizontal
            ? Spot(positionMM: position, slope: slope)
            : Spot(positionMM: SIMD2(position.y, position.x), slope: SIMD2(slope.y, slope.x))
    }

    /// Fields that bring the spot to a place, by Newton's method.
    ///
    /// - Parameter wanted: x and y, mm.
    /// - Throws: If the place is beyond the magnets' greatest fields, or not reached at all.
    public func fieldT(forPositionMM wanted: SIMD2<Double>) throws(BeamTransportError) -> SIMD2<Double> {
        var field = SIMD2<Double>.zero
        let step = 1e-4
        for _ in 0..<30 {
            guard let here = spot(fieldT: field), let right = spot(fieldT: field + SIMD2(step, 0)),
                let up = spot(fieldT: field + SIMD2(0, step))
            else { break }
            let miss = wanted - here.positionMM
            if abs(miss.x) < 1e-9, abs(miss.y) < 1e-9 {
                for magnet in magnets where abs(field[magnet.axis.index]) > magnet.greatestFieldT {
                    throw .unreachable(
                        "\(wanted.x), \(wanted.y) mm need \(abs(field[magnet.axis.index])) T in \(magnet.name), which has at most \(magnet.greatestFieldT) T"
                    )
                }
                return field
            }
            let (a, b) = (
                (right.positionMM - here.positionMM) / step, (up.positionMM - here.positionMM) / step
            )
            let determinant = a.x * b.y - b.x * a.y
            guard determinant != 0 else { break }
            field += SIMD2(
                (miss.x * b.y - miss.y * b.x) / determinant, (miss.y * a.x - miss.x * a.y) / determinant)
        }
        throw .unreachable("no fields of the scanning magnets bring the spot to \(wanted.x), \(wanted.y) mm")
    }

    /// Derivatives by the field about the axis: mm/T and 1/T for each axis.
    private func derivatives() throws(BeamTransportError) -> (position: SIMD2<Double>, slope: SIMD2<Double>) {
        var (position, slope) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for axis in 0..<2 {
            let small = 1e-3 * magnets[axis].greatestFieldT
            var field = SIMD2<Double>.zero
            field[axis] = small
            guard let plus = spot(fieldT: field), let minus = spot(fieldT: -field) else {
                throw .unreachable("the beam does not arrive")
            }
            position[axis] = (plus.positionMM[axis] - minus.positionMM[axis]) / (2 * small)
            slope[axis] = (plus.slope[axis] - minus.slope[axis]) / (2 * small)
        }
        return (position, slope)
    }

    /// Distances of the virtual sources of x and y from the isocentre, mm: where scanned beams seem to come from.
    ///
    /// - Throws: If scanned beams are parallel, or seem to come from below.
    public func virtualSourceDistancesMM() throws(BeamTransportError) -> SIMD2<Double> {
        let (position, slope) = try derivatives()
        let distance = position / slope
        for axis in ScanningMagnet.Axis.allCases {
            let value = distance[axis.index]
            guard value.isFinite, value > 0, value <= 100_000 else {
                throw .line(
                    "scanned beams along \(axis.rawValue) have no source within 100 m above the isocentre (\(value) mm)"
                )
            }
        }
        return distance
    }

    /// Half widths of the field that the greatest fields reach, each axis alone, mm.
    ///
    /// - Throws: If the beam does not arrive.
    public func greatestHalfWidthMM() throws(BeamTransportError) -> SIMD2<Double> {
        var half = SIMD2<Double>.zero
        for axis in 0..<2 {
            var field = SIMD2<Double>.zero
            field[axis] = magnets[axis].greatestFieldT
            guard let spot = spot(fieldT: field) else { throw .unreachable("the beam does not arrive") }
            half[axis] = abs(spot.positionMM[axis])
        }
        return half
    }

    /// Greatest speeds of the spot near the axis, mm/s.
    ///
    /// - Throws: If the beam does not arrive.
    public func greatestSpeedMMPerS() throws(BeamTransportError) -> SIMD2<Double> {
        let position = try derivatives().position
        return SIMD2(
            abs(position.x) * magnets[0].greatestRateTPerS, abs(position.y) * magnets[1].greatestRateTPerS)
    }
}
