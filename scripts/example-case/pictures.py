"""Small PNG pictures of the example case for looking at it: no library needed."""

import struct
import zlib

import numpy as np
from scipy import ndimage


def write_png(path, rgb):
    # 32 steps of each colour keep the files small and look the same.
    rgb = np.ascontiguousarray(np.clip(rgb, 0, 255).astype(np.uint8) & 0xF8)
    height, width = rgb.shape[:2]
    raw = b"".join(b"\0" + rgb[row].tobytes() for row in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        file.write(chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


# 5 x 7 letters for the orientation marks.
LETTERS = {
    "R": ("1111.", "1...1", "1...1", "1111.", "1.1..", "1..1.", "1...1"),
    "L": ("1....", "1....", "1....", "1....", "1....", "1....", "11111"),
    "A": (".111.", "1...1", "1...1", "11111", "1...1", "1...1", "1...1"),
    "P": ("1111.", "1...1", "1...1", "1111.", "1....", "1....", "1...."),
    "S": (".1111", "1....", "1....", ".111.", "....1", "....1", "1111."),
    "I": (".111.", "..1..", "..1..", "..1..", "..1..", "..1..", ".111."),
}


def _mark(rgb, letter, row, column, size=2):
    for i, line in enumerate(LETTERS[letter]):
        for j, dot in enumerate(line):
            if dot == "1":
                rgb[row + i * size : row + (i + 1) * size, column + j * size : column + (j + 1) * size] = 255, 220, 0


def slice_picture(ct, structures, plane, index, scale=2.0, centre_hu=40, width_hu=400, box=None):
    """One slice with outlines. `plane` is axial, coronal or sagittal; `box` ((z0, z1), (y0, y1), (x0, x1)).

    Axial: anterior on top, patient's right at the left. Coronal: superior on top, right at the left.
    Sagittal: superior on top, anterior at the left.
    """
    axis = {"axial": 0, "coronal": 1, "sagittal": 2}[plane]
    box = box or tuple((0, n) for n in ct.hu.shape)
    cut = [slice(*b) for b in box]
    cut[axis] = index
    spacing = [s for a, s in enumerate(ct.spacing[::-1]) if a != axis]
    zooms = [scale * s / ct.spacing[0] for s in spacing]

    def enlarged(volume):
        image = ndimage.zoom(volume[tuple(cut)].astype(np.float32), zooms, order=1, grid_mode=True, mode="nearest")
        return image if plane == "axial" else image[::-1]

    grey = (enlarged(ct.hu) - (centre_hu - width_hu / 2)) / width_hu * 255
    rgb = np.repeat(np.clip(grey, 0, 255)[..., None], 3, axis=2)
    for s in structures:
        inside = enlarged(s.field) > 0
        edge = inside & ~ndimage.binary_erosion(inside)
        rgb[edge] = s.colour
    height, width = rgb.shape[:2]
    top, left = {"axial": ("A", "R"), "coronal": ("S", "R"), "sagittal": ("S", "A")}[plane]
    opposite = {"A": "P", "R": "L", "S": "I"}
    if height > 60 and width > 60:
        _mark(rgb, top, 3, width // 2 - 5)
        _mark(rgb, opposite[top], height - 17, width // 2 - 5)
        _mark(rgb, left, height // 2 - 7, 3)
        _mark(rgb, opposite.get(left, "P"), height // 2 - 7, width - 13)
    return rgb


def beside(*pictures):
    height = max(p.shape[0] for p in pictures)
    return np.concatenate([np.pad(p, ((0, height - p.shape[0]), (0, 4), (0, 0))) for p in pictures], axis=1)


def above(*pictures):
    width = max(p.shape[1] for p in pictures)
    return np.concatenate([np.pad(p, ((0, 4), (0, width - p.shape[1]), (0, 0))) for p in pictures], axis=0)
