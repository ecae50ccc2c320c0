import DeliveryControl
import NumericKernels

extension RetainedCounters {
    /// Reads the file.
    ///
    /// - Parameter path: Of the file.
    /// - Throws: `DeliveryLogError.noCounters` if no slot holds.
    public static func read(_ path: String) throws(DeliveryLogError) -> Reading {
        let bytes = try SystemLogFile.contents(of: path)
        let count = bytes.count / 8
        let words = bytes.withUnsafeBytes { raw in
            (0..<count).map {
                UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))
            }
        }
        guard count > 1, words[0] == magic else {
            throw .noCounters(path: path, why: "it does not begin like a file of counters")
        }
        guard words[1] == version else {
            throw .noCounters(path: path, why: "it has version \(words[1]), this program reads \(version)")
        }
        guard bytes.count == size else {
            throw .noCounters(path: path, why: "it has \(bytes.count) bytes instead of \(size)")
        }
        let slots = (1...2).map { words[(Self.words * $0)..<(Self.words * ($0 + 1))] }.map(Array.init)
        let good = slots.filter { $0[0..<7].sum == $0[7] && $0[5] <= UInt64(Int.max) }
        guard let newest = good.max(by: { $0[0] < $1[0] }) else {
            throw .noCounters(path: path, why: "both slots are damaged")
        }
        func signed(_ index: Int) -> Int64 { Int64(bitPattern: newest[index]) }
        return Reading(
            registers: MonitorSample(
                primary: signed(1), secondary: signed(2), dark: SIMD2(signed(3), signed(4))),
            latches: latches(words, last: newest[6]), acknowledged: Int(newest[5]), isTorn: good.count < 2)
    }

    /// Latches from the last one back to the first that is missing, torn, or overwritten by a later one.
    private static func latches(_ words: [UInt64], last: UInt64) -> [VisitLatch] {
        var found: [VisitLatch] = []
        var number = last
        while number > 0, last - number < UInt64(places) {
            let begin = ring + latchWords * Int(number % UInt64(places))
            let latch = words[begin..<begin + latchWords]
            guard latch[begin] == number, latch.prefix(4).sum == latch[begin + 4] else { break }
            found.append(
                VisitLatch(
                    layer: Int(latch[begin + 1] >> 32), visit: Int(latch[begin + 1] & 0xFFFF_FFFF),
                    primary: Int64(bitPattern: latch[begin + 2]),
                    secondary: Int64(bitPattern: latch[begin + 3])))
            number -= 1
        }
        return found.reversed()
    }
}

extension ArraySlice<UInt64> {
    fileprivate var sum: UInt64 {
        var sum = WordChecksum()
        for word in self { sum.add(word) }
        return sum.value
    }
}
