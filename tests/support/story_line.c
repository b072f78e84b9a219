#include "story_line.h"

#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "contract/json.h"

unsigned stories_each(const char *folder, void (*visit)(const char *path, void *context),
                      void *context)
{
    char pattern[1024];
    snprintf(pattern, sizeof(pattern), "%s/*.jsonl", folder);
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0) {
        return 0;
    }
    unsigned count = (unsigned)found.gl_pathc;
    for (unsigned i = 0; i < count; i++) {
        visit(found.gl_pathv[i], context);
    }
    globfree(&found);
    return count;
}

const char *story_read_event(const json_t *line, struct event *ret_event)
{
    enum event_type type;
    const char *name = json_string_value(json_object_get(line, "type"));
    if (name == NULL || !event_from_name(name, &type)) {
        return "an event that this contract does not know";
    }
    memset(ret_event, 0, sizeof(*ret_event));
    if (event_decode_data(type, json_object_get(line, "data"), ret_event) != ERR_NONE) {
        return "an event that cannot be read any more";
    }
    ret_event->type = type;
    ret_event->seq = (uint64_t)json_integer_value(json_object_get(line, "seq"));
    ret_event->at = json_integer_value(json_object_get(line, "at"));
    ret_event->on_behalf_of_chair = json_is_true(json_object_get(line, "on_behalf_of_chair"));
    text_copy_cut(ret_event->by, sizeof(ret_event->by),
                  json_string_value(json_object_get(line, "by")));
    return NULL;
}

static bool is_nothing(const json_t *value)
{
    return json_is_false(value) || (json_is_integer(value) && json_integer_value(value) == 0) ||
           (json_is_string(value) && (json_string_value(value)[0] == '\0' ||
                                      text_equal(json_string_value(value), "none"))) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

bool story_still_shows(const json_t *now, const json_t *then)
{
    const char *name;
    json_t *value;
    size_t i;
    if (json_is_array(then) && json_array_size(now) == json_array_size(then)) {
        json_array_foreach(then, i, value)
        {
            if (!story_still_shows(json_array_get(now, i), value)) {
                return false;
            }
        }
        return true;
    }
    if (!json_is_object(then) || !json_is_object(now)) {
        return json_equal(now, then) || (now == NULL && is_nothing(then));
    }
    // jansson's macro wants a mutable object, and does not change it.
    json_object_foreach((json_t *)(uintptr_t)then, name, value)
    {
        if (!story_still_shows(json_object_get(now, name), value)) {
            fprintf(stderr, "%s is not what it was\n", name);
            return false;
        }
    }
    return true;
}
