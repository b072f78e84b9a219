// An archive (ZIP) in memory that is said to be an XLSX file: opened, weighed and read part by
// part. Before libzip unpacks anything it is known that what it says of itself is within bounds;
// while a part is unpacked it is held to what was said.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/refusal.h"

#define PACKAGE_PARTS_MAX     1000u
#define PACKAGE_DIRECTORY_MAX (512u << 10) // bytes of the archive's directory
#define PACKAGE_UNPACKED_MAX  (64u << 20)  // bytes of one part, and of all
#define PACKAGE_RATIO_MAX     200u         // of a part unpacked to what it is in the archive
#define PACKAGE_NAME_SIZE     256u

struct package;
struct package_part;

// `bytes` stay the caller's, and stay until it is closed. ERR_INVALID: `ret_refusal` says why;
// ERR_FULL: without memory.
enum err CHECKED package_open(const void *bytes, size_t size, struct package **ret_package,
                              struct sheet_refusal *ret_refusal);
// NULL is allowed.
void package_close(struct package *package);

// Names of parts are compared as ASCII without regard to small and capital letters (ECMA-376, part
// 2). ERR_NOT_FOUND: there is none; others as above.
enum err CHECKED package_part_open(struct package *package, const char *name,
                                   struct package_part **ret_part,
                                   struct sheet_refusal *ret_refusal);
// At most `size` bytes; none at the end. ERR_INVALID: it is not what its archive said.
enum err CHECKED package_part_read(struct package_part *part, void *to, size_t size,
                                   size_t *ret_size, struct sheet_refusal *ret_refusal);
// NULL is allowed.
void package_part_close(struct package_part *part);

// Where a part that stands in `base` points to by `target` (RFC 3986, section 5.2.4). False: it
// leads out of the archive or is too long.
bool package_resolve(const char *base, const char *target, char to[PACKAGE_NAME_SIZE]);
