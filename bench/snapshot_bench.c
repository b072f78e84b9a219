// What a newcomer's first state costs after one event: 500 people, 500 items of the agenda, 1,000
// papers.
//   snapshot_bench [rounds]      (200 when none is given)
// Prints medians in microseconds of the thread's own time, for the event that each round begins
// with: a presence, a paper, nothing. No pass or fail.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/snapshot.h"
#include "base/assert.h"
#include "control_time.h"
#include "meeting/meeting.h"

#define PEOPLE     500
#define ITEMS      500
#define PAPERS     1000
#define ROUNDS_MAX 10000

static struct meeting_state *state;
static struct snapshots snapshots;
static struct event event;

static void happen(enum event_type type)
{
    event.type = type;
    event.seq = state->seq + 1;
    event.at = (time_ms)event.seq;
    meeting_apply(state, &event);
    memset(&event, 0, sizeof(event));
}

static void presence(uint32_t round)
{
    snprintf(event.as.presence_changed.participant, CONTRACT_ID_MAX + 1, "person-%u",
             round % PEOPLE);
    event.as.presence_changed.presence = round / PEOPLE % 2 == 0 ? PRESENCE_PRESENT : PRESENCE_AWAY;
    happen(EVENT_PRESENCE_CHANGED);
}

static void paper(uint32_t number)
{
    struct document *document = &event.as.document_added.document;
    snprintf(document->id, sizeof(document->id), "paper-%u", number);
    snprintf(document->title, sizeof(document->title), "Draft resolution L.%u", number);
    document->size = 12345;
    memset(document->sha256, (int)'a', DOCUMENT_SHA256_MAX);
    happen(EVENT_DOCUMENT_ADDED);
}

static void nothing(uint32_t round)
{
    (void)round;
}

static void begin(void)
{
    state = calloc(1, sizeof(*state));
    ASSERT(state != NULL);
    meeting_state_init(state, "bench");
    event.as.meeting_created.floor_microphones_max = 1;
    happen(EVENT_MEETING_CREATED);
    for (uint32_t i = 0; i < ITEMS; i++) {
        struct agenda_item *item = &event.as.agenda_item_added.item;
        snprintf(item->id, sizeof(item->id), "item-%u", i);
        snprintf(item->number, sizeof(item->number), "%u", i + 1);
        memcpy(item->title[0], "An item of the agenda", 22);
        happen(EVENT_AGENDA_ITEM_ADDED);
    }
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct participant *person = &event.as.participant_added.participant;
        snprintf(person->id, sizeof(person->id), "person-%u", i);
        snprintf(person->name, sizeof(person->name), "Person %u", i);
        person->capacity = CAPACITY_DELEGATE;
        person->language = LANGUAGE_EN;
        happen(EVENT_PARTICIPANT_ADDED);
    }
    for (uint32_t i = 0; i < PAPERS; i++) {
        paper(i);
    }
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one;
    double b = *(const double *)other;
    return a < b ? -1 : a > b;
}

static void measure(const char *what, void (*step)(uint32_t round), uint32_t first, uint32_t rounds)
{
    static double taken[ROUNDS_MAX];
    const struct viewer viewer = {.capacity = CAPACITY_DELEGATE, .participant = "person-7"};
    size_t bytes = 0;
    for (uint32_t i = 0; i < rounds; i++) {
        step(first + i);
        double begun = thread_us();
        struct snapshot snapshot;
        ASSERT(snapshot_make(&snapshots, &state->meeting, state->touched, &viewer, &snapshot));
        char *text = snapshot_text(&snapshot, "", "");
        taken[i] = thread_us() - begun;
        ASSERT(text != NULL);
        bytes = strlen(text);
        free(text);
    }
    qsort(taken, rounds, sizeof(taken[0]), by_size);
    printf("first state after %s: %.0f us, %zu bytes\n", what, taken[rounds / 2], bytes);
}

int main(int argc, char **argv)
{
    uint32_t rounds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 200;
    rounds = rounds < 1 ? 1 : rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds;
    begin();
    measure("a presence", presence, 0, rounds);
    measure("a paper", paper, PAPERS, rounds < 900 ? rounds : 900);
    measure("nothing", nothing, 0, rounds);
    snapshots_finish(&snapshots);
    free(state);
    return 0;
}
