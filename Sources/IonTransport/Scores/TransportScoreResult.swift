import Quantities

/// What a run of scores added up, per primary ion.
///
/// Sums and their standard errors come from batches, which are added in their order.
///
/// ## Checked by
/// `ScoredTransportTests`.
public struct TransportScoreResult: Sendable {
    public let request: TransportScores
    let layout: ScoreLayout
    /// Histories and batches that went in.
    public private(set) var histories = 0
    public private(set) var batches = 0
    /// Sums over all batches, in whole numbers.
    private var sums: [Double]
    /// Σ x²/n over batches of n histories, of the sums with an error: see `errorIndex`.
    private var squares: [Double]
    /// Where the squares of each score, then of each plane, begin.
    private let squareStarts: [Int]
    public private(set) var energy = EnergyBalance()

    /// Where the energy of a run went, MeV per primary; in = the sum of the others.
    public struct EnergyBalance: Sendable, Equatable {
        /// Kinetic energy of the primary ions.
        public internal(set) var inMeV = 0.0
        /// Deposited in the phantom.
        public internal(set) var depositedMeV = 0.0
        /// Kinetic energy of ions that left the phantom or missed it.
        public internal(set) var escapedMeV = 0.0
        /// Kinetic energy of neutrons that left, or became too slow to be followed.
        public internal(set) var neutronsMeV = 0.0
        /// Rest energy made in reactions (paid to nuclear binding); negative if more was set free.
        public internal(set) var bindingMeV = 0.0
        /// Nuclear reactions per primary, of all generations.
        public internal(set) var reactions = 0.0
        /// in − the sum of the others.
        public var missingMeV: Double { inMeV - depositedMeV - escapedMeV - neutronsMeV - bindingMeV }
    }

    /// Whole numbers of the balance.
    enum Account: Int, CaseIterable {
        case incoming, deposited, escaped, neutrons, binding, reactions
    }

    init(request: TransportScores, layout: ScoreLayout) {
        self.request = request
        self.layout = layout
        sums = [Double](repeating: 0, count: layout.total)
        var starts: [Int] = []
        var count = 0
        for (score, block) in zip(request.scores, layout.blocks) {
            starts.append(count)
            count += block.isSpectrum ? 0 : score.bins.count * ScoreLayout.fieldsWithError
        }
        for plane in layout.planes {
            starts.append(count)
            count += ScoreLayout.countedKinds * plane.angleCount
        }
        squareStarts = starts
        squares = [Double](repeating: 0, count: count)
    }

    /// Adds the joined sums of a batch and clears them.
    mutating func add(_ workspace: ScoreWorkspace, histories n: Int) {
        let tally = workspace.cells(0)
        let before = Double(histories)
        let each = 1 / Double(n)
        histories += n
        batches += 1
        for i in sums.indices where tally[i] != 0 { sums[i] += Double(tally[i]) }
        for (s, block) in layout.blocks.enumerated() where !block.isSpectrum {
            var (from, to) = (block.offset, squareStarts[s])
            for _ in 0..<request.scores[s].bins.count {
                // Nothing in a bin without energy.
                if tally[from] != 0 {
                    for field in 0..<ScoreLayout.fieldsWithError {
                        let x = Double(tally[from + field])
                        squares[to + field] += x * x * each
                    }
                }
                from += block.sumsPerBin
                to += ScoreLayout.fieldsWithError
            }
        }
        for (p, plane) in layout.planes.enumerated() {
            let start = squareStarts[layout.blocks.count + p]
            for row in 0..<ScoreLayout.countedKinds * plane.angleCount {
                let first = plane.offset + row * plane.energyCount
                var x = 0.0
                for e in 0..<plane.energyCount { x += Double(tally[first + e]) }
                squares[start + row] += x * x * each
            }
        }
        let balance = workspace.balance(0)
        func share(_ old: Double, _ account: Account, _ scale: Double) -> Double {
            (old * before + Double(balance[account.rawValue]) / scale) / Double(histories)
        }
        let scale = ScoreLayout.energyScale
        energy.inMeV = share(energy.inMeV, .incoming, scale)
        energy.depositedMeV = share(energy.depositedMeV, .deposited, scale)
        energy.escapedMeV = share(energy.escapedMeV, .escaped, scale)
        energy.neutronsMeV = share(energy.neutronsMeV, .neutrons, scale)
        energy.bindingMeV = share(energy.bindingMeV, .binding, scale)
        energy.reactions = share(energy.reactions, .reactions, 1)
        workspace.clear()
    }

    /// Standard error of a mean per primary from Σ x²/n: sqrt[(Σ x²/n − N m²)/((B − 1) N)].
    private func standardError(mean: Double, squares: Double) -> Double {
        guard batches > 1 else { return 0 }
        let n = Double(histories)
        return (max(0, squares - n * mean * mean) / (Double(batches - 1) * n)).squareRoot()
    }

    /// Whether all sums of two runs are the same bits.
    package func isBitIdentical(to other: TransportScoreResult) -> Bool {
        sums == other.sums && squares == other.squares && energy == other.energy
    }

    // MARK: Scores

    /// The sum of field number `field` of a bin per primary, in the field's unit.
    private func value(_ score: Int, _ bin: Int, _ field: Int) -> Double {
        let block = layout.blocks[score]
        return sums[block.offset + bin * block.sumsPerBin + field]
            / (layout.fields[block.firstField + field].scale * Double(histories))
    }

    private func valueWithError(_ score: Int, _ bin: Int, _ field: Int) -> (value: Double, error: Double) {
        let mean = value(score, bin, field)
        let scale = ScoreLayout.energyScale
        let square = squares[squareStarts[score] + bin * ScoreLayout.fieldsWithError + field]
        return (mean, standardError(mean: mean * scale, squares: square) / scale)
    }

    private func index(_ score: Int, _ wanted: ScoreField) -> Int? {
        let block = layout.blocks[score]
        return layout.fields[block.firstField..<block.firstField + block.fieldCount].firstIndex(of: wanted)
            .map { $0 - block.firstField }
    }

    /// Energy deposited in a bin, MeV per primary, and its standard error.
    public func energyMeV(score: Int, bin: Int) -> (value: Double, error: Double) {
        valueWithError(score, bin, 0)
    }

    /// Mean over the bin's volume of the dose to what is there, Gy per primary, times the volume: Gy mm³.
    public func doseToMediumGyMM3(score: Int, bin: Int) -> (value: Double, error: Double) {
        let (value, error) = valueWithError(score, bin, 1)
        return (value * Self.grayMM3PerMeV, error * Self.grayMM3PerMeV)
    }

    /// The same as dose to unit-density water in the same fluence.
    public func doseToWaterGyMM3(score: Int, bin: Int) -> (value: Double, error: Double) {
        let (value, error) = valueWithError(score, bin, 2)
        return (value * Self.grayMM3PerMeV, error * Self.grayMM3PerMeV)
    }

    /// 1 MeV in 1 mm³ of density 1 g/cm³.
    static let grayMM3PerMeV = 1.602176634e-7

    /// Energy by kind of ion, MeV per primary: primaries, others with Z = 1...10, recoils; empty if not asked for.
    public func energyByIonMeV(score: Int, bin: Int) -> [Double] {
        let block = layout.blocks[score]
        guard block.isByIon else { return [] }
        let first = block.offset + bin * block.sumsPerBin + block.fieldCount
        return (0..<ScoreLayout.ionKinds).map {
            sums[first + $0] / (ScoreLayout.energyScale * Double(histories))
        }
    }

    /// An average of a bin; 0 where nothing was counted.
    ///
    /// - Precondition: the score asks for it.
    public func average(_ average: TransportScore.Average, score: Int, bin: Int) -> Double {
        func number(_ rule: InclusionRule) -> Int32 { Int32(layout.rules.firstIndex(of: rule) ?? 0) }
        let numerator: ScoreField
        let denominator: ScoreField
        switch average {
        case .dose(let response, let rule):
            numerator = ScoreField(quantity: .weighted, index: Int32(response), rule: number(rule))
            denominator = ScoreField(quantity: .weight, index: number(rule), rule: number(rule))
        case .trackLET(let rule):
            numerator = ScoreField(quantity: .weight, index: number(rule), rule: number(rule))
            denominator = ScoreField(quantity: .path, index: number(rule), rule: number(rule))
        }
        guard let top = index(score, numerator), let bottom = index(score, denominator) else {
            preconditionFailure("the score does not ask for this average")
        }
        let sum = value(score, bin, bottom)
        return sum > 0 ? value(score, bin, top) / sum : 0
    }

    /// Track length per energy bin, mm per primary.
    ///
    /// `kind`: Index into `countedKinds`.
    public func trackLengthMM(score: Int, bin: Int, kind: Int) -> [Double] {
        let block = layout.blocks[score]
        let first = block.offset + (bin * ScoreLayout.countedKinds + kind) * block.energyCount
        return (0..<block.energyCount).map {
            sums[first + $0] / (ScoreLayout.energyScale * Double(histories))
        }
    }

    // MARK: Planes

    /// Number of particles per primary that crossed a plane, by energy bin.
    public func counts(plane: Int, kind: Int, angle: Int) -> [Double] {
        let block = layout.planes[plane]
        let first = block.offset + (kind * block.angleCount + angle) * block.energyCount
        return (0..<block.energyCount).map { sums[first + $0] / Double(histories) }
    }

    /// Number of particles per primary of all energies, and its standard error.
    public func yield(plane: Int, kind: Int, angle: Int) -> (value: Double, error: Double) {
        let mean = counts(plane: plane, kind: kind, angle: angle).reduce(0, +)
        let row = kind * layout.planes[plane].angleCount + angle
        return (
            mean, standardError(mean: mean, squares: squares[squareStarts[layout.blocks.count + plane] + row])
        )
    }

    /// Kinds of particles that planes and spectra tell apart: first `TransportedSpecies.all` as fragments, then neutrons,
    /// then the primaries.
    public func countedKinds(projectile: Isotope) -> [CountedKind] {
        (TransportedSpecies.all + [.neutron]).map { CountedKind(isotope: $0, isPrimary: false) }
            + [CountedKind(isotope: projectile, isPrimary: true)]
    }

    /// A kind of particle that is counted.
    public struct CountedKind: Hashable, Sendable {
        public var isotope: Isotope
        public var isPrimary: Bool
    }
}
