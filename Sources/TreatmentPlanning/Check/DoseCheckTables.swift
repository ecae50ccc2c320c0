import PlanEvaluation
import PlanModel

/// Tables of a dose check as CSV (RFC 4180).
struct DoseCheckTables {
    let result: DoseCheckResult

    /// Cumulative curves of both doses: `dose,structure,dose_gy,plan_share,recomputed_share`, one line for each bin.
    var curves: String {
        var lines = ["dose,structure,dose_gy,plan_share,recomputed_share"]
        for subject in result.subjects {
            for row in subject.comparison.structures {
                let (a, b) = (row.reference.cumulative, row.evaluated.cumulative)
                for bin in 0..<max(a.count, b.count) {
                    let (x, y) = (bin < a.count ? a[bin] : 0, bin < b.count ? b[bin] : 0)
                    lines.append(
                        "\(Self.cell(subject.title)),\(Self.cell(row.name)),\(Double(bin) * row.reference.binWidth),\(x),\(y)"
                    )
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Edges of every ray, mm along the beam from the isocentre plane; empty where a dose has none.
    var rays: String {
        var lines = [
            "field,gantry_x_mm,gantry_y_mm,plan_80_mm,recomputed_80_mm,plan_50_mm,recomputed_50_mm,difference_80_water_mm"
        ]
        func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        for range in result.ranges {
            for ray in range.comparison.rays {
                let cells = [
                    "\(range.field.number)", "\(ray.positionMM.x)", "\(ray.positionMM.y)",
                    text(ray.reference[0]), text(ray.evaluated[0]), text(ray.reference[1]),
                    text(ray.evaluated[1]), text(ray.waterDifferenceMM),
                ]
                lines.append(cells.joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A field, quoted if it must be.
    static func cell(_ text: String) -> String {
        text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
