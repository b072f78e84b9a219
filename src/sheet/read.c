#include "sheet/read.h"

#include <stdbool.h>
#include <string.h>

#include "sheet/csv.h"
#include "sheet/xlsx.h"

#define ZIP_MAGIC      "PK\x03\x04"
#define COMPOUND_MAGIC "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" // [MS-CFB], section 2.2

static bool begins_with(const void *bytes, size_t size, const char *magic)
{
    size_t length = strlen(magic);
    return size >= length && memcmp(bytes, magic, length) == 0;
}

enum err sheet_read(const void *bytes, size_t size, struct sheet **ret_sheet,
                    struct sheet_refusal *ret_refusal)
{
    if (begins_with(bytes, size, ZIP_MAGIC)) {
        return sheet_read_xlsx(bytes, size, ret_sheet, ret_refusal);
    }
    if (begins_with(bytes, size, COMPOUND_MAGIC)) {
        *ret_sheet = NULL;
        return sheet_refuse(ret_refusal, SHEET_OLD_EXCEL, 0, 0);
    }
    return sheet_read_csv(bytes, size, ret_sheet, ret_refusal);
}
