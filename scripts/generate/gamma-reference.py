#!/usr/bin/env python3
"""Writes Data/Reference/gamma/pymedphys.csv: twenty gamma comparisons of made-up doses by pymedphys.

  scripts/generate/gamma-reference.py

Needs pymedphys (0.41.0 was used) with numpy, scipy and numba. Doses are closed forms whose parameters stand in the table, so that
Tests/PlanEvaluationTests/GammaAgreementTests makes the same ones; the parameters come from one seeded generator.
"""

import pathlib
import random

import numpy as np
import pymedphys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COLUMNS = (
    "case", "reference_spacing_mm", "evaluated_spacing_mm", "half_width_mm", "edge_mm", "ripple", "shift_x_mm", "shift_y_mm",
    "shift_z_mm", "factor", "dose_percent", "distance_mm", "local", "points", "pass_percent", "mean_gamma", "gamma_at_90_percent",
)
HEADER = """\
# Gamma of twenty pairs of made-up doses by pymedphys 0.41.0 (Biggs et al., J. Open Source Softw. 7 (2022) 4555),
# pymedphys.gamma(interp_fraction=20, max_gamma=2, lower_percent_dose_cutoff=10), written by scripts/generate/gamma-reference.py.
# D(x, y, z) = factor * prod over axes of 1/(1 + exp((|p - shift| - half_width)/edge)) * (1 + ripple * sin(x/7 + z/11)),
# grids from -31.5 to 31.5 mm or as far as the spacing reaches; the reference has shift 0, factor 1. mean_gamma and
# gamma_at_90_percent (of the points, by rank, linear between ranks) are of the points at 10 % of the greatest reference dose and more.
"""


def axis(spacing):
    count = int(63 / spacing) + 1
    return -31.5 + spacing * np.arange(count)


def dose(spacing, row, shift, factor):
    a = axis(spacing)
    x, y, z = np.meshgrid(a, a, a, indexing="ij")

    def edge(p, s):
        return 1 / (1 + np.exp((np.abs(p - s) - row["half_width_mm"]) / row["edge_mm"]))

    value = factor * edge(x, shift[0]) * edge(y, shift[1]) * edge(z, shift[2])
    value *= 1 + row["ripple"] * np.sin(x / 7 + z / 11)
    return (a, a, a), value.astype(np.float32).astype(np.float64)


def main():
    draw = random.Random(20240607)
    lines = [HEADER + ",".join(COLUMNS)]
    for case in range(1, 21):
        row = {
            "case": case,
            "reference_spacing_mm": draw.choice([2.5, 3.0]),
            "evaluated_spacing_mm": draw.choice([2.0, 2.5, 3.0]),
            "half_width_mm": round(draw.uniform(10, 18), 2),
            "edge_mm": round(draw.uniform(1.2, 3), 2),
            "ripple": round(draw.uniform(0, 0.1), 3),
            "shift_x_mm": round(draw.uniform(-1.5, 1.5), 2),
            "shift_y_mm": round(draw.uniform(-1.5, 1.5), 2),
            "shift_z_mm": round(draw.uniform(-1.5, 1.5), 2),
            "factor": round(draw.uniform(0.97, 1.03), 3),
            "dose_percent": draw.choice([1, 2, 3]),
            "distance_mm": draw.choice([1, 2, 3]),
            "local": draw.choice([0, 0, 1]),
        }
        axes, reference = dose(row["reference_spacing_mm"], row, (0, 0, 0), 1)
        shift = (row["shift_x_mm"], row["shift_y_mm"], row["shift_z_mm"])
        other, evaluated = dose(row["evaluated_spacing_mm"], row, shift, row["factor"])
        gamma = pymedphys.gamma(
            axes, reference, other, evaluated, row["dose_percent"], row["distance_mm"], lower_percent_dose_cutoff=10,
            interp_fraction=20, max_gamma=2, local_gamma=bool(row["local"]))
        gamma = gamma[~np.isnan(gamma)]
        row["points"] = len(gamma)
        row["pass_percent"] = round(100 * np.mean(gamma <= 1), 3)
        row["mean_gamma"] = round(float(np.mean(gamma)), 5)
        row["gamma_at_90_percent"] = round(float(np.quantile(gamma, 0.9)), 4)
        lines.append(",".join(str(row[name]) for name in COLUMNS))
        print(lines[-1], flush=True)
    (ROOT / "Data/Reference/gamma/pymedphys.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
