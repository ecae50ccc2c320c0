/// Linear equations of a few unknowns.
enum SmallLinearSystem {
    /// Solves A x = b by elimination with row pivoting; nil if A is singular.
    ///
    /// - Parameters:
    ///   - matrix: A, row by row.
    ///   - right: b.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var a = matrix
        var b = right
        let n = b.count
        for column in 0..<n {
            guard let pivot = (column..<n).max(by: { abs(a[$0][column]) < abs(a[$1][column]) }),
                abs(a[pivot][column]) > 1e-300
            else { return nil }
            a.swapAt(column, pivot)
            b.swapAt(column, pivot)
            for row in (column + 1)..<max(n, column + 1) {
                let factor = a[row][column] / a[column][column]
                for k in column..<n { a[row][k] -= factor * a[column][k] }
                b[row] -= factor * b[column]
            }
        }
        for row in stride(from: n - 1, through: 0, by: -1) {
            for k in (row + 1)..<max(n, row + 1) { b[row] -= a[row][k] * b[k] }
            b[row] /= a[row][row]
        }
        return b.allSatisfy(\.isFinite) ? b : nil
    }
}
