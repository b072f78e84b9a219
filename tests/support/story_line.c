#include "story_line.h"

#include <glob.h>
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
