#!/usr/bin/env python3
"""Exclusive break-up channels of light ions: writes Data/physics/fragmentation/channels.csv and the Swift table.

usage: scripts/generate/fragmentation.py        (from the project's folder; needs numpy and scipy)

Method. All lists of nuclei and nucleons that add up to a projectile are enumerated (at most two of A >= 6). Each gets
the weight of a break-up ensemble,

    w = exp(-Q/T) prod_i lambda_i^n_i / n_i!          Q: energy to separate the parts, T = 20 MeV

The lambda_i are the multipliers of least relative entropy: w is changed as little as possible so that the mean
multiplicities of Data/physics/fragmentation/targets.csv are met within their uncertainties (penalised dual, weight
`STIFFNESS`). Where a projectile has no measured multiplicities the lambdas of light parts (A <= 4) are those of 12C, and
residues with A >= 6 take the mean ln lambda of 12C's residues with the same number of removed nucleons. Improbable
channels are dropped (kept: the most probable up to COVERAGE, at most MOST) and the multipliers fitted again to the rest.
Channels are listed by rising separation energy, which the program uses to correlate the two nuclei of a collision.
"""
import collections, csv, itertools, math, os, re, sys
import numpy as np
from scipy.optimize import minimize

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TEMPERATURE, STIFFNESS, COVERAGE, MOST, GREATEST_PARTS = 20.0, 0.5, 0.997, 120, 18
ENERGIES = [50, 95, 200, 290, 400]
SYMBOLS = ["n", "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne"]
SPECIES = [(1, 1), (1, 2), (1, 3), (2, 3), (2, 4), (2, 6), (3, 6), (3, 7), (3, 8), (3, 9), (4, 7), (4, 9), (4, 10),
    (5, 8), (5, 10), (5, 11), (5, 12), (6, 10), (6, 11), (6, 12), (6, 13), (6, 14), (7, 12), (7, 13), (7, 14), (7, 15),
    (7, 16), (8, 14), (8, 15), (8, 16), (8, 17), (8, 18), (9, 17), (9, 18), (9, 19), (9, 20), (10, 18), (10, 19),
    (10, 20), (10, 21), (10, 22)]


def name(z, a):
    return {(0, 1): "n", (1, 1): "p", (1, 2): "d", (1, 3): "t"}.get((z, a), f"{a}{SYMBOLS[z]}")


NAMES = {name(z, a): (z, a) for z, a in SPECIES + [(0, 1)]}


def mass_excesses():
    """Mass excess in MeV, from the table that the program itself uses."""
    text = open(os.path.join(ROOT, "Sources/IonPhysics/NuclearMass+Table.swift")).read()
    rows = re.findall(r"\((\d+), (\d+), (-?[\d.]+)\)", text)
    return {(int(z), int(a)): float(m) / 1000 for z, a, m in rows}


EXCESS = mass_excesses()


def channels(z, a):
    """All channels of (z, a) as sorted tuples of (z, a); residues first."""
    heavy = [s for s in SPECIES if s[1] >= 6 and s != (2, 6) and s[0] <= z and s[1] < a and s[1] - s[0] <= a - z]
    light = [((2, 4), 5), ((2, 6), 1), ((2, 3), 2), ((1, 3), 2), ((1, 2), 4)]
    pairs = [()] + [(h,) for h in heavy]
    pairs += [(g, h) for g, h in itertools.combinations_with_replacement(heavy, 2) if g[1] + h[1] <= a]
    found = []
    for residues in pairs:
        z0, a0 = z - sum(r[0] for r in residues), a - sum(r[1] for r in residues)
        for counts in itertools.product(*[range(most + 1) for _, most in light]):
            parts = [s for (s, _), c in zip(light, counts) for _ in range(c)]
            p = z0 - sum(s[0] for s in parts)
            n = a0 - sum(s[1] for s in parts) - p
            if p < 0 or n < 0:
                continue
            channel = tuple(residues) + tuple(parts) + ((1, 1),) * p + ((0, 1),) * n
            if 2 <= len(channel) <= GREATEST_PARTS:
                found.append(channel)
    return found


def log_prior(channel, z, a):
    q = sum(EXCESS[s] for s in channel) - EXCESS[(z, a)]
    return -max(q, 0.0) / TEMPERATURE - sum(math.lgamma(c + 1) for c in collections.Counter(channel).values())


def fit(chans, start, targets):
    """ln lambda by species that moves the ensemble to the targets {species: (mean, sigma)}."""
    keys = sorted(targets)
    counts = np.array([[c.count(k) for k in keys] for c in chans], float)
    mean = np.array([targets[k][0] for k in keys])
    sigma = np.array([targets[k][1] for k in keys])

    def dual(x):
        u = start + counts @ x
        top = u.max()
        w = np.exp(u - top)
        total = w.sum()
        value = top + math.log(total) - mean @ x + 0.5 * STIFFNESS * (sigma**2 * x**2).sum()
        return value, counts.T @ (w / total) - mean + STIFFNESS * sigma**2 * x

    x = minimize(dual, np.zeros(len(keys)), jac=True, method="L-BFGS-B", options={"maxiter": 2000, "ftol": 1e-14}).x
    return dict(zip(keys, x))


def weights(chans, start, multipliers):
    u = np.array([s + sum(multipliers.get(p, 0.0) for p in c) for s, c in zip(start, chans)])
    w = np.exp(u - u.max())
    return w / w.sum()


def generic(z, a, multipliers):
    """Multipliers of another projectile from those of 12C."""
    result = {s: v for s, v in multipliers.items() if s[1] <= 6 and s[0] <= 2}
    by_removed = collections.defaultdict(list)
    for s, v in multipliers.items():
        if s[1] >= 6 and s[0] >= 3 and s not in ((5, 8), (3, 8), (3, 9)):
            by_removed[12 - s[1]].append(v)
    mean = {k: sum(v) / len(v) for k, v in by_removed.items()}
    for s in SPECIES:
        if s[1] >= 6 and s[0] >= 3 and s[1] < a:
            removed = min(max(a - s[1], min(mean)), max(mean))
            near = min(mean, key=lambda k: abs(k - removed))
            result[s] = mean[near]
    return result


def read_targets():
    result = collections.defaultdict(dict)
    with open(os.path.join(ROOT, "Data/physics/fragmentation/targets.csv")) as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            for i, energy in enumerate(ENERGIES):
                m = float(row[f"m{energy}"])
                key = (row["projectile"], row["target"], i)
                result[key][NAMES[row["fragment"]]] = (m, m * float(row["uncertainty_percent"]) / 100)
    return result


def solve(z, a, targets, carbon):
    """Channels and their ten weights (H then X, by energy)."""
    chans = channels(z, a)
    start = np.array([log_prior(c, z, a) for c in chans])

    def columns(chans, start):
        result = []
        for target in "HX":
            for i in range(len(ENERGIES)):
                wanted = targets.get((name(z, a), target, i)) or targets.get((name(z, a), "X", i))
                if wanted:
                    multipliers = fit(chans, start, wanted)
                    if (z, a) == (6, 12):
                        carbon[(target, i)] = multipliers
                else:
                    multipliers = generic(z, a, carbon[(target, i)])
                result.append(weights(chans, start, multipliers))
        return result

    table = columns(chans, start)
    best = sum(table)
    order = np.argsort(-best, kind="stable")
    keep = order[: min(int(np.searchsorted(np.cumsum(best[order]), COVERAGE * best.sum())) + 1, MOST)]
    chans = [chans[i] for i in keep]
    return chans, columns(chans, start[keep])


def main():
    targets, carbon, lines = read_targets(), {}, []
    for z, a in [(6, 12)] + [s for s in SPECIES if s[1] > 1 and s != (6, 12)]:
        chans, table = solve(z, a, targets, carbon)
        q = [sum(EXCESS[s] for s in c) for c in chans]
        for i in sorted(range(len(chans)), key=lambda i: (round(q[i], 6), chans[i])):
            c = chans[i]
            numbers = [f"{column[i]:.3g}" for column in table]
            short = [c.rstrip("0").rstrip(".") if "." in c and "e" not in c else c for c in numbers]
            lines.append(f"{name(z, a)} | {' '.join(name(*s) for s in c)} | {' '.join(short)}")
        if "-v" in sys.argv:
            for t, offset in (("H", 0), ("X", 5)):
                for i in (1, 4):
                    w = table[offset + i]
                    m = collections.Counter()
                    for p, c in zip(w, chans):
                        for s in c:
                            m[name(*s)] += p / w.sum()
                    print(name(z, a), t, ENERGIES[i], len(chans), {k: round(v, 3) for k, v in sorted(m.items())})
    header = "# Made by scripts/generate/fragmentation.py from targets.csv; projectile | parts | weights on H, then heavier\n"
    header += "# targets, each at " + ", ".join(map(str, ENERGIES)) + " MeV/u.\n"
    with open(os.path.join(ROOT, "Data/physics/fragmentation/channels.txt"), "w") as file:
        file.write(header + "\n".join(lines) + "\n")
    with open(os.path.join(ROOT, "Sources/IonTransport/Generated/FragmentationData.swift"), "w") as file:
        file.write("// Made by scripts/generate/fragmentation.py; do not edit.\n")
        file.write("enum FragmentationData {\n    /// Channel table in the format of `FragmentationTable`.\n")
        file.write('    static let channels = """\n')
        for line in lines:
            file.write("        " + line + "\n")
        file.write('        """\n}\n')
    print(len(lines), "channels")


main()
