#include "sheet/package.h"
#include "sheet/strings.h"
#include "sheet/styles.h"
#include "sheet/workbook.h"
#include "sheet/worksheet.h"
#include "sheet/xlsx.h"

struct parts {
    struct package *package;
    struct workbook workbook;
    struct strings *strings;
    struct styles *styles;
    struct sheet *sheet;
};

static enum err read_cells(struct parts *parts, struct sheet_refusal *ret_refusal)
{
    const struct worksheet_source source = {
        .package = parts->package,
        .name = parts->workbook.sheet,
        .strings = parts->strings,
        .styles = parts->styles,
        .from_1904 = parts->workbook.from_1904,
    };
    parts->sheet = sheet_create();
    if (parts->sheet == NULL) {
        return ERR_FULL;
    }
    enum err err = worksheet_read(&source, parts->sheet, ret_refusal);
    if (err == ERR_NOT_FOUND) {
        return sheet_refuse(ret_refusal, SHEET_NO_SHEET, 0, 0);
    }
    if (err == ERR_NONE && sheet_rows(parts->sheet) == 0) {
        return sheet_refuse(ret_refusal, SHEET_EMPTY, 0, 0);
    }
    return err == ERR_NONE ? sheet_settle(parts->sheet, ret_refusal) : err;
}

static enum err read_parts(struct parts *parts, struct sheet_refusal *ret_refusal)
{
    enum err err = workbook_read(parts->package, &parts->workbook, ret_refusal);
    if (err == ERR_NONE) {
        err = styles_read(parts->package, parts->workbook.styles, &parts->styles, ret_refusal);
    }
    if (err == ERR_NONE) {
        err = strings_read(parts->package, parts->workbook.strings, &parts->strings, ret_refusal);
    }
    return err == ERR_NONE ? read_cells(parts, ret_refusal) : err;
}

enum err sheet_read_xlsx(const void *bytes, size_t size, struct sheet **ret_sheet,
                         struct sheet_refusal *ret_refusal)
{
    struct parts parts = {0};
    *ret_sheet = NULL;
    *ret_refusal = (struct sheet_refusal){.reason = SHEET_GOOD};
    enum err err = package_open(bytes, size, &parts.package, ret_refusal);
    if (err != ERR_NONE) {
        return err;
    }
    err = read_parts(&parts, ret_refusal);
    styles_destroy(parts.styles);
    strings_destroy(parts.strings);
    package_close(parts.package);
    if (err != ERR_NONE) {
        sheet_destroy(parts.sheet);
        return err;
    }
    *ret_sheet = parts.sheet;
    return ERR_NONE;
}
