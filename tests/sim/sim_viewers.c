// Who may see is said once, and both filters keep to it: for every event of the stories and every
// viewer, the snapshot after it is what the events come to that this viewer was told. And what an
// event has changed lies in the sections that it is said to have touched: the others are sent as
// they were encoded before it.
//
//   sim_viewers FILE…           stories (sim_story.c)
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "contract/visibility.h"
#include "meeting/meeting.h"
#include "story_line.h"

#define VIEWERS_MAX   32
#define COMPARE_EVERY 25 // events; those that are not told to everybody are compared at once

struct witness {
    char id[CONTRACT_ID_MAX + 1];
    struct viewer viewer;
    struct meeting_state mirror;
    uint32_t withheld;
};

static struct meeting_state state;
static struct witness *witnesses[VIEWERS_MAX];
static uint32_t witness_count;
static uint32_t compared;
static const char *path;
static uint32_t line_number;

static _Noreturn void failed(const struct witness *witness, const char *why)
{
    fprintf(stderr, "%s:%u: %s: %s\n", path, line_number, witness != NULL ? witness->id : "", why);
    exit(1);
}

// Whoever comes has seen nothing yet, and sees what is there: as a page that joins.
static void add_witness(const struct participant *participant)
{
    ASSERT(witness_count < VIEWERS_MAX);
    struct witness *witness = calloc(1, sizeof(*witness));
    ASSERT(witness != NULL);
    text_copy_cut(witness->id, sizeof(witness->id), participant->id);
    witness->viewer = viewer_of(participant);
    witness->viewer.participant = witness->id;
    char field[CODEC_FIELD_MAX + 1];
    json_t *snapshot = meeting_encode_for(&state.meeting, &witness->viewer);
    memcpy(&witness->mirror, &state, sizeof(state));
    if (meeting_decode(snapshot, &witness->mirror.meeting, field) != ERR_NONE) {
        failed(witness, "the snapshot cannot be read");
    }
    json_decref(snapshot);
    witnesses[witness_count++] = witness;
}

static bool has_document(const struct meeting *meeting, const char *id)
{
    for (uint32_t i = 0; i < meeting->documents_count; i++) {
        if (text_equal(meeting->documents[i].id, id)) {
            return true;
        }
    }
    return false;
}

// One that was under embargo is there for this viewer when it is released.
static void tell(struct witness *witness, const struct event *event)
{
    static struct event added;
    const struct document *released = &event->as.document_released.document;
    if (event->type == EVENT_DOCUMENT_RELEASED &&
        !has_document(&witness->mirror.meeting, released->id)) {
        memset(&added, 0, sizeof(added));
        added.type = EVENT_DOCUMENT_ADDED;
        added.seq = event->seq;
        added.at = event->at;
        added.as.document_added.document = *released;
        event = &added;
    }
    meeting_apply(&witness->mirror, event);
}

static void withhold(struct witness *witness, const struct event *event)
{
    witness->mirror.seq = event->seq;
    witness->mirror.at = event->at;
    witness->withheld++;
}

// The latest of what one was told: a list of all has room for fewer of them.
static bool is_tail(const json_t *shorter, const json_t *longer)
{
    size_t less = json_array_size(longer) - json_array_size(shorter);
    if (json_array_size(shorter) > json_array_size(longer)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(shorter); i++) {
        if (!json_equal(json_array_get(shorter, i), json_array_get(longer, less + i))) {
            return false;
        }
    }
    return true;
}

// In any order: one that was released late comes last for who did not know of it.
static bool is_same_set(const json_t *one, const json_t *other)
{
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(one); i++) {
        for (size_t k = 0; k < json_array_size(other); k++) {
            found += (size_t)json_equal(json_array_get(one, i), json_array_get(other, k));
        }
    }
    return found == json_array_size(one) && found == json_array_size(other);
}

static void compare(const struct witness *witness)
{
    json_t *snapshot = meeting_encode_for(&state.meeting, &witness->viewer);
    json_t *reduced = meeting_encode(&witness->mirror.meeting);
    static const char *const tails[] = {"signals", "chat", "help_lines"};
    for (size_t i = 0; i < 3; i++) {
        if (!is_tail(json_object_get(snapshot, tails[i]), json_object_get(reduced, tails[i]))) {
            failed(witness, tails[i]);
        }
        (void)json_object_del(snapshot, tails[i]);
        (void)json_object_del(reduced, tails[i]);
    }
    if (!is_same_set(json_object_get(snapshot, "documents"),
                     json_object_get(reduced, "documents"))) {
        failed(witness, "documents");
    }
    (void)json_object_del(snapshot, "documents");
    (void)json_object_del(reduced, "documents");
    if (!json_equal(snapshot, reduced)) {
        json_dumpf(snapshot, stderr, JSON_SORT_KEYS | JSON_INDENT(1));
        json_dumpf(reduced, stderr, JSON_SORT_KEYS | JSON_INDENT(1));
        failed(witness, "the snapshot is not what this viewer was told");
    }
    json_decref(snapshot);
    json_decref(reduced);
    compared++;
}

// All of the meeting, after the event that was played last.
static json_t *whole;

static void check_untouched(enum meeting_section section, const json_t *now)
{
    static const struct viewer anybody = {.capacity = CAPACITY_CHAIR, .participant = ""};
    json_t *of_section = meeting_encode_section(&state.meeting, section, &anybody);
    const char *name;
    json_t *value;
    json_object_foreach(of_section, name, value)
    {
        if (!json_equal(json_object_get(whole, name), json_object_get(now, name))) {
            failed(NULL, name);
        }
    }
    json_decref(of_section);
}

static void check_sections(void)
{
    json_t *now = meeting_encode(&state.meeting);
    for (int i = 0; i < MEETING_SECTION_COUNT && whole != NULL; i++) {
        if (state.touched[i] != state.seq) {
            check_untouched((enum meeting_section)i, now);
        }
    }
    json_decref(whole);
    whole = now;
}

static void play(const struct event *event)
{
    bool to_all = true;
    meeting_apply(&state, event);
    check_sections();
    for (uint32_t i = 0; i < witness_count; i++) {
        bool told = event_told(event, &witnesses[i]->viewer);
        to_all = to_all && told;
        if (told) {
            tell(witnesses[i], event);
        } else {
            withhold(witnesses[i], event);
        }
    }
    bool special = !to_all || event->type == EVENT_DOCUMENT_RELEASED;
    for (uint32_t i = 0; i < witness_count && (special || event->seq % COMPARE_EVERY == 0); i++) {
        compare(witnesses[i]);
    }
    if (event->type == EVENT_PARTICIPANT_ADDED) {
        add_witness(&event->as.participant_added.participant);
    }
}

static void play_line(const json_t *line)
{
    static struct event event;
    const json_t *begins = json_object_get(line, "meeting");
    if (begins != NULL) {
        meeting_state_init(&state, json_string_value(json_object_get(begins, "id")));
        json_decref(whole);
        whole = NULL;
    } else if (json_object_get(line, "type") != NULL) {
        const char *why = story_read_event(line, &event);
        if (why != NULL) {
            failed(NULL, why);
        }
        play(&event);
    }
}

static void play_file(void)
{
    char *text = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        failed(NULL, "cannot be opened");
    }
    for (line_number = 1; getline(&text, &room, file) > 0; line_number++) {
        json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        play_line(line);
        json_decref(line);
    }
    free(text);
    fclose(file);
    uint32_t withheld = 0;
    for (; witness_count > 0; witness_count--) {
        withheld += witnesses[witness_count - 1]->withheld;
        free(witnesses[witness_count - 1]);
    }
    printf("%s: %u events not told, %u snapshots compared\n", path, withheld, compared);
    if (withheld == 0 || compared == 0) {
        failed(NULL, "nothing was put to the test");
    }
}

static void play_path(const char *story, void *context)
{
    (void)context;
    path = story;
    play_file();
}

int main(int argc, char **argv)
{
    return argc == 2 && stories_each(argv[1], play_path, NULL) > 0 ? 0 : 2;
}
