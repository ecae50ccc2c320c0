// What the files of the shim share. Include first: it brings DCMTK's configuration.
#pragma once
#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dctk.h"

#include <exception>
#include <new>
#include <string>

#include "CDCMTK.h"

struct kasane_dicom_file {
    DcmFileFormat format;
};

namespace kasane {
/// Keeps the reason for kasane_dicom_last_error().
void setError(const std::string &text);

inline DcmItem *item(kasane_dicom_item *handle) { return reinterpret_cast<DcmItem *>(handle); }
inline kasane_dicom_item *handle(DcmItem *item) {
    return reinterpret_cast<kasane_dicom_item *>(item);
}

/// Runs `body` so that no C++ exception leaves it.
template <typename Result, typename Body> Result guarded(Result failed, Body body) {
    try {
        return body();
    } catch (const std::bad_alloc &) {
        setError("not enough memory for the lengths that the file declares");
    } catch (const std::exception &error) {
        setError(error.what());
    } catch (...) {
        setError("unknown failure inside DCMTK");
    }
    return failed;
}

/// KASANE_DICOM_OK, or keeps the reason and answers KASANE_DICOM_FAILED.
inline int checked(const OFCondition &condition) {
    if (condition.good()) return KASANE_DICOM_OK;
    setError(condition.text());
    return KASANE_DICOM_FAILED;
}
} // namespace kasane
