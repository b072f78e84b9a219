// The contract's own files, read by the tests without the generator: an independent reader of the
// same data.
#pragma once

#include <jansson.h>
#include <stddef.h>

// Each file of contract/FOLDER in turn, parsed.
void contract_each(const char *folder, void (*visit)(const json_t *shape, void *context),
                   void *context);
// A valid value for a field, a new reference; nothing left out, every limit reached.
json_t *contract_value(const json_t *field);
// A valid object of these fields.
json_t *contract_object(const json_t *fields);
json_t *contract_read(const char *path);
