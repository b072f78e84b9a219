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

// {"reason", "most"?, "participant"?}
static json_t *refusal_encode(const struct refusal *refusal)
{
    json_t *object = json_object();
    set_text(object, "reason", refusal_reason_name(refusal->reason));
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

// The reason's words with its number; words that name somebody are left out.
static const char *refusal_words(const struct refusal *refusal, char *words, size_t size)
{
    const char *text = refusal_reason_words(refusal->reason);
    const char *place = strstr(text, "{most}");
    struct text_builder builder = text_builder(words, size);
    if (strstr(text, "{name}") != NULL) {
        return NULL;
    }
    if (place == NULL) {
        return text;
    }
    text_append_format(&builder, "%.*s%lld%s", (int)(place - text), text, (long long)refusal->most,
                       place + strlen("{most}"));
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
