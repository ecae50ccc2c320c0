"""Makes the example case: `example_case.py Cranium.inv3 FOLDER [--pictures FOLDER]`.

FOLDER receives a CT series (CT.001.dcm ...), an RT Structure Set (RS.dcm) and a README.txt.
"""

import argparse
import os

from cranium import Cranium
from dicom_objects import ORIGIN, write_ct, write_structure_set
from pictures import above, beside, slice_picture, write_png
from structures import make_structures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("folder")
    parser.add_argument("--pictures", help="also draw overview pictures into this folder")
    arguments = parser.parse_args()

    ct = Cranium(arguments.source)
    grid, structures = make_structures(ct)
    os.makedirs(arguments.folder, exist_ok=True)
    instances = write_ct(ct, arguments.folder)
    contours = write_structure_set(ct, structures, instances, arguments.folder)
    with open(os.path.join(arguments.folder, "README.txt"), "w") as readme:
        readme.write(f"{ORIGIN}, GPL-2.\nThe structures are illustrative. Not for treatment.\n\n")
        readme.write(f"{'structure':18} {'volume/cm3':>10} {'contours':>8}\n")
        for s in structures:
            volume = grid.volume_cm3(s.field > 0)
            readme.write(f"{s.name:18} {volume:10.2f} {contours[s.name]:8d}\n")
    if arguments.pictures:
        draw(ct, structures, arguments.pictures)


def draw(ct, structures, folder):
    """Pictures that prove the orientation and show the structures."""
    os.makedirs(folder, exist_ok=True)
    plain = beside(
        slice_picture(ct, [], "axial", 42, 1.6),
        slice_picture(ct, [], "coronal", 103, 1.6),
        slice_picture(ct, [], "sagittal", 130, 1.6),
    )
    write_png(os.path.join(folder, "example-orientation.png"), plain)
    outlined = [s for s in structures if s.name != "Brain"]
    skull_base = ((0, 64), (50, 200), (60, 201))
    closer = beside(
        slice_picture(ct, outlined, "axial", 28, 2.5, box=skull_base),
        slice_picture(ct, outlined, "coronal", 127, 2.5, box=skull_base),
        slice_picture(ct, outlined, "sagittal", 130, 2.5, box=skull_base),
    )
    write_png(os.path.join(folder, "example-structures.png"), closer)
    sheets = [slice_picture(ct, structures, "axial", z, 1.2) for z in range(2, 98, 4)]
    write_png(
        os.path.join(folder, "example-axial-sheet.png"),
        above(*[beside(*sheets[i : i + 6]) for i in range(0, len(sheets), 6)]),
    )


if __name__ == "__main__":
    main()
