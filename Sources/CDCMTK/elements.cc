#include "shim.h"

#include <clocale>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <locale.h>
#include <memory>
#include <vector>

using namespace kasane;

namespace {
/// The element, or null if it is absent.
DcmElement *find(kasane_dicom_item *handle, uint16_t group, uint16_t element) {
    DcmElement *found = nullptr;
    if (item(handle)->findAndGetElement(DcmTagKey(group, element), found).bad()) return nullptr;
    return found;
}

/// A new element of the dictionary's VR, or of `vr`.
DcmElement *make(uint16_t group, uint16_t element, const char *vr) {
    const DcmTag tag = vr ? DcmTag(group, element, DcmVR(vr)) : DcmTag(group, element);
    // For a tag that is newer than the dictionary DCMTK makes an element of unknown representation.
    if (tag.getEVR() == EVR_CS) return new DcmCodeString(tag);
    DcmElement *made = nullptr;
    const OFCondition condition = DcmItem::newDicomElement(made, tag);
    if (condition.bad() || !made) {
        setError(condition.bad() ? condition.text() : "the element is not in the data dictionary");
        delete made;
        return nullptr;
    }
    return made;
}

/// Puts the element into the item, which then owns it.
int insert(kasane_dicom_item *target, DcmElement *element, const OFCondition &filled) {
    OFCondition condition = filled;
    if (condition.good()) condition = item(target)->insert(element, OFTrue);
    if (condition.bad()) delete element;
    return checked(condition);
}

/// Text as bytes: padding at the end is cut.
OFCondition textOf(DcmElement *element, std::string &text) {
    OFString joined;
    const OFCondition condition = element->getOFStringArray(joined, OFFalse);
    if (condition.good()) text.assign(joined.data(), joined.size());
    return condition;
}

/// Numbers of a decimal or integer string; false with the reason kept if one is not a number.
bool parseNumbers(const std::string &text, std::vector<double> &values) {
    static const locale_t plain = newlocale(LC_ALL_MASK, "C", static_cast<locale_t>(0));
    size_t begin = 0;
    while (true) {
        const size_t end = std::min(text.find('\\', begin), text.size());
        size_t from = begin, to = end;
        while (from < to && (text[from] == ' ' || text[from] == '\0')) ++from;
        while (to > from && (text[to - 1] == ' ' || text[to - 1] == '\0')) --to;
        const std::string part = text.substr(from, to - from);
        char *stop = nullptr;
        const double value = part.empty() ? 0 : strtod_l(part.c_str(), &stop, plain);
        const bool plainText = part.find_first_not_of("0123456789+-.eE") == std::string::npos;
        if (part.empty() || !plainText || *stop != '\0' || !std::isfinite(value)) {
            setError("'" + part + "' is not a number");
            return false;
        }
        values.push_back(value);
        if (end == text.size()) return true;
        begin = end + 1;
    }
}

template <typename Value> void append(const Value *source, size_t count, std::vector<double> &values) {
    if (source) values.insert(values.end(), source, source + count);
}
} // namespace

extern "C" void kasane_dicom_keyword(
    uint16_t group, uint16_t element, char *buffer, size_t capacity) {
    if (capacity == 0) return;
    buffer[0] = '\0';
    guarded<int>(0, [&] {
        DcmTag tag(group, element);
        const char *name = tag.getTagName();
        if (name && std::strcmp(name, DcmTag_ERROR_TagName) != 0) {
            std::strncpy(buffer, name, capacity - 1);
            buffer[capacity - 1] = '\0';
        }
        return 0;
    });
}

extern "C" void kasane_dicom_vr(
    uint16_t group, uint16_t element, char *buffer, size_t capacity) {
    if (capacity < 3) return;
    buffer[0] = '\0';
    guarded<int>(0, [&] {
        const DcmVR vr = DcmTag(group, element).getVR();
        if (vr.isStandard()) std::strncpy(buffer, vr.getVRName(), capacity);
        return 0;
    });
}

extern "C" int kasane_dicom_state(kasane_dicom_item *handle, uint16_t group, uint16_t element) {
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        DcmElement *found = find(handle, group, element);
        if (!found) return static_cast<int>(KASANE_DICOM_ABSENT);
        if (auto sequence = dynamic_cast<DcmSequenceOfItems *>(found);
            sequence && found->ident() == EVR_SQ)
            return static_cast<int>(sequence->card() ? KASANE_DICOM_OK : KASANE_DICOM_EMPTY);
        return static_cast<int>(found->getLength() ? KASANE_DICOM_OK : KASANE_DICOM_EMPTY);
    });
}

extern "C" int kasane_dicom_get_text(
    kasane_dicom_item *handle, uint16_t group, uint16_t element, char **text, size_t *length) {
    *text = nullptr;
    *length = 0;
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        DcmElement *found = find(handle, group, element);
        if (!found) return static_cast<int>(KASANE_DICOM_ABSENT);
        if (found->getLength() == 0) return static_cast<int>(KASANE_DICOM_EMPTY);
        std::string value;
        const OFCondition condition = textOf(found, value);
        if (condition.bad()) return checked(condition);
        if (value.empty()) return static_cast<int>(KASANE_DICOM_EMPTY);
        auto copy = static_cast<char *>(std::malloc(value.size()));
        if (!copy) throw std::bad_alloc();
        std::memcpy(copy, value.data(), value.size());
        *text = copy;
        *length = value.size();
        return static_cast<int>(KASANE_DICOM_OK);
    });
}

extern "C" int kasane_dicom_get_numbers(
    kasane_dicom_item *handle, uint16_t group, uint16_t element, double **numbers, size_t *count) {
    *numbers = nullptr;
    *count = 0;
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        DcmElement *found = find(handle, group, element);
        if (!found) return static_cast<int>(KASANE_DICOM_ABSENT);
        const size_t length = found->getLength();
        if (length == 0) return static_cast<int>(KASANE_DICOM_EMPTY);
        std::vector<double> values;
        OFCondition condition = EC_Normal;
        switch (found->ident()) {
        case EVR_DS:
        case EVR_IS: {
            std::string text;
            condition = textOf(found, text);
            if (condition.bad()) break;
            if (text.find_first_not_of(" \\") == std::string::npos)
                return static_cast<int>(KASANE_DICOM_EMPTY);
            if (!parseNumbers(text, values)) return static_cast<int>(KASANE_DICOM_FAILED);
            break;
        }
        case EVR_FL: {
            Float32 *source = nullptr;
            condition = found->getFloat32Array(source);
            append(source, length / 4, values);
            break;
        }
        case EVR_FD: {
            Float64 *source = nullptr;
            condition = found->getFloat64Array(source);
            append(source, length / 8, values);
            break;
        }
        case EVR_US: {
            Uint16 *source = nullptr;
            condition = found->getUint16Array(source);
            append(source, length / 2, values);
            break;
        }
        case EVR_SS: {
            Sint16 *source = nullptr;
            condition = found->getSint16Array(source);
            append(source, length / 2, values);
            break;
        }
        case EVR_UL: {
            Uint32 *source = nullptr;
            condition = found->getUint32Array(source);
            append(source, length / 4, values);
            break;
        }
        case EVR_SL: {
            Sint32 *source = nullptr;
            condition = found->getSint32Array(source);
            append(source, length / 4, values);
            break;
        }
        default:
            setError(std::string("value representation ") + DcmVR(found->ident()).getVRName()
                     + " holds no numbers");
            return static_cast<int>(KASANE_DICOM_FAILED);
        }
        if (condition.bad()) return checked(condition);
        if (values.empty()) {
            setError("the value cannot be read from the file");
            return static_cast<int>(KASANE_DICOM_FAILED);
        }
        auto copy = static_cast<double *>(std::malloc(values.size() * sizeof(double)));
        if (!copy) throw std::bad_alloc();
        std::memcpy(copy, values.data(), values.size() * sizeof(double));
        *numbers = copy;
        *count = values.size();
        return static_cast<int>(KASANE_DICOM_OK);
    });
}

extern "C" long kasane_dicom_item_count(
    kasane_dicom_item *handle, uint16_t group, uint16_t element) {
    return guarded<long>(-1, [&]() -> long {
        DcmElement *found = find(handle, group, element);
        if (!found || found->ident() != EVR_SQ) return -1;
        auto sequence = dynamic_cast<DcmSequenceOfItems *>(found);
        return sequence ? static_cast<long>(sequence->card()) : -1;
    });
}

extern "C" long kasane_dicom_items(
    kasane_dicom_item *target, uint16_t group, uint16_t element, kasane_dicom_item **items,
    size_t capacity) {
    return guarded<long>(-1, [&]() -> long {
        DcmElement *found = find(target, group, element);
        if (!found || found->ident() != EVR_SQ) return -1;
        auto sequence = dynamic_cast<DcmSequenceOfItems *>(found);
        if (!sequence) return -1;
        size_t filled = 0;
        DcmObject *next = nullptr;
        while (filled < capacity && (next = sequence->nextInContainer(next)) != nullptr) {
            auto nested = dynamic_cast<DcmItem *>(next);
            if (nested) items[filled++] = kasane::handle(nested);
        }
        return static_cast<long>(filled);
    });
}

extern "C" int kasane_dicom_put_text(
    kasane_dicom_item *target, uint16_t group, uint16_t element, const char *vr, const char *text,
    size_t length) {
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        DcmElement *made = make(group, element, vr);
        if (!made) return static_cast<int>(KASANE_DICOM_FAILED);
        OFCondition condition = EC_Normal;
        if (length) {
            const OFString value(text, length);
            condition = made->putString(value.c_str(), static_cast<Uint32>(value.size()));
        }
        return insert(target, made, condition);
    });
}

extern "C" int kasane_dicom_put_floats(
    kasane_dicom_item *target, uint16_t group, uint16_t element, const float *values,
    size_t count) {
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        DcmElement *made = make(group, element, "FL");
        if (!made) return static_cast<int>(KASANE_DICOM_FAILED);
        return insert(target, made, made->putFloat32Array(values, static_cast<unsigned long>(count)));
    });
}

extern "C" int kasane_dicom_put_words(
    kasane_dicom_item *target, uint16_t group, uint16_t element, const uint16_t *values,
    size_t count) {
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        // The dictionary's representation of Pixel Data, "OB or OW", makes the element one that can be compressed.
        return checked(item(target)->putAndInsertUint16Array(
            DcmTag(group, element), values, static_cast<unsigned long>(count)));
    });
}

extern "C" kasane_dicom_item *kasane_dicom_append_item(
    kasane_dicom_item *target, uint16_t group, uint16_t element) {
    return guarded<kasane_dicom_item *>(nullptr, [&]() -> kasane_dicom_item * {
        DcmItem *made = nullptr;
        const OFCondition condition =
            item(target)->findOrCreateSequenceItem(DcmTag(group, element), made, -2);
        if (condition.bad()) {
            setError(condition.text());
            return nullptr;
        }
        return handle(made);
    });
}

extern "C" int kasane_dicom_remove(kasane_dicom_item *target, uint16_t group, uint16_t element) {
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        delete item(target)->remove(DcmTagKey(group, element));
        return static_cast<int>(KASANE_DICOM_OK);
    });
}
