#include "shim.h"

#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmdata/dcrlerp.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpeg/djrplol.h"
#include "dcmtk/dcmjpeg/djrploss.h"
#include "dcmtk/dcmjpls/djdecode.h"
#include "dcmtk/dcmjpls/djencode.h"
#include "dcmtk/dcmjpls/djrparam.h"
#include "dcmtk/oflog/oflog.h"

#include <cstdlib>
#include <cstring>
#include <mutex>

using namespace kasane;

namespace {
thread_local std::string lastError;
}

void kasane::setError(const std::string &text) { lastError = text; }

extern "C" const char *kasane_dcmtk_version(void) { return OFFIS_DCMTK_VERSION_STRING; }

extern "C" const char *kasane_dicom_last_error(void) { return lastError.c_str(); }

extern "C" void kasane_dicom_release(void *memory) { std::free(memory); }

extern "C" void kasane_dicom_initialise(void) {
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
        DcmRLEEncoderRegistration::registerCodecs();
        DJEncoderRegistration::registerCodecs();
        // Raw encoding: the "cooked" one of DCMTK 3.6.7 writes beyond a buffer (found with MALLOC_CHECK_=3).
        DJLSEncoderRegistration::registerCodecs(0, 0, 0, 0, OFFalse);
        // A known element written as UN because it is too long for a 16-bit length is read as what it is.
        dcmEnableUnknownVRConversion.set(OFTrue);
    });
}

extern "C" int kasane_dicom_has_dictionary(void) { return dcmDataDict.isDictionaryLoaded(); }

extern "C" kasane_dicom_file *kasane_dicom_file_create(void) {
    kasane_dicom_initialise();
    return guarded<kasane_dicom_file *>(nullptr, [] { return new kasane_dicom_file; });
}

extern "C" kasane_dicom_file *kasane_dicom_file_read(const char *path, uint32_t deferred_above) {
    kasane_dicom_initialise();
    return guarded<kasane_dicom_file *>(nullptr, [&]() -> kasane_dicom_file * {
        auto file = new kasane_dicom_file;
        OFCondition condition;
        try {
            condition = file->format.loadFile(
                path, EXS_Unknown, EGL_noChange, deferred_above, ERM_autoDetect);
        } catch (...) {
            delete file;
            throw;
        }
        if (condition.good()) return file;
        setError(condition.text());
        delete file;
        return nullptr;
    });
}

extern "C" void kasane_dicom_file_close(kasane_dicom_file *file) {
    guarded<int>(0, [&] {
        delete file;
        return 0;
    });
}

extern "C" kasane_dicom_item *kasane_dicom_file_dataset(kasane_dicom_file *file) {
    return handle(file->format.getDataset());
}

extern "C" kasane_dicom_item *kasane_dicom_file_meta(kasane_dicom_file *file) {
    return handle(file->format.getMetaInfo());
}

extern "C" const char *kasane_dicom_file_transfer_syntax(kasane_dicom_file *file) {
    return DcmXfer(file->format.getDataset()->getOriginalXfer()).getXferID();
}

extern "C" int kasane_dicom_file_convert_to_utf8(kasane_dicom_file *file) {
    return guarded<int>(
        KASANE_DICOM_FAILED, [&] { return checked(file->format.getDataset()->convertToUTF8()); });
}

namespace {
/// Makes the pixel data be what the transfer syntax stores; nothing to do without pixel data.
OFCondition represent(DcmDataset *dataset, E_TransferSyntax transfer) {
    switch (transfer) {
    case EXS_JPEGProcess14:
    case EXS_JPEGProcess14SV1: {
        DJ_RPLossless parameter;
        return dataset->chooseRepresentation(transfer, &parameter);
    }
    case EXS_JPEGLSLossless: {
        DJLSRepresentationParameter parameter(0, OFTrue);
        return dataset->chooseRepresentation(transfer, &parameter);
    }
    case EXS_JPEGProcess1: {
        DJ_RPLossy parameter(90);
        return dataset->chooseRepresentation(transfer, &parameter);
    }
    case EXS_RLELossless: {
        DcmRLERepresentationParameter parameter;
        return dataset->chooseRepresentation(transfer, &parameter);
    }
    default: return dataset->chooseRepresentation(transfer, nullptr);
    }
}
} // namespace

extern "C" int kasane_dicom_file_write(
    kasane_dicom_file *file, const char *path, const char *transfer_syntax_uid) {
    kasane_dicom_initialise();
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        const E_TransferSyntax transfer = DcmXfer(transfer_syntax_uid).getXfer();
        if (transfer == EXS_Unknown) {
            setError(std::string("unknown transfer syntax ") + transfer_syntax_uid);
            return static_cast<int>(KASANE_DICOM_FAILED);
        }
        DcmDataset *dataset = file->format.getDataset();
        if (dataset->tagExists(DCM_PixelData)) {
            const OFCondition condition = represent(dataset, transfer);
            if (condition.bad()) return checked(condition);
        }
        if (!dataset->canWriteXfer(transfer)) {
            setError("the pixel data cannot be written in this transfer syntax");
            return static_cast<int>(KASANE_DICOM_FAILED);
        }
        return checked(file->format.saveFile(path, transfer, EET_ExplicitLength, EGL_recalcGL));
    });
}

extern "C" int kasane_dicom_can_decode(const char *transfer_syntax_uid) {
    kasane_dicom_initialise();
    return guarded<int>(0, [&] {
        const DcmXfer transfer(transfer_syntax_uid);
        if (transfer.getXfer() == EXS_Unknown) return 0;
        if (!transfer.isEncapsulated()) return 1;
        return DcmCodecList::canChangeCoding(transfer.getXfer(), EXS_LittleEndianExplicit) ? 1 : 0;
    });
}

extern "C" const char *kasane_dicom_uid_name(const char *uid) {
    return dcmFindNameOfUID(uid, nullptr);
}

extern "C" int kasane_dicom_file_pixels(kasane_dicom_file *file, uint8_t **bytes, size_t *count) {
    kasane_dicom_initialise();
    *bytes = nullptr;
    *count = 0;
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        DcmDataset *dataset = file->format.getDataset();
        DcmElement *element = nullptr;
        if (dataset->findAndGetElement(DCM_PixelData, element).bad() || !element)
            return static_cast<int>(KASANE_DICOM_ABSENT);
        // Compressed frames have no length as an element of values.
        if (!DcmXfer(dataset->getOriginalXfer()).isEncapsulated() && element->getLength() == 0)
            return static_cast<int>(KASANE_DICOM_EMPTY);
        OFCondition condition = dataset->chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
        if (condition.bad()) return checked(condition);
        condition = dataset->findAndGetElement(DCM_PixelData, element);
        if (condition.bad()) return checked(condition);
        const size_t length = element->getLength();
        const void *source = nullptr;
        Uint16 *words = nullptr;
        condition = element->getUint16Array(words);
        if (condition.good()) {
            source = words;
        } else {
            Uint8 *single = nullptr;
            condition = element->getUint8Array(single);
            source = single;
        }
        if (condition.bad()) return checked(condition);
        if (!source) {
            setError("the pixel data cannot be read from the file");
            return static_cast<int>(KASANE_DICOM_FAILED);
        }
        auto copy = static_cast<uint8_t *>(std::malloc(length ? length : 1));
        if (!copy) throw std::bad_alloc();
        std::memcpy(copy, source, length);
        *bytes = copy;
        *count = length;
        return static_cast<int>(KASANE_DICOM_OK);
    });
}
