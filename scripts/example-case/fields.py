"""Signed distance fields on the CT grid: positive inside, in mm, arrays `[z][y][x]`."""

import numpy as np
from scipy import ndimage


class Grid:
    """The CT's voxel grid or a box cut from it; points are voxel indices (x, y, z) of the whole CT, lengths mm."""

    def __init__(self, shape, spacing, box=None):
        self.whole_shape = shape
        self.spacing = np.array(spacing)
        self.box = box or tuple((0, n) for n in shape)
        self.shape = tuple(b - a for a, b in self.box)
        self.z, self.y, self.x = (
            np.arange(a, b, dtype=np.float32).reshape([-1 if axis == i else 1 for axis in range(3)])
            for i, (a, b) in enumerate(self.box)
        )

    def part(self, box):
        """The grid of a box ((z0, z1), (y0, y1), (x0, x1)) of the whole CT."""
        return Grid(self.whole_shape, self.spacing, box)

    def cut(self, volume):
        """The part of a whole-CT array that lies in this box."""
        return volume[tuple(slice(a, b) for a, b in self.box)]

    def embed(self, field):
        """A field of this box as an array of the whole CT, far outside elsewhere."""
        whole = np.full(self.whole_shape, -30.0, dtype=np.float32)
        self.cut(whole)[...] = field
        return whole

    @property
    def sampling(self):
        return tuple(self.spacing[::-1])

    def offsets(self, point):
        """Distances from `point` along x, y and z in mm (broadcastable)."""
        return (
            (self.x - point[0]) * self.spacing[0],
            (self.y - point[1]) * self.spacing[1],
            (self.z - point[2]) * self.spacing[2],
        )

    def ball(self, centre, radius):
        dx, dy, dz = self.offsets(centre)
        return radius - np.sqrt(dx**2 + dy**2 + dz**2)

    def ellipsoid(self, centre, half_axes):
        """Inside of an ellipsoid; the distance is approximate away from the surface."""
        dx, dy, dz = self.offsets(centre)
        a, b, c = half_axes
        return (1 - np.sqrt((dx / a) ** 2 + (dy / b) ** 2 + (dz / c) ** 2)) * min(half_axes)

    def tube(self, points):
        """Union of cones between neighbouring points (x, y, z, radius)."""
        field = np.full(self.shape, -1e3, dtype=np.float32)
        for (*p, rp), (*q, rq) in zip(points, points[1:]):
            axis = (np.array(q) - np.array(p)) * self.spacing
            dx, dy, dz = self.offsets(p)
            t = np.clip((dx * axis[0] + dy * axis[1] + dz * axis[2]) / (axis @ axis), 0, 1)
            away = np.sqrt((dx - t * axis[0]) ** 2 + (dy - t * axis[1]) ** 2 + (dz - t * axis[2]) ** 2)
            field = np.maximum(field, rp + t * (rq - rp) - away)
        return field

    def column(self, sections, exponent=2.4):
        """Stack of upright super-ellipses (z, x, y, half width, half depth; half axes in mm), ends closed flat.

        Between the given slices centre and half axes follow a monotone cubic in z.
        """
        from scipy.interpolate import PchipInterpolator

        s = np.array(sorted(sections), dtype=float)
        inside = np.clip(self.z.ravel(), s[0, 0], s[-1, 0])
        x, y, a, b = (PchipInterpolator(s[:, 0], s[:, k])(inside).reshape(-1, 1, 1) for k in (1, 2, 3, 4))
        dx = np.abs(self.x - x) * self.spacing[0] / a
        dy = np.abs(self.y - y) * self.spacing[1] / b
        lateral = (1 - (dx**exponent + dy**exponent) ** (1 / exponent)) * np.minimum(a, b)
        ends = np.minimum(self.z - s[0, 0] + 0.5, s[-1, 0] + 0.5 - self.z) * self.spacing[2]
        return np.minimum(lateral, ends)

    def below(self, height):
        """Half space under the surface z = height[y][x] (in slices)."""
        return (height[None] - self.z) * self.spacing[2]

    def of_mask(self, mask, smooth_mm=0.0):
        """Signed distance of a mask, smoothed by a Gaussian so that contours are not voxel steps."""
        inside = ndimage.distance_transform_edt(mask, sampling=self.sampling)
        outside = ndimage.distance_transform_edt(~mask, sampling=self.sampling)
        field = np.where(mask, inside - 0.5, 0.5 - outside).astype(np.float32)
        return self.smooth(np.clip(field, -30, 30), smooth_mm)

    def smooth(self, field, sigma_mm):
        if sigma_mm == 0:
            return field
        return ndimage.gaussian_filter(field, [sigma_mm / s for s in self.sampling])

    def dilate(self, mask, radius_mm):
        return ndimage.distance_transform_edt(~mask, sampling=self.sampling) <= radius_mm

    def erode(self, mask, radius_mm):
        return ndimage.distance_transform_edt(mask, sampling=self.sampling) > radius_mm

    def close(self, mask, radius_mm):
        """Morphological closing by a ball; the volume continues unchanged beyond its border."""
        n = [int(np.ceil(radius_mm / s)) + 1 for s in self.sampling]
        padded = np.pad(mask, [(k, k) for k in n], mode="edge")
        closed = self.erode(self.dilate(padded, radius_mm), radius_mm)
        return closed[tuple(slice(k, -k) for k in n)] | mask

    def open(self, mask, radius_mm):
        return self.dilate(self.erode(mask, radius_mm), radius_mm) & mask

    def distance(self, field):
        """A true signed distance for the region where `field` is positive."""
        return self.of_mask(field > 0)

    def volume_cm3(self, mask):
        return float(mask.sum()) * float(np.prod(self.spacing)) / 1000


def largest_component(mask):
    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return labels == sizes.argmax()


def fill_slices(mask):
    """Every axial slice without holes."""
    return np.stack([ndimage.binary_fill_holes(s) for s in mask])
