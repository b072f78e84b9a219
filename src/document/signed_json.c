#include "document/signed_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define CANONICAL (JSON_COMPACT | JSON_SORT_KEYS)

enum err signed_json_write(json_t *object, const struct signer *signer, char **ret_text)
{
    char signature[SIGNER_SIGNATURE_SIZE];
    char *text = object != NULL ? json_dumps(object, CANONICAL) : NULL;
    enum err err = text != NULL ? signer_sign(signer, text, strlen(text), signature) : ERR_FULL;
    free(text);
    text = NULL;
    if (err == ERR_NONE && json_object_set_new(object, "signature", json_string(signature)) == 0) {
        text = json_dumps(object, CANONICAL);
    }
    json_decref(object);
    *ret_text = text;
    return err == ERR_NONE && text == NULL ? ERR_FULL : err;
}

enum err signed_json_check(json_t *object, const struct signer *signer)
{
    char signature[SIGNER_SIGNATURE_SIZE];
    if (!signed_json_text(object, "signature", signature, sizeof(signature))) {
        return ERR_AUTHENTICATION;
    }
    (void)json_object_del(object, "signature");
    char *text = json_dumps(object, CANONICAL);
    enum err err = text != NULL ? signer_verify(signer, text, strlen(text), signature) : ERR_FULL;
    free(text);
    return err;
}

bool signed_json_text(const json_t *object, const char *key, char *to, size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL && text_copy(to, size, text) == ERR_NONE;
}
