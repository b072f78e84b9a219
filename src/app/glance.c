#include "app/glance.h"

#include <stdlib.h>
#include <string.h>

#include "app/replay.h"
#include "base/text.h"
#include "store/journal.h"

struct glance_person {
    char id[CONTRACT_ID_MAX + 1];
    enum capacity capacity;
};

struct app_glance {
    uint64_t seq;     // the journal's last event then
    time_us asked_at; // last
    struct seat seat; // as glance_describe() fills it
    uint32_t count;
    struct glance_person people[];
};

void glance_describe(const struct meeting *meeting, struct seat *seat)
{
    seat->sitting = meeting->sitting;
    memcpy(seat->title, meeting->title, sizeof(seat->title));
    memcpy(seat->body, meeting->body, sizeof(seat->body));
    text_copy_cut(seat->meeting, sizeof(seat->meeting), meeting->id);
}

// ---- Those that are kept

static struct app_glance **glance_place(struct app *app, const char *meeting)
{
    for (uint32_t i = 0; i < app->glance_count; i++) {
        if (text_equal(app->glances[i]->seat.meeting, meeting)) {
            return &app->glances[i];
        }
    }
    return NULL;
}

// Its own place, a free one, or that of the one that was asked for longest ago; NULL in it when it
// is free.
static struct app_glance **glance_place_for(struct app *app, const char *meeting)
{
    struct app_glance **place = glance_place(app, meeting);
    if (place != NULL) {
        return place;
    }
    if (app->glance_count < APP_GLANCES_MAX) {
        return &app->glances[app->glance_count++];
    }
    place = &app->glances[0];
    for (uint32_t i = 1; i < app->glance_count; i++) {
        place = app->glances[i]->asked_at < (*place)->asked_at ? &app->glances[i] : place;
    }
    return place;
}

// NULL when memory is short.
static struct app_glance *glance_make(const struct app *app, const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    struct app_glance *glance = calloc(1, sizeof(*glance) + meeting->participants_count *
                                                                sizeof(glance->people[0]));
    if (glance == NULL) {
        return NULL;
    }
    glance->seq = state->seq;
    glance->asked_at = app->now;
    glance_describe(meeting, &glance->seat);
    glance->count = meeting->participants_count;
    for (uint32_t i = 0; i < glance->count; i++) {
        memcpy(glance->people[i].id, meeting->participants[i].id, sizeof(glance->people[i].id));
        glance->people[i].capacity = meeting->participants[i].capacity;
    }
    return glance;
}

void glance_keep(struct app *app, const struct meeting_state *state)
{
    struct app_glance *glance = glance_make(app, state);
    if (glance != NULL) { // without it the meeting is read when it is looked at
        struct app_glance **place = glance_place_for(app, state->meeting.id);
        free(*place);
        *place = glance;
    }
}

void glances_finish(struct app *app)
{
    for (uint32_t i = 0; i < app->glance_count; i++) {
        free(app->glances[i]);
    }
    app->glance_count = 0;
}

// ---- Looking

static enum err glance_read(struct app *app, const char *meeting)
{
    struct meeting_state *state = calloc(1, sizeof(*state));
    enum err err = state != NULL ? replay_meeting(app->store, meeting, state) : ERR_FULL;
    if (err == ERR_NONE) {
        glance_keep(app, state);
    }
    free(state);
    return err;
}

// As the journal has it now.
static enum err glance_get(struct app *app, const char *meeting, struct app_glance **ret_glance)
{
    uint64_t seq = 0;
    uint8_t hash[JOURNAL_HASH_SIZE];
    enum err err = journal_head(app->store, meeting, &seq, hash);
    if (err != ERR_NONE || seq == 0) {
        return err == ERR_NONE || err == ERR_TOO_LARGE ? ERR_FORBIDDEN : err;
    }
    struct app_glance **place = glance_place(app, meeting);
    if (place == NULL || (*place)->seq != seq) {
        err = glance_read(app, meeting);
        place = glance_place(app, meeting);
    }
    if (err != ERR_NONE || place == NULL) {
        return err != ERR_NONE ? err : ERR_FULL;
    }
    *ret_glance = *place;
    (*place)->asked_at = app->now;
    return ERR_NONE;
}

// One of the audience is in no list; their link tells of them.
static enum err capacity_of(const struct app *app, const struct app_glance *glance, const char *id,
                            enum capacity *ret_capacity)
{
    struct participant listener;
    for (uint32_t i = 0; i < glance->count; i++) {
        if (text_equal(glance->people[i].id, id)) {
            *ret_capacity = glance->people[i].capacity;
            return ERR_NONE;
        }
    }
    enum err err = audience_is(id) ? audience_read(app, glance->seat.meeting, id, &listener)
                                   : ERR_FORBIDDEN;
    if (err == ERR_NONE) {
        *ret_capacity = listener.capacity;
    }
    return err;
}

enum err glance_find(struct app *app, const char *meeting, const char *participant,
                     struct seat *ret_seat)
{
    struct app_glance *glance = NULL;
    enum capacity capacity = APP_CAPACITY_OF_NOBODY;
    enum err err = glance_get(app, meeting, &glance);
    err = err == ERR_NONE ? capacity_of(app, glance, participant, &capacity) : err;
    if (err == ERR_NONE) {
        *ret_seat = glance->seat;
        ret_seat->capacity = capacity;
        text_copy_cut(ret_seat->participant, sizeof(ret_seat->participant), participant);
    }
    return err;
}
