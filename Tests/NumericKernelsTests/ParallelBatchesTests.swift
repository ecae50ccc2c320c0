import NumericKernels
import Testing

@Suite struct ParallelBatchesTests {
    private struct Refused: Error {}

    @Test(arguments: [1, 2, 7]) func resultsComeInOrder(threads: Int) async throws {
        var calls: [Int] = []
        let squares = try await ParallelBatches.map(
            count: 50, threads: threads, progress: { calls.append($0) }
        ) {
            $0 * $0
        }
        #expect(squares == (0..<50).map { $0 * $0 })
        #expect(calls == Array(1...50))
    }

    @Test func nothingToDo() async throws {
        let none = try await ParallelBatches.map(count: 0, threads: 2) { $0 }
        #expect(none.isEmpty)
    }

    @Test func anErrorEndsTheWork() async {
        await #expect(throws: Refused.self) {
            _ = try await ParallelBatches.map(count: 10, threads: 2) { batch -> Int in
                if batch == 3 { throw Refused() }
                return batch
            }
        }
    }
}

@Suite struct LinearTableTests {
    @Test func isExactOnStraightLines() {
        let table = LinearTable(start: 2, step: 0.5, values: (0..<9).map { 3 * (2 + 0.5 * Double($0)) - 1 })
        for x in stride(from: 2.0, through: 6.0, by: 0.13) {
            #expect(abs(table.value(at: x) - (3 * x - 1)) < 1e-12)
        }
        #expect(table.value(at: 6) == 17)
        #expect(table.domain == 2...6)
    }
}
