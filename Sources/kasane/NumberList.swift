import ArgumentParser

/// Numbers on the command line: `100`, `50,100,200`, or `50:430:20` (first, last, step); the three can be mixed.
struct NumberList: ExpressibleByArgument {
    let values: [Double]

    init?(argument: String) {
        var values: [Double] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
            guard numbers.allSatisfy({ $0?.isFinite == true }) else { return nil }
            let known = numbers.compactMap { $0 }
            switch known.count {
            case 1: values.append(known[0])
            case 3:
                let (first, last, step) = (known[0], known[1], known[2])
                guard step > 0, last >= first, (last - first) / step <= 100_000 else { return nil }
                let count = Int(((last - first) / step + 1e-9).rounded(.down))
                for i in 0...count { values.append(first + Double(i) * step) }
            default: return nil
            }
        }
        guard !values.isEmpty else { return nil }
        self.values = values
    }

    init(_ values: [Double]) { self.values = values }
}
