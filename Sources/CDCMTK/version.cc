#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcuid.h"
#include "CDCMTK.h"
extern "C" const char *kasane_dcmtk_version(void) { return OFFIS_DCMTK_VERSION_STRING; }
