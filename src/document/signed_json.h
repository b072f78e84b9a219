// A JSON object that carries its own signature: the member "signature" signs the canonical text
// (compact, keys in order) of all the others. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/err.h"
#include "document/signer.h"

// Adds "signature" and gives the canonical text, which the caller frees. Takes `object`, also when
// it fails; NULL is ERR_FULL.
enum err CHECKED signed_json_write(json_t *object, const struct signer *signer, char **ret_text);
// Takes "signature" out of the object. ERR_AUTHENTICATION when it is not this key's of the rest.
enum err CHECKED signed_json_check(json_t *object, const struct signer *signer);
// A text of the object with its NUL. False when there is none, or it does not fit.
bool signed_json_text(const json_t *object, const char *key, char *to, size_t size);
