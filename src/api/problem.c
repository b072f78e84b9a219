#include "api/problem.h"

#include <string.h>

#include "api/respond.h"
#include "base/text.h"

#define DETAIL_MAX 255

// A text that is not UTF-8 (a percent-decoded path may be anything) is left out.
static void set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        (void)json_object_set_new(object, name, json_string(text));
    }
}

static int problem_status(const struct problem *problem)
{
    return problem->status != 0 ? problem->status : err_http_status(problem->err);
}

// {"reason", "came"?, "most"?, "participant"?}
static json_t *refusal_encode(const struct refusal *refusal)
{
    json_t *object = json_object();
    set_text(object, "reason", refusal_reason_name(refusal->reason));
    if (refusal->came > 0) {
        (void)json_object_set_new(object, "came", json_integer(refusal->came));
    }
    if (refusal->most > 0) {
        (void)json_object_set_new(object, "most", json_integer(refusal->most));
    }
    set_text(object, "participant", refusal->participant);
    return object;
}

json_t *problem_encode(const struct problem *problem)
{
    char type[64];
    struct text_builder builder = text_builder(type, sizeof(type));
    text_append(&builder, "/problems/");
    text_append(&builder, err_slug(problem->err));
    json_t *object = json_object();
    set_text(object, "type", type);
    set_text(object, "title", err_title(problem->err));
    (void)json_object_set_new(object, "status", json_integer(problem_status(problem)));
    if (problem->refusal != NULL && problem->refusal->reason != REFUSAL_NONE) {
        (void)json_object_set_new(object, "refusal", refusal_encode(problem->refusal));
    }
    set_text(object, "detail", problem->detail);
    set_text(object, "field", problem->field);
    set_text(object, "instance", problem->instance);
    return object;
}

// The number whose place begins the text; NULL when it is none.
static const int64_t *number_at(const struct refusal *refusal, const char *text, size_t *ret_length)
{
    static const char came[] = "{came}";
    static const char most[] = "{most}";
    *ret_length = sizeof(most) - 1; // both are as long
    if (strncmp(text, came, sizeof(came) - 1) == 0) {
        return &refusal->came;
    }
    return strncmp(text, most, sizeof(most) - 1) == 0 ? &refusal->most : NULL;
}

// The reason's words with its numbers; words that name somebody are left out.
static const char *refusal_words(const struct refusal *refusal, char *words, size_t size)
{
    const char *text = refusal_reason_words(refusal->reason);
    if (strstr(text, "{name}") != NULL) {
        return NULL;
    }
    struct text_builder builder = text_builder(words, size);
    while (*text != '\0') {
        size_t length = 0;
        const int64_t *number = number_at(refusal, text, &length);
        if (number != NULL) {
            text_append_format(&builder, "%lld", (long long)*number);
            text += length;
        } else {
            text_append_n(&builder, text++, 1);
        }
    }
    return words;
}

void problem_respond(const struct problem *problem, struct api_response *ret_response)
{
    struct problem whole = *problem;
    char words[DETAIL_MAX + 1];
    if (whole.refusal != NULL && (whole.detail == NULL || whole.detail[0] == '\0')) {
        whole.detail = refusal_words(whole.refusal, words, sizeof(words));
    }
    respond_json(ret_response, problem_status(&whole), problem_encode(&whole));
    ret_response->content_type = "application/problem+json";
}

const char *problem_title_of(const char *slug)
{
    for (int err = ERR_NONE + 1; err < ERR_COUNT; err++) {
        if (text_equal(err_slug((enum err)err), slug)) {
            return err_title((enum err)err);
        }
    }
    return NULL;
}
