"""Writes the example case as a CT series and an RT Structure Set. The same input gives the same bytes."""

import os
import uuid

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, UID

from contours import area, closed_contours

CT_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
STRUCTURE_SET_STORAGE = "1.2.840.10008.5.1.4.1.1.481.3"
STUDY_COMPONENT = "1.2.840.10008.3.1.2.3.1"
NAMESPACE = uuid.UUID("5f1b3c0e-6d0a-4b7e-9f55-6b6173616e65")
MIN_CONTOUR_AREA = 1.0  # mm²; smaller crumbs are left out
ORIGIN = "Head CT of the InVesalius example project Cranium.inv3 (Debian package invesalius-examples)"


def uid(name):
    """A stable identifier under 2.25 made from a name."""
    return UID(f"2.25.{uuid.uuid5(NAMESPACE, name).int}")


def ds(value):
    """A number as a DICOM decimal string of at most 16 characters."""
    text = f"{value:.3f}"
    return "0" if float(text) == 0 else text


def _dataset(path, sop_class, sop_instance):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = sop_instance
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = uid("kasane example case writer")
    meta.ImplementationVersionName = "KASANE_EXAMPLE"
    data = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    data.is_little_endian, data.is_implicit_VR = True, False
    data.SOPClassUID, data.SOPInstanceUID = sop_class, sop_instance
    data.PatientName = "Example^Head"
    data.PatientID = "KASANE-HEAD"
    data.PatientBirthDate = ""
    data.PatientSex = ""
    data.PatientIdentityRemoved = "YES"
    data.DeidentificationMethod = "the source holds no identity"
    data.StudyInstanceUID = uid("study")
    data.StudyDate, data.StudyTime = "", ""
    data.StudyID = "1"
    data.AccessionNumber = ""
    data.ReferringPhysicianName = ""
    data.StudyDescription = "Example case, not a clinical study"
    data.FrameOfReferenceUID = uid("frame of reference")
    data.PositionReferenceIndicator = ""
    data.Manufacturer = "Kasane"
    data.ManufacturerModelName = "example case"
    return data


def _save(data, folder, name):
    data.save_as(os.path.join(folder, name), write_like_original=False)


def write_ct(ct, folder):
    """One file per slice; returns the SOP Instance UIDs from inferior to superior."""
    # Dates and scanner are empty: the source does not tell them.
    instances = []
    for index, hu in enumerate(ct.hu):
        name = f"CT.{index + 1:03d}.dcm"
        instance = uid(f"ct slice {index}")
        data = _dataset(name, CT_STORAGE, instance)
        data.Modality = "CT"
        data.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]
        data.DerivationDescription = f"{ORIGIN}; rows reversed, values unchanged"
        data.SeriesInstanceUID = uid("ct series")
        data.SeriesNumber = 1
        data.SeriesDescription = "Example head CT"
        data.SeriesDate, data.SeriesTime = "", ""
        data.PatientPosition = "HFS"
        data.BodyPartExamined = "HEAD"
        data.AcquisitionNumber = ""
        data.InstanceNumber = index + 1
        data.ContentDate, data.ContentTime = "", ""
        data.KVP = ""
        data.SliceThickness = ds(ct.spacing[2])
        position = ct.position(0, 0, index)
        data.ImagePositionPatient = [ds(v) for v in position]
        data.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
        data.SliceLocation = ds(position[2])
        data.SamplesPerPixel = 1
        data.PhotometricInterpretation = "MONOCHROME2"
        data.Rows, data.Columns = hu.shape
        data.PixelSpacing = [f"{ct.spacing[1]:.7f}", f"{ct.spacing[0]:.7f}"]
        data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
        data.PixelRepresentation = 0
        data.RescaleIntercept, data.RescaleSlope, data.RescaleType = "-1024", "1", "HU"
        data.WindowCenter, data.WindowWidth = "40", "400"
        stored = hu.astype(np.int32) + 1024
        if stored.min() < 0 or stored.max() > 4095:
            raise SystemExit(f"slice {index}: CT numbers outside -1024...3071 do not fit 12 bits")
        data.add_new("PixelData", "OW", stored.astype("<u2").tobytes())
        _save(data, folder, name)
        instances.append(instance)
    return instances


def write_structure_set(ct, structures, instances, folder):
    """Contours on every slice; returns the number of contours of each structure."""
    name = "RS.dcm"
    data = _dataset(name, STRUCTURE_SET_STORAGE, uid("structure set"))
    data.Modality = "RTSTRUCT"
    data.SeriesInstanceUID = uid("structure set series")
    data.SeriesNumber = 2
    data.SeriesDescription = "Illustrative structures"
    data.OperatorsName = ""
    data.InstanceNumber = 1
    data.StructureSetLabel = "ILLUSTRATIVE"
    data.StructureSetName = "Illustrative, not for treatment"
    data.StructureSetDescription = (
        "External and Brain are segmented from the CT numbers; all else are simple shapes placed by a script from "
        "landmarks of this CT. The tumour is invented. Not drawn or approved by a clinician."
    )
    data.StructureSetDate, data.StructureSetTime = "", ""
    data.ApprovalStatus = "UNAPPROVED"

    images = Sequence([_reference(CT_STORAGE, i) for i in instances])
    series = Dataset()
    series.SeriesInstanceUID = uid("ct series")
    series.ContourImageSequence = images
    study = _reference(STUDY_COMPONENT, uid("study"))
    study.RTReferencedSeriesSequence = Sequence([series])
    frame = Dataset()
    frame.FrameOfReferenceUID = data.FrameOfReferenceUID
    frame.RTReferencedStudySequence = Sequence([study])
    data.ReferencedFrameOfReferenceSequence = Sequence([frame])

    rois, contour_items, observations, counts = [], [], [], {}
    for number, structure in enumerate(structures, start=1):
        roi = Dataset()
        roi.ROINumber = number
        roi.ReferencedFrameOfReferenceUID = data.FrameOfReferenceUID
        roi.ROIName = structure.name
        roi.ROIDescription = structure.description
        roi.ROIGenerationAlgorithm = "AUTOMATIC"
        rois.append(roi)
        item = Dataset()
        item.ReferencedROINumber = number
        item.ROIDisplayColor = [str(c) for c in structure.colour]
        item.ContourSequence = Sequence(_contours(ct, structure.field, instances))
        contour_items.append(item)
        counts[structure.name] = len(item.ContourSequence)
        observation = Dataset()
        observation.ObservationNumber = number
        observation.ReferencedROINumber = number
        observation.RTROIInterpretedType = structure.interpreted_type
        observation.ROIInterpreter = ""
        observations.append(observation)
    data.StructureSetROISequence = Sequence(rois)
    data.ROIContourSequence = Sequence(contour_items)
    data.RTROIObservationsSequence = Sequence(observations)
    _save(data, folder, name)
    return counts


def _reference(sop_class, instance):
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class
    item.ReferencedSOPInstanceUID = instance
    return item


def _contours(ct, field, instances):
    pixel = ct.spacing[0] * ct.spacing[1]
    items = []
    for index, instance in enumerate(instances):
        if not (field[index] > 0).any():
            continue
        for polygon in closed_contours(field[index].astype(np.float64)):
            # Holes wind the other way; the structures here are meant without them.
            if area(polygon) * pixel < MIN_CONTOUR_AREA:
                continue
            item = Dataset()
            item.ContourImageSequence = Sequence([_reference(CT_STORAGE, instance)])
            item.ContourGeometricType = "CLOSED_PLANAR"
            item.NumberOfContourPoints = len(polygon)
            item.ContourNumber = len(items) + 1
            flat = [ds(v) for x, y in polygon for v in ct.position(x, y, index)]
            item.ContourData = flat
            items.append(item)
    return items
