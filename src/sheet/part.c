#include "sheet/part.h"

#include <string.h>

#include <expat.h>

#include "base/text.h"

#define PIECE         16384
#define NAMESPACE_END '|' // between a namespace and a local name
#define PASSED_OVER   UINT8_MAX

struct reading {
    const struct part_walk *walk;
    XML_Parser parser;
    struct sheet_refusal *refusal;
    uint32_t depth;
    uint8_t kinds[PART_DEPTH_MAX + 1]; // of the elements that are open, from PART_OUTSIDE
    enum err err;                      // of the walk
};

// ---- What expat finds

static void stop(struct reading *reading, enum err err)
{
    if (err != ERR_NONE && reading->err == ERR_NONE) {
        reading->err = err;
        (void)XML_StopParser(reading->parser, XML_FALSE);
    }
}

static const char *local_name(const char *name)
{
    const char *end = strrchr(name, NAMESPACE_END);
    return end != NULL ? end + 1 : name;
}

static uint8_t kind_of(const struct part_walk *walk, uint8_t within, const char *name)
{
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->elements[i].within == within && text_equal(walk->elements[i].name, name)) {
            return walk->elements[i].kind;
        }
    }
    return PASSED_OVER;
}

// Expat may call once more what belongs to the tag in which it was stopped.
static void XMLCALL on_begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *reading = context;
    if (reading->err != ERR_NONE) {
        return;
    }
    if (reading->depth == PART_DEPTH_MAX) {
        stop(reading, sheet_refuse(reading->refusal, SHEET_NESTED_DEEP, 0, 0));
        return;
    }
    uint8_t kind = kind_of(reading->walk, reading->kinds[reading->depth], local_name(name));
    reading->kinds[++reading->depth] = kind;
    if (kind != PASSED_OVER && reading->walk->begin != NULL) {
        stop(reading,
             reading->walk->begin(reading->walk->context, kind, (const char *const *)attributes));
    }
}

static void XMLCALL on_text(void *context, const XML_Char *text, int length)
{
    struct reading *reading = context;
    uint8_t kind = reading->kinds[reading->depth];
    if (reading->err == ERR_NONE && kind != PASSED_OVER && reading->walk->text != NULL) {
        stop(reading, reading->walk->text(reading->walk->context, kind, text, (size_t)length));
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct reading *reading = context;
    (void)name;
    if (reading->err != ERR_NONE) {
        return;
    }
    uint8_t kind = reading->kinds[reading->depth--];
    if (kind != PASSED_OVER && reading->walk->end != NULL) {
        stop(reading, reading->walk->end(reading->walk->context, kind));
    }
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public_id, int has_internal)
{
    struct reading *reading = context;
    (void)name;
    (void)system;
    (void)public_id;
    (void)has_internal;
    stop(reading, sheet_refuse(reading->refusal, SHEET_DOCTYPE, 0, 0));
}

// ---- Piece by piece

// A tag that is not whole is looked at anew with each piece that comes, in the square of its length
// in all: it has to be whole before long.
static bool tag_is_too_long(struct reading *reading, uint64_t fed)
{
    XML_Index at = XML_GetCurrentByteIndex(reading->parser);
    return fed - (at > 0 ? (uint64_t)at : 0) > PART_TAG_MAX;
}

static enum err parse_piece(struct reading *reading, size_t size, uint64_t fed)
{
    enum XML_Status status = XML_ParseBuffer(reading->parser, (int)size, size == 0);
    if (reading->err != ERR_NONE) {
        return reading->err;
    }
    if (status != XML_STATUS_OK) {
        return XML_GetErrorCode(reading->parser) == XML_ERROR_NO_MEMORY
                   ? ERR_FULL
                   : sheet_refuse(reading->refusal, SHEET_DAMAGED, 0, 0);
    }
    return tag_is_too_long(reading, fed) ? sheet_refuse(reading->refusal, SHEET_DAMAGED, 0, 0)
                                         : ERR_NONE;
}

static enum err parse_part(struct reading *reading, struct package_part *part)
{
    uint64_t fed = 0;
    size_t size = 0;
    enum err err = ERR_NONE;
    do {
        void *piece = XML_GetBuffer(reading->parser, PIECE);
        if (piece == NULL) {
            return ERR_FULL;
        }
        err = package_part_read(part, piece, PIECE, &size, reading->refusal);
        fed += size;
        err = err == ERR_NONE ? parse_piece(reading, size, fed) : err;
    } while (err == ERR_NONE && size > 0);
    return err;
}

enum err part_read(struct package *package, const char *name, const struct part_walk *walk,
                   struct sheet_refusal *ret_refusal)
{
    struct package_part *part = NULL;
    enum err err = package_part_open(package, name, &part, ret_refusal);
    if (err != ERR_NONE) {
        return err;
    }
    struct reading reading = {.walk = walk, .refusal = ret_refusal};
    reading.parser = XML_ParserCreateNS(NULL, NAMESPACE_END);
    err = ERR_FULL;
    if (reading.parser != NULL) {
        XML_SetUserData(reading.parser, &reading);
        XML_SetElementHandler(reading.parser, on_begin, on_end);
        XML_SetCharacterDataHandler(reading.parser, on_text);
        XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
        err = parse_part(&reading, part);
        XML_ParserFree(reading.parser);
    }
    package_part_close(part);
    return err;
}

// ---- Attributes

const char *part_attribute(const char *const *attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        if (text_equal(local_name(attributes[0]), name)) {
            return attributes[1];
        }
    }
    return NULL;
}

bool part_attribute_is_true(const char *const *attributes, const char *name)
{
    const char *value = part_attribute(attributes, name);
    return value != NULL && (text_equal(value, "1") || text_equal(value, "true"));
}
