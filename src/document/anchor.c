#include "document/anchor.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "document/signed_json.h"

#define MEETING_STREAM "meeting/"

void anchor_fill(struct anchor *anchor, const char *meeting, uint64_t seq, const uint8_t hash[32],
                 const char *why, time_ms at)
{
    *anchor = (struct anchor){.seq = seq, .at = at};
    struct text_builder stream = text_builder(anchor->stream, sizeof(anchor->stream));
    text_append_format(&stream, MEETING_STREAM "%s", meeting);
    text_hex(anchor->hash, hash, 32);
    text_copy_cut(anchor->why, sizeof(anchor->why), why);
}

const char *anchor_meeting(const struct anchor *anchor)
{
    return text_starts_with(anchor->stream, MEETING_STREAM)
               ? anchor->stream + sizeof(MEETING_STREAM) - 1
               : NULL;
}

enum err anchor_write(struct anchor *anchor, const struct signer *signer,
                      char ret_line[ANCHOR_LINE_MAX + 1])
{
    char *text = NULL;
    text_copy_cut(anchor->key, sizeof(anchor->key), signer_id(signer));
    json_t *object = json_pack(
        "{s:I, s:s, s:s, s:I, s:s, s:s}", "at", (json_int_t)anchor->at, "hash", anchor->hash, "key",
        anchor->key, "seq", (json_int_t)anchor->seq, "stream", anchor->stream, "why", anchor->why);
    enum err err = signed_json_write(object, signer, &text);
    if (err == ERR_NONE) {
        err = text_copy(ret_line, ANCHOR_LINE_MAX + 1, text);
    }
    free(text);
    return err;
}

static enum err take(const json_t *object, struct anchor *anchor)
{
    const json_t *seq = json_object_get(object, "seq");
    const json_t *at = json_object_get(object, "at");
    *anchor = (struct anchor){0};
    if (!signed_json_text(object, "stream", anchor->stream, sizeof(anchor->stream)) ||
        !signed_json_text(object, "hash", anchor->hash, sizeof(anchor->hash)) ||
        !signed_json_text(object, "why", anchor->why, sizeof(anchor->why)) ||
        !signed_json_text(object, "key", anchor->key, sizeof(anchor->key)) ||
        strlen(anchor->hash) != ANCHOR_HASH_SIZE - 1 || !json_is_integer(seq) ||
        json_integer_value(seq) < 1 || !json_is_integer(at)) {
        return ERR_MALFORMED;
    }
    anchor->seq = (uint64_t)json_integer_value(seq);
    anchor->at = json_integer_value(at);
    return ERR_NONE;
}

enum err anchor_read(const char *line, size_t size, const struct signer *signer,
                     struct anchor *ret_anchor)
{
    json_t *object = size <= ANCHOR_LINE_MAX ? json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL)
                                             : NULL;
    enum err err = json_is_object(object) ? take(object, ret_anchor) : ERR_MALFORMED;
    if (err == ERR_NONE) {
        err = text_equal(ret_anchor->key, signer_id(signer)) ? signed_json_check(object, signer)
                                                             : ERR_NOT_FOUND;
    }
    json_decref(object);
    return err;
}
