"""Illustrative structures of the example head.

External and Brain are segmented from the CT numbers. Everything else is a simple smooth shape placed by hand from
landmarks seen in this CT; the numbers below are voxel indices (x, y, z) read off its slices. Nothing here was
drawn or approved by a clinician.
"""

from dataclasses import dataclass

import numpy as np

from fields import Grid, fill_slices, largest_component


@dataclass
class Structure:
    name: str
    interpreted_type: str
    colour: tuple
    description: str
    field: np.ndarray


# Sections of the brainstem: slice, centre x, y, half width mm, half depth mm. The foramen magnum lies between basion
# (x 130, y 141, z 8) and opisthion (y 180, z 3); the pons behind the clivus, the midbrain below the pineal gland
# (calcified, x 131, y 157, z 48).
FORAMEN_MAGNUM_Z = 6
BRAINSTEM = [
    (6, 130.7, 152.8, 5.6, 5.2),
    (9, 131.0, 153.2, 6.8, 5.4),
    (12, 131.0, 153.2, 8.0, 5.4),
    (15, 131.0, 153.6, 9.6, 5.6),
    (18, 131.0, 153.4, 11.5, 6.6),
    (21, 130.8, 152.6, 14.0, 8.2),
    (24, 130.7, 151.2, 16.0, 9.2),
    (27, 130.6, 149.4, 16.4, 9.6),
    (30, 130.5, 148.2, 15.6, 9.8),
    (33, 130.5, 148.2, 14.2, 10.0),
    (36, 130.5, 149.2, 13.4, 10.0),
    (39, 130.5, 150.6, 13.4, 9.6),
    (42, 130.5, 152.4, 13.2, 8.4),
    (44, 130.5, 153.6, 12.0, 7.0),
]
SPINAL_CORD = [(0, 130.4, 150.4, 5.0, 4.2), (2, 130.4, 150.9, 5.1, 4.3), (5, 130.6, 152.4, 5.6, 5.0)]

EYE_RADIUS_MM = 12.3
EYES = {"R": (101.4, 67.6, 39.3), "L": (160.6, 67.6, 42.6)}
# From the back of the eye through the optic canal (medial to the anterior clinoid process) to the chiasm.
OPTIC_NERVES = {
    "R": [(104.2, 79.5, 39.8, 2.4), (109.6, 87.0, 38.9, 2.2), (111.2, 94.0, 39.2, 2.0), (113.6, 100.0, 39.8, 1.9),
          (116.6, 105.5, 40.2, 1.9), (120.5, 111.0, 41.4, 2.0), (125.6, 117.0, 43.0, 2.0)],
    "L": [(157.6, 79.5, 42.3, 2.4), (153.5, 87.0, 40.4, 2.2), (151.2, 94.0, 39.4, 2.0), (147.4, 100.0, 39.7, 1.9),
          (144.2, 105.5, 40.2, 1.9), (140.3, 111.0, 41.4, 2.0), (135.4, 117.0, 43.0, 2.0)],
}  # fmt: skip
CHIASM = [
    [(124.6, 116.8, 43.0, 2.1), (130.5, 120.0, 43.6, 2.5), (136.4, 116.8, 43.0, 2.1)],
    [(123.4, 124.6, 44.4, 1.9), (130.5, 120.0, 43.6, 2.5), (137.6, 124.6, 44.4, 1.9)],
]
CHIASM_AND_NERVE_MEET_Y = 116.0

# The clivus runs from the dorsum sellae (y 127, z 38) to the basion; its middle third is the heart of the tumour.
CLIVAL_TUMOUR = [
    # centre, half axes (mm)
    ((131.0, 125.4, 28.5), (14.5, 9.0, 15.0)),
    ((130.0, 131.8, 19.0), (12.5, 8.2, 12.0)),
    ((137.0, 128.4, 25.0), (14.0, 7.6, 9.5)),
]
CTV_MARGIN_MM = 6.0
BRAINSTEM_GAP_MM = 1.0
CHIASM_GAP_MM = 2.0


# The part of the CT that holds everything but External and Brain: (z, y, x).
SKULL_BASE_BOX = ((0, 72), (40, 190), (55, 206))


def make_structures(ct):
    whole = Grid(ct.hu.shape, ct.spacing)
    external = _external(whole, ct.hu)
    brain = _brain(whole, ct.hu)

    grid = whole.part(SKULL_BASE_BOX)
    hu = grid.cut(ct.hu)
    # The cut between cord and brainstem lies in the plane of the foramen magnum.
    brainstem = grid.smooth(grid.column(BRAINSTEM), 0.8)
    brainstem = np.minimum(brainstem, (grid.z - FORAMEN_MAGNUM_Z + 0.5) * grid.spacing[2])
    cord = grid.column(SPINAL_CORD, exponent=2.0)
    eyes = {side: grid.ball(centre, EYE_RADIUS_MM) for side, centre in EYES.items()}
    nerves, chiasm = _optic_pathway(grid, eyes)
    lobes = {side: _temporal_lobe(grid, grid.cut(brain), sign) for side, sign in (("L", 1), ("R", -1))}
    air = grid.of_mask(grid.open(hu < -300, 1.5), 0.6)
    gtv = _tumour(grid, air, brainstem)
    ctv = _clinical_target(grid, air, gtv, brainstem, [chiasm, *nerves.values()], list(lobes.values()))

    organ, illustrative = "ORGAN", "simple shape placed from landmarks, illustrative"
    side_name = {"L": "left", "R": "right"}
    result = [
        Structure("External", "EXTERNAL", (0, 200, 90), "threshold at -350 HU, head rest removed", external),
        Structure("GTV", "GTV", (255, 40, 40), "invented clival tumour, illustrative", gtv),
        Structure("CTV", "CTV", (255, 150, 60), f"GTV + {CTV_MARGIN_MM:g} mm, edited, illustrative", ctv),
        Structure("Brainstem", organ, (255, 225, 60), illustrative, brainstem),
        Structure("OpticChiasm", organ, (60, 230, 255), illustrative, chiasm),
        Structure("SpinalCord", organ, (120, 170, 255), f"{illustrative}; only what the CT covers", cord),
        Structure("Brain", organ, (230, 170, 200), "thresholds and morphology inside the skull", brain),
    ]
    for s, shade in (("L", 0), ("R", 45)):
        name = side_name[s]
        result += [
            Structure(f"OpticNrv_{s}", organ, (40, 255 - shade, 160), f"{name}; {illustrative}", nerves[s]),
            Structure(f"Eye_{s}", organ, (110, 150 - shade, 255), f"{name}; {illustrative}", eyes[s]),
            Structure(f"Lobe_Temporal_{s}", organ, (205 - shade, 120, 255), f"{name}; {illustrative}", lobes[s]),
        ]
    for structure in result:
        if structure.field.shape != ct.hu.shape:
            structure.field = grid.embed(structure.field)
    return whole, result


def _external(grid, hu):
    body = largest_component(hu > -350)
    # Close nostrils and ear canals, then fill the air spaces inside.
    return grid.of_mask(fill_slices(grid.close(body, 6)), 1.0)


def _brain(grid, hu):
    # Closing the bone shuts foramina, sutures and the old bone defect, so that only the cranial cavity is left.
    shut = grid.close(hu > 180, 7)
    cavity = ~shut & (hu > -40) & (hu < 110)
    cavity[:FORAMEN_MAGNUM_Z] = False
    core = largest_component(grid.erode(cavity, 4))
    brain = grid.dilate(core, 6) & (hu > -40) & (hu < 130) & ~grid.dilate(hu > 250, 1)
    brain[:FORAMEN_MAGNUM_Z] = False
    brain = largest_component(grid.open(brain, 5))
    return np.minimum(grid.of_mask(fill_slices(brain), 1.5), (grid.z - FORAMEN_MAGNUM_Z + 0.5) * grid.spacing[2])


def _optic_pathway(grid, eyes):
    chiasm = np.maximum(*[grid.tube(points) for points in CHIASM])
    behind = (grid.y - CHIASM_AND_NERVE_MEET_Y) * grid.spacing[1]
    chiasm = np.minimum(chiasm, behind)
    nerves = {}
    for side, points in OPTIC_NERVES.items():
        nerve = np.minimum(grid.tube(points), -behind)
        nerves[side] = np.minimum(nerve, -eyes[side])
    return nerves, chiasm


def _temporal_lobe(grid, brain, sign):
    """Brain in the middle fossa: below the Sylvian fissure, above petrous ridge and tentorium, lateral to the
    cavernous sinus and the cisterns around the brainstem. The head is tilted: the left side lies higher."""
    lateral = sign * (grid.x - 130.5)
    tilt = 1.5 * sign * np.clip(lateral / 30, 0, 2)
    fissure = 41.5 + 0.40 * np.clip(lateral - 19, 0, 34) + 0.07 * (grid.y - 112) + tilt
    tentorium = 29 + 0.40 * np.clip(60 - lateral, 0, 45) + tilt
    ridge = 125 + 0.5 * lateral
    below_fissure = (fissure - grid.z) * grid.spacing[2]
    above_tentorium = np.maximum((grid.z - tentorium) * grid.spacing[2], (ridge - grid.y) * grid.spacing[1])
    cistern = np.interp(grid.y, [100, 118, 132, 145], [16.0, 17.0, 20.0, 21.0])
    medial = (lateral - cistern) * grid.spacing[0]
    rounded = grid.ellipsoid((130.5 + sign * 45, 124, 36 + sign * 1.5), (34, 46, 34))
    lobe = np.minimum.reduce(np.broadcast_arrays(below_fissure, above_tentorium, medial, rounded, brain))
    lobe = grid.of_mask(largest_component(lobe > 0), 3.5)
    return np.minimum(lobe, brain)


def _tumour(grid, air, brainstem):
    parts = [grid.ellipsoid(centre, axes) for centre, axes in CLIVAL_TUMOUR]
    field = grid.smooth(np.maximum.reduce(parts), 1.5)
    field = np.minimum.reduce([field, -air - 0.5, -grid.distance(brainstem) - 2.0])
    return grid.of_mask(largest_component(field > 0), 1.2)


def _clinical_target(grid, air, gtv, brainstem, optic_parts, lobes):
    grown = grid.smooth(grid.distance(gtv) + CTV_MARGIN_MM, 1.5)
    keep_out = [-grid.distance(brainstem) - BRAINSTEM_GAP_MM, -air - 0.3]
    keep_out += [-grid.distance(part) - CHIASM_GAP_MM for part in optic_parts]
    keep_out += [-grid.distance(lobe) for lobe in lobes]
    ctv = grid.of_mask(largest_component(np.minimum.reduce([grown, *keep_out]) > 0), 0.8)
    # Smoothing may not bring it back over the brainstem, nor make it smaller than the tumour.
    return np.maximum(np.minimum(ctv, -grid.distance(brainstem) - 0.5), gtv)
