"""Closed contours of a level-set field on one slice (marching squares)."""

import numpy as np


def closed_contours(field):
    """Polygons around the region `field > 0` of a 2D array, in (x, y) index coordinates, each counter-clockwise
    as seen with x to the right and y up. The border of the array counts as outside."""
    f = np.full((field.shape[0] + 2, field.shape[1] + 2), -1.0)
    f[1:-1, 1:-1] = np.where(field == 0, -1e-9, field)
    inside = f > 0
    # Cells that the contour crosses.
    case = inside[:-1, :-1] * 1 + inside[:-1, 1:] * 2 + inside[1:, 1:] * 4 + inside[1:, :-1] * 8
    # Edges of a cell: 0 top (y), 1 right, 2 bottom (y + 1), 3 left. Each entry: from edge, to edge,
    # with the inside always on the same hand.
    table = {
        1: [(0, 3)], 2: [(1, 0)], 3: [(1, 3)], 4: [(2, 1)], 6: [(2, 0)], 7: [(2, 3)],
        8: [(3, 2)], 9: [(0, 2)], 11: [(1, 2)], 12: [(3, 1)], 13: [(0, 1)], 14: [(3, 0)],
        5: [(0, 3), (2, 1)], 10: [(1, 0), (3, 2)],
    }  # fmt: skip
    successor = {}
    for y, x in zip(*np.nonzero((case > 0) & (case < 15))):
        for start, end in table[int(case[y, x])]:
            successor[_edge(y, x, start)] = _edge(y, x, end)
    polygons = []
    while successor:
        start = min(successor)
        points, edge = [], start
        while True:
            points.append(_crossing(f, edge))
            edge = successor.pop(edge)
            if edge == start:
                break
        polygons.append(np.array(points) - 1.0)
    return polygons


def _edge(y, x, side):
    """A name of a cell's side that neighbours share: (row, column, 'h' or 'v')."""
    return {0: (y, x, "h"), 2: (y + 1, x, "h"), 3: (y, x, "v"), 1: (y, x + 1, "v")}[side]


def _crossing(f, edge):
    y, x, kind = edge
    other = f[y, x + 1] if kind == "h" else f[y + 1, x]
    t = f[y, x] / (f[y, x] - other)
    return (x + t, y) if kind == "h" else (x, y + t)


def area(polygon):
    """Signed area in index units."""
    x, y = polygon[:, 0], polygon[:, 1]
    return 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
