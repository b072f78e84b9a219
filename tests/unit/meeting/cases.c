// Lines of JSON: {"room": meeting} that all cases begin in, then for each case what was said
// ("before", "step"), the events of both ("events", "then"), or why the step was refused
// ("refusal"), and what the core says of every desk after it ("desks").
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "contract/json.h"
#include "meeting/meeting_priv.h"
#include "script.h"

static struct {
    const char *path; // NULL: nothing is told
    bool writes;
    json_t *events; // of the case that is being played
    char *text;
    size_t size;
    FILE *stream; // into text
} cases;

static void seen(const struct event *event)
{
    if (event->seq == 1) {
        json_array_clear(cases.events);
    }
    json_t *line = json_pack("{s:I, s:I, s:s, s:s, s:o}", "seq", (json_int_t)event->seq, "at",
                             (json_int_t)event->at, "by", event->by, "type",
                             event_name(event->type), "data", event_encode_data(event));
    assert_int_equal(json_array_append_new(cases.events, line), 0);
}

static void print(json_t *line)
{
    assert_non_null(line);
    assert_int_equal(json_dumpf(line, cases.stream, JSON_COMPACT), 0);
    assert_int_equal(fputc('\n', cases.stream), '\n');
    json_decref(line);
}

// The events after the first `from`, up to `to`.
static json_t *part(uint64_t from, uint64_t to)
{
    json_t *some = json_array();
    for (uint64_t i = from; i < to; i++) {
        json_array_append(some, json_array_get(cases.events, i));
    }
    return some;
}

static json_t *desks_of(const struct meeting_state *state)
{
    json_t *desks = json_object();
    for (uint32_t i = 0; i < state->meeting.booths_count; i++) {
        const struct booth *booth = &state->meeting.booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            const struct desk *desk = &booth->desks[j];
            json_t *one = json_pack("{s:s, s:s}", "hears",
                                    channel_id_text(meeting_desk_hears(state, desk->participant)),
                                    "state", desk_state_text(booth_desk_state(state, desk)));
            json_object_set_new(desks, desk->participant, one);
        }
    }
    return desks;
}

static void played(const struct script_case *line, const struct script *script,
                   const struct script_played_at *at)
{
    json_t *told = json_pack("{s:s, s:o, s:s}", "before", line->before, "events",
                             part(at->room, at->before), "step", line->step);
    if (script->err != ERR_NONE) {
        json_object_set_new(told, "refusal",
                            json_string(refusal_reason_name(script->refusal.reason)));
    } else {
        json_object_set_new(told, "then", part(at->before, script->state->seq));
    }
    json_object_set_new(told, "desks", desks_of(script->state));
    print(told);
}

static void print_room(void)
{
    struct script script;
    script_init(&script);
    print(json_pack("{s:o}", "room", meeting_encode(&script.state->meeting)));
    script_finish(&script);
}

void cases_begin(int argc, char **argv)
{
    cases.writes = argc == 3 && strcmp(argv[1], "--write") == 0;
    cases.path = argc > 1 ? argv[argc - 1] : NULL;
    if (cases.path == NULL) {
        return;
    }
    cases.events = json_array();
    cases.stream = open_memstream(&cases.text, &cases.size);
    assert_non_null(cases.stream);
    print_room();
    script_seen = seen;
    script_played = played;
}

// Whether the file holds what the tables came to.
static bool is_told(void)
{
    FILE *file = fopen(cases.path, "r");
    char *line = NULL;
    size_t room = 0;
    const char *at = cases.text;
    bool alike = file != NULL;
    while (alike && getline(&line, &room, file) > 0) {
        size_t length = strlen(line);
        alike = strncmp(at, line, length) == 0;
        at += alike ? length : 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    free(line);
    return alike && *at == '\0';
}

static bool write_told(void)
{
    FILE *file = fopen(cases.path, "w");
    return file != NULL && fputs(cases.text, file) >= 0 && fclose(file) == 0;
}

int cases_end(int failed)
{
    if (cases.path == NULL || failed != 0) {
        return failed;
    }
    fclose(cases.stream);
    bool well = cases.writes ? write_told() : is_told();
    if (!well) {
        fprintf(stderr, "%s: is not what the tables say; --write makes it anew\n", cases.path);
    }
    json_decref(cases.events);
    free(cases.text);
    return well ? 0 : 1;
}
