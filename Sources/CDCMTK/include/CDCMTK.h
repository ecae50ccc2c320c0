/* The whole of DCMTK that Kasane uses, as plain C. No other file of the project sees DCMTK.
 *
 * Rules: every function catches C++ exceptions; a function that fails says why through
 * kasane_dicom_last_error() of the calling thread. A kasane_dicom_item is borrowed from its file and lives
 * as long as the file does and the item is not removed. Memory handed out through `**` is released with
 * kasane_dicom_release(). Files may be used from several threads at once, one file from one thread only.
 */
#ifndef KASANE_CDCMTK_H
#define KASANE_CDCMTK_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A DICOM file in memory (meta information and dataset). */
typedef struct kasane_dicom_file kasane_dicom_file;
/* A dataset or an item of a sequence. */
typedef struct kasane_dicom_item kasane_dicom_item;

/* What a function that looks something up answers. */
enum {
    KASANE_DICOM_OK = 0,
    KASANE_DICOM_ABSENT = 1, /* the element is not there */
    KASANE_DICOM_EMPTY = 2,  /* the element is there without a value */
    KASANE_DICOM_FAILED = -1 /* see kasane_dicom_last_error() */
};

/* Version text of the linked DCMTK. */
const char *kasane_dcmtk_version(void);
/* Registers the codecs and silences DCMTK's own log; idempotent, called by the functions that need it. */
void kasane_dicom_initialise(void);
/* Whether the data dictionary was found. */
int kasane_dicom_has_dictionary(void);
/* Why the last call of this thread failed. */
const char *kasane_dicom_last_error(void);
/* Releases memory that a function of this header handed out. */
void kasane_dicom_release(void *memory);

/* ---- files ---- */

/* Reads a DICOM Part 10 file. Values longer than `deferred_above` bytes are left in the file until they are
 * asked for. NULL on failure. */
kasane_dicom_file *kasane_dicom_file_read(const char *path, uint32_t deferred_above);
/* An empty file. NULL on failure. */
kasane_dicom_file *kasane_dicom_file_create(void);
void kasane_dicom_file_close(kasane_dicom_file *file);
kasane_dicom_item *kasane_dicom_file_dataset(kasane_dicom_file *file);
kasane_dicom_item *kasane_dicom_file_meta(kasane_dicom_file *file);
/* UID of the transfer syntax the dataset was read in. */
const char *kasane_dicom_file_transfer_syntax(kasane_dicom_file *file);
/* Converts all text to UTF-8 as Specific Character Set says. DCMTK cannot do the Japanese sets of two bytes with
 * the C library's tables: see kasane_dicom_japanese_to_utf8(). */
int kasane_dicom_file_convert_to_utf8(kasane_dicom_file *file);
/* Writes the file in the transfer syntax of that UID, compressing the pixel data if it asks for it. */
int kasane_dicom_file_write(kasane_dicom_file *file, const char *path, const char *transfer_syntax_uid);
/* Decompressed Pixel Data as a stream of little-endian 16-bit words (OW) or of bytes. */
int kasane_dicom_file_pixels(kasane_dicom_file *file, uint8_t **bytes, size_t *count);
/* Whether DCMTK can decode pixel data of that transfer syntax. */
int kasane_dicom_can_decode(const char *transfer_syntax_uid);
/* Name of a UID after the standard, or NULL. */
const char *kasane_dicom_uid_name(const char *uid);

/* Text with the escape sequences of ISO 2022 IR 6, 14, 87 and 159 as UTF-8. */
int kasane_dicom_japanese_to_utf8(const char *text, size_t length, char **utf8, size_t *count);

/* ---- elements ---- */

/* Keyword of a tag after the data dictionary, written to `buffer`; empty if it is not in the dictionary. */
void kasane_dicom_keyword(uint16_t group, uint16_t element, char *buffer, size_t capacity);
/* Value representation of a tag after the data dictionary, two letters; empty if it is not there. */
void kasane_dicom_vr(uint16_t group, uint16_t element, char *buffer, size_t capacity);
/* KASANE_DICOM_OK (with a value), _EMPTY or _ABSENT. */
int kasane_dicom_state(kasane_dicom_item *item, uint16_t group, uint16_t element);
/* The whole value as text, values separated by backslashes, not ended by a zero byte. */
int kasane_dicom_get_text(
    kasane_dicom_item *item, uint16_t group, uint16_t element, char **text, size_t *length);
/* The values as numbers: DS, IS, FL, FD, US, SS, UL, SL. */
int kasane_dicom_get_numbers(
    kasane_dicom_item *item, uint16_t group, uint16_t element, double **values, size_t *count);
/* Number of items of a sequence; -1 if it is absent or no sequence. */
long kasane_dicom_item_count(kasane_dicom_item *item, uint16_t group, uint16_t element);
/* Fills in the items of a sequence, at most `capacity`; the number filled, -1 if absent or no sequence. */
long kasane_dicom_items(
    kasane_dicom_item *item, uint16_t group, uint16_t element, kasane_dicom_item **items,
    size_t capacity);

/* `vr` of the setters: two letters, or NULL for that of the data dictionary. */
int kasane_dicom_put_text(
    kasane_dicom_item *item, uint16_t group, uint16_t element, const char *vr, const char *text,
    size_t length);
int kasane_dicom_put_floats(
    kasane_dicom_item *item, uint16_t group, uint16_t element, const float *values, size_t count);
int kasane_dicom_put_words(
    kasane_dicom_item *item, uint16_t group, uint16_t element, const uint16_t *values,
    size_t count);
/* Appends an item to a sequence, which is made if it is not there. NULL on failure. */
kasane_dicom_item *kasane_dicom_append_item(
    kasane_dicom_item *item, uint16_t group, uint16_t element);
/* Removes an element; absent ones are no error. */
int kasane_dicom_remove(kasane_dicom_item *item, uint16_t group, uint16_t element);

#ifdef __cplusplus
}
#endif
#endif
