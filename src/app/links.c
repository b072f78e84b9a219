// Personal links: from a token to a participant of a meeting.
#include <stdio.h>
#include <string.h>

#include "app/people_priv.h"
#include "base/log.h"
#include "meeting/setup.h"
#include "store/journal.h"

enum err link_find(struct app *app, const char *token, time_ms wall, struct token_row *ret_row)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    enum err err = secret_hash_token(token, hash);
    if (err == ERR_NONE) {
        err = token_find(app->store, hash, ret_row);
    }
    if (err == ERR_NOT_FOUND || err == ERR_UNAUTHENTICATED) {
        return ERR_UNAUTHENTICATED;
    }
    if (err != ERR_NONE) {
        return err;
    }
    if (ret_row->revoked) {
        return ERR_FORBIDDEN;
    }
    return ret_row->expires_at <= wall ? ERR_EXPIRED : ERR_NONE;
}

static uint32_t count_capacity(const struct meeting_state *state, enum capacity capacity)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < state->meeting.participants_count; i++) {
        count += state->meeting.participants[i].capacity == capacity ? 1 : 0;
    }
    return count;
}

// "Listener 7": the name of somebody who gave none.
static void make_name(const struct meeting_state *state, enum capacity capacity,
                      char name[PARTICIPANT_NAME_SIZE])
{
    snprintf(name, PARTICIPANT_NAME_SIZE, "%s %u", capacity_text(capacity),
             count_capacity(state, capacity) + 1);
    name[0] = (char)(name[0] - 'a' + 'A');
}

static enum err may_record(const struct app *app)
{
    if (app->outbox.closed) {
        return ERR_STORAGE;
    }
    return outbox_has_room(&app->outbox) ? ERR_NONE : ERR_UNAVAILABLE;
}

// Decided and on its way to the journal. Their id is the link's: who comes twice before the link
// says who it is for, is one person.
static enum err add_participant(struct app *app, struct app_meeting *meeting,
                                struct token_row *token, struct refusal *ret_refusal)
{
    struct participant participant = {.capacity = token->capacity, .language = token->language};
    char prefix[CONTRACT_ID_MAX + 1];
    snprintf(prefix, sizeof(prefix), "%s-", capacity_text(token->capacity));
    secret_id_of(prefix, token->hash, participant.id);
    memcpy(token->participant, participant.id, sizeof(token->participant));
    if (meeting_find_participant(&meeting->decided, participant.id) != NULL) {
        return ERR_NONE;
    }
    memcpy(participant.delegation, token->delegation, sizeof(participant.delegation));
    memcpy(participant.name, token->name, sizeof(participant.name));
    if (participant.name[0] == '\0') {
        make_name(&meeting->decided, token->capacity, participant.name);
    }
    enum err err = may_record(app);
    if (err == ERR_NONE) {
        err = meeting_add_participant(&meeting->decided, &participant,
                                      app_meeting_time(app, meeting), &app->events, ret_refusal);
    }
    if (err == ERR_NONE) {
        app_record(app, meeting, NULL);
        bool taken = meeting_find_participant(&meeting->decided, participant.id) != NULL;
        err = taken ? ERR_NONE : ERR_STORAGE;
    }
    if (err != ERR_NONE) {
        log_event(LOG_WARNING, "link.not_added", LOG_TEXT("meeting", meeting->id),
                  LOG_TEXT("error", err_slug(err)),
                  LOG_TEXT("refusal", refusal_reason_name(ret_refusal->reason)));
    }
    return err;
}

// Whoever comes by this link for the first time.
static enum err begin_person(struct app *app, struct app_meeting *meeting, struct token_row *token,
                             struct refusal *ret_refusal)
{
    if (app->stopping) {
        return ERR_UNAVAILABLE;
    }
    if (capacity_can(token->capacity, ABILITY_TAKES_PART)) {
        return add_participant(app, meeting, token, ret_refusal);
    }
    audience_name(token);
    return ERR_NONE;
}

enum err link_arrive(struct app *app, struct token_row *token, struct participant *ret_participant,
                     struct refusal *ret_refusal)
{
    struct app_meeting *meeting = NULL;
    *ret_refusal = (struct refusal){0};
    enum err err = loading_find(app, token->meeting, &meeting);
    if (err == ERR_NONE && token->participant[0] == '\0') {
        err = begin_person(app, meeting, token, ret_refusal);
    }
    if (err != ERR_NONE) {
        return err;
    }
    if (audience_is(token->participant)) {
        audience_of_link(token, ret_participant);
        return ERR_NONE;
    }
    const struct participant *found = meeting_find_participant(&meeting->decided,
                                                               token->participant);
    if (found == NULL) {
        return ERR_FORBIDDEN;
    }
    *ret_participant = *found;
    return ERR_NONE;
}

bool link_waits(const struct app *app, const char *meeting, const char *participant)
{
    const struct app_meeting *found = app_find_meeting(app, meeting);
    return found != NULL && meeting_find_participant(&found->told, participant) == NULL &&
           meeting_find_participant(&found->decided, participant) != NULL;
}

enum err link_taken(const struct app *app, const char *meeting, const char *participant)
{
    const struct app_meeting *found = app_find_meeting(app, meeting);
    if (audience_is(participant) ||
        (found != NULL && meeting_find_participant(&found->told, participant) != NULL)) {
        return ERR_NONE;
    }
    return app->outbox.closed ? ERR_STORAGE : ERR_FORBIDDEN; // or removed at once
}

void link_wait(struct app *app)
{
    (void)!journal_flush(app->store); // app_committed() hears the same
    app_committed(app, app->now, app->wall);
}

enum err link_participant(struct app *app, struct token_row *token,
                          struct participant *ret_participant, struct refusal *ret_refusal)
{
    bool first = token->participant[0] == '\0';
    enum err err = link_arrive(app, token, ret_participant, ret_refusal);
    if (err != ERR_NONE || !first) {
        return err;
    }
    if (link_waits(app, token->meeting, token->participant)) {
        link_wait(app); // whoever asks by the bare link is answered at once
    }
    err = link_taken(app, token->meeting, token->participant);
    return err == ERR_NONE ? token_bind(app->store, token->hash, token->participant) : err;
}
