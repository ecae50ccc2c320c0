#include "shim.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iconv.h>

using namespace kasane;

extern "C" int kasane_dicom_japanese_to_utf8(
    const char *text, size_t length, char **utf8, size_t *count) {
    *utf8 = nullptr;
    *count = 0;
    return guarded<int>(KASANE_DICOM_FAILED, [&] {
        iconv_t converter = iconv_open("UTF-8", "ISO-2022-JP-2");
        if (converter == reinterpret_cast<iconv_t>(-1)) {
            setError("the C library has no table for ISO-2022-JP-2");
            return static_cast<int>(KASANE_DICOM_FAILED);
        }
        std::string input(text, length);
        // A character of two bytes becomes at most four bytes of UTF-8.
        const size_t capacity = 4 * length + 16;
        auto output = static_cast<char *>(std::malloc(capacity));
        char *in = input.empty() ? nullptr : &input[0];
        char *out = output;
        size_t inLeft = length, outLeft = output ? capacity : 0;
        const size_t result = iconv(converter, &in, &inLeft, &out, &outLeft);
        iconv_close(converter);
        if (!output) throw std::bad_alloc();
        if (result == static_cast<size_t>(-1)) {
            std::free(output);
            setError("the text does not follow its character set");
            return static_cast<int>(KASANE_DICOM_FAILED);
        }
        *utf8 = output;
        *count = capacity - outLeft;
        return static_cast<int>(KASANE_DICOM_OK);
    });
}
