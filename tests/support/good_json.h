// Whether texts are JSON, for fuzz targets: most of them say the same again and again, and what was
// read once is only compared. One thread.
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// True for JSON without duplicate names that `also` (NULL: none) finds good; always the same one.
bool good_json(const char *text, size_t size, bool (*also)(const json_t *json));
