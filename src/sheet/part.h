// A part of a package as XML, walked through by expat: which elements are of interest is a table.
// Namespaces are passed over, elements and attributes go by their local names, for programs differ
// in how they write the former. A document type is refused before anything in it is read, so there
// are no entities but the five; depth and the length of a tag are bounded.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/package.h"
#include "sheet/refusal.h"

#define PART_DEPTH_MAX 32u
#define PART_TAG_MAX   (256u << 10) // bytes of a tag, a comment or what else comes whole

#define PART_OUTSIDE 0u // the kind of what is around the first element

// An element, known by its own name within one of another kind. What is in no row is passed over,
// with all that is in it.
struct part_element {
    uint8_t within;
    uint8_t kind; // not PART_OUTSIDE
    const char *name;
};

struct part_walk {
    const struct part_element *elements;
    size_t count;
    void *context;
    // Each may be NULL. An error ends the walk and is what it returns.
    enum err (*begin)(void *context, uint8_t kind, const char *const *attributes);
    enum err (*text)(void *context, uint8_t kind, const char *text, size_t length);
    enum err (*end)(void *context, uint8_t kind);
};

// ERR_NOT_FOUND: there is no such part; ERR_INVALID: `ret_refusal` says why; ERR_FULL: without
// memory.
enum err CHECKED part_read(struct package *package, const char *name, const struct part_walk *walk,
                           struct sheet_refusal *ret_refusal);
// Within `begin`; NULL: there is none.
const char *part_attribute(const char *const *attributes, const char *name);
bool part_attribute_is_true(const char *const *attributes, const char *name);
