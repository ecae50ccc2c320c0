"""The head CT inside InVesalius' example project, brought into DICOM patient order."""

import plistlib
import tarfile

import numpy as np


class Cranium:
    """CT numbers as `hu[z][y][x]`: x to the patient's left, y to posterior, z to superior (LPS).

    `spacing` is (x, y, z) in mm and `origin` the centre of voxel 0, 0, 0 in mm.
    """

    def __init__(self, path):
        with tarfile.open(path, "r:gz") as archive:
            members = {m.name.rsplit("/", 1)[-1]: m for m in archive.getmembers() if m.isfile()}
            project = plistlib.load(archive.extractfile(members["main.plist"]))
            matrix = project["matrix"]
            if matrix["dtype"] != "int16":
                raise SystemExit(f"{path}: matrix is {matrix['dtype']} (int16 expected)")
            raw = archive.extractfile(members[matrix["filename"]]).read()
        shape = tuple(matrix["shape"])
        stored = np.frombuffer(raw, dtype="<i2").reshape(shape)
        # InVesalius keeps its rows from posterior to anterior (the picture convention of VTK) and its slices from
        # inferior to superior. DICOM's LPS axes for a head-first supine patient want rows from anterior to
        # posterior: flip the rows. Columns already run from the patient's right to the left.
        self.hu = np.ascontiguousarray(stored[:, ::-1, :])
        self.spacing = tuple(float(s) for s in project["spacing"])
        nz, ny, nx = shape
        self.origin = (-(nx - 1) / 2 * self.spacing[0], -(ny - 1) / 2 * self.spacing[1], 0.0)
        self._check_orientation(path)

    def position(self, x, y, z):
        """DICOM patient coordinates (mm) of voxel indices."""
        return tuple(o + s * i for o, s, i in zip(self.origin, self.spacing, (x, y, z)))

    def _check_orientation(self, path):
        """The frontal sinus and nasal cavity must lie anterior, the closed skull cap superior."""
        nz, ny, nx = self.hu.shape
        inner = slice(nx // 2 - 20, nx // 2 + 20)
        lower = self.hu[: nz // 2, ny // 8 : 7 * ny // 8, inner] < -500
        anterior = int(lower[:, : lower.shape[1] // 3].sum())
        posterior = int(lower[:, 2 * lower.shape[1] // 3 :].sum())
        bone = (self.hu > 300).sum(axis=(1, 2))
        if anterior <= posterior or bone[-5:].mean() >= bone[:20].mean():
            raise SystemExit(f"{path}: the head is not oriented as expected (air in front, vertex on top)")
