#include "sheet/styles.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sheet/part.h"
#include "sheet/room.h"

struct format {
    uint32_t id;
    enum number_kind kind;
};

struct styles {
    struct format *formats; // owned
    size_t formats_room;
    size_t format_count;
    uint8_t *kinds; // owned; of each style
    size_t kinds_room;
    size_t count;
    struct sheet_refusal *refusal;
};

enum { SHEET = 1, FORMATS, FORMAT, STYLES, STYLE };

// The schema has the formats before the styles that name them.
static const struct part_element elements[] = {
    {PART_OUTSIDE, SHEET, "styleSheet"}, {SHEET, FORMATS, "numFmts"}, {FORMATS, FORMAT, "numFmt"},
    {SHEET, STYLES, "cellXfs"},          {STYLES, STYLE, "xf"},
};

static uint32_t id_of(const char *const *attributes)
{
    const char *text = part_attribute(attributes, "numFmtId");
    unsigned long long id = 0;
    if (text == NULL || text_to_u64(text, strlen(text), UINT32_MAX, &id) != ERR_NONE) {
        return 0;
    }
    return (uint32_t)id;
}

// Formats that have a number of their own are said too by some programs; the code counts.
static enum number_kind kind_of(const struct styles *styles, uint32_t id)
{
    for (size_t i = 0; i < styles->format_count; i++) {
        if (styles->formats[i].id == id) {
            return styles->formats[i].kind;
        }
    }
    return number_kind_of_id(id);
}

static enum err add_format(struct styles *styles, const char *const *attributes)
{
    const char *code = part_attribute(attributes, "formatCode");
    if (styles->format_count == STYLES_FORMATS_MAX) {
        return sheet_refuse(styles->refusal, SHEET_STRINGS_MANY, 0, 0);
    }
    struct format *formats = room_for(styles->formats, &styles->formats_room,
                                      styles->format_count + 1, sizeof(*formats));
    if (formats == NULL) {
        return ERR_FULL;
    }
    styles->formats = formats;
    formats[styles->format_count++] = (struct format){
        .id = id_of(attributes),
        .kind = code != NULL ? number_kind_of_code(code) : NUMBER_PLAIN,
    };
    return ERR_NONE;
}

static enum err add_style(struct styles *styles, const char *const *attributes)
{
    if (styles->count == STYLES_MAX) {
        return sheet_refuse(styles->refusal, SHEET_STRINGS_MANY, 0, 0);
    }
    uint8_t *kinds = room_for(styles->kinds, &styles->kinds_room, styles->count + 1, 1);
    if (kinds == NULL) {
        return ERR_FULL;
    }
    styles->kinds = kinds;
    kinds[styles->count++] = (uint8_t)kind_of(styles, id_of(attributes));
    return ERR_NONE;
}

static enum err on_begin(void *context, uint8_t kind, const char *const *attributes)
{
    struct styles *styles = context;
    return kind == FORMAT  ? add_format(styles, attributes)
           : kind == STYLE ? add_style(styles, attributes)
                           : ERR_NONE;
}

enum err styles_read(struct package *package, const char *name, struct styles **ret_styles,
                     struct sheet_refusal *ret_refusal)
{
    *ret_styles = NULL;
    struct styles *styles = calloc(1, sizeof(*styles));
    if (styles == NULL) {
        return ERR_FULL;
    }
    styles->refusal = ret_refusal;
    const struct part_walk walk = {
        .elements = elements,
        .count = sizeof(elements) / sizeof(elements[0]),
        .context = styles,
        .begin = on_begin,
    };
    enum err err = name[0] != '\0' ? part_read(package, name, &walk, ret_refusal) : ERR_NONE;
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        styles_destroy(styles);
        return err;
    }
    *ret_styles = styles;
    return ERR_NONE;
}

void styles_destroy(struct styles *styles)
{
    if (styles != NULL) {
        free(styles->formats);
        free(styles->kinds);
        free(styles);
    }
}

enum number_kind styles_kind(const struct styles *styles, uint64_t style)
{
    return style < styles->count ? (enum number_kind)styles->kinds[style] : NUMBER_PLAIN;
}
