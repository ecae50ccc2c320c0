#ifndef KASANE_CDCMTK_H
#define KASANE_CDCMTK_H
#ifdef __cplusplus
extern "C" {
#endif
/* Version text of the linked DCMTK. */
const char *kasane_dcmtk_version(void);
#ifdef __cplusplus
}
#endif
#endif
