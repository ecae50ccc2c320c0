/// How the histories of a run are dealt out to its beams, whole batches at a time.
///
/// Batches come in one fixed order, so a longer run goes on from a shorter one: first `leastBatches` to each beam in turn, for its
/// standard error; from then on each batch to the beam with the most ions per batch it would have, k_i/(2 n_i + 1) the greatest
/// (Sainte-Laguë), which keeps numbers of batches in proportion to ions.
///
/// ## Source
/// Balinski & Young, "Fair representation", 2nd ed. (2001), method of Webster: the only divisor method without bias; divisor methods never
/// take from one when there is more to deal out.
/// ## Checked by
/// `HistoryScheduleTests`.
public struct HistorySchedule: Sendable, Equatable {
    /// Ions of each beam.
    public let ions: [Double]
    /// Histories of a batch.
    public let batchSize: Int
    /// Batches that every beam has before ions decide.
    public static let leastBatches = 10

    /// - Precondition: every beam has ions.
    public init(ions: [Double], batchSize: Int) {
        precondition(!ions.isEmpty && ions.allSatisfy { $0 > 0 } && batchSize >= 1)
        self.ions = ions
        self.batchSize = batchSize
    }

    /// The fewest histories of a run: two batches of each beam, without which there is no standard error.
    public var leastHistories: Int { 2 * ions.count * batchSize }

    /// Histories of each beam in a run of `total`; their sum is `total`.
    public func histories(ofTotal total: Int) -> [Int] {
        precondition(total >= 0)
        var batches = [Int](repeating: 0, count: ions.count)
        for _ in 0..<total / batchSize { batches[next(batches)] += 1 }
        var result = batches.map { $0 * batchSize }
        result[next(batches)] += total % batchSize
        return result
    }

    /// The beam that gets the next batch.
    private func next(_ batches: [Int]) -> Int {
        let dealt = batches.reduce(0, +)
        guard dealt >= Self.leastBatches * ions.count else { return dealt % ions.count }
        return ions.indices.max {
            ions[$0] / Double(2 * batches[$0] + 1) < ions[$1] / Double(2 * batches[$1] + 1)
        } ?? 0
    }
}
