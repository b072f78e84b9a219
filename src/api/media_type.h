// Media types as requests name them (RFC 9110, sections 8.3 and 12.5.1). Private to src/api.
#pragma once

#include <stdbool.h>

// Whether Content-Type (NULL when absent) is `wanted`, with whatever parameters.
bool media_type_is(const char *content_type, const char *wanted);
// Whether it is one of a list with ", " in between.
bool media_type_is_one_of(const char *content_type, const char *list);
// Whether a range of Accept (NULL when absent: all) takes `type`. Weights are not read.
bool media_type_is_accepted(const char *accept, const char *type);
