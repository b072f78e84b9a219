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

// Signing in answers at once, so this one commit is waited for.
static enum err record_and_wait(struct app *app, struct app_meeting *meeting)
{
    uint32_t closings = app->closings;
    app_record(app, meeting, NULL);
    (void)!journal_flush(app->store); // app_committed() hears the same
    app_committed(app, app->now, app->wall);
    return app->closings == closings ? ERR_NONE : ERR_STORAGE;
}

static enum err add_participant(struct app *app, struct app_meeting *meeting,
                                struct token_row *token, struct refusal *ret_refusal)
{
    struct participant participant = {.capacity = token->capacity, .language = token->language};
    char prefix[CONTRACT_ID_MAX + 1];
    snprintf(prefix, sizeof(prefix), "%s-", capacity_text(token->capacity));
    secret_make_id(prefix, participant.id);
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
        err = record_and_wait(app, meeting);
    }
    if (err == ERR_NONE) {
        err = token_bind(app->store, token->hash, participant.id);
    }
    if (err != ERR_NONE) {
        log_event(LOG_WARNING, "link.not_added", LOG_TEXT("meeting", meeting->id),
                  LOG_TEXT("error", err_slug(err)),
                  LOG_TEXT("refusal", refusal_reason_name(ret_refusal->reason)));
        return err;
    }
    memcpy(token->participant, participant.id, sizeof(token->participant));
    return ERR_NONE;
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
    return token_bind(app->store, token->hash, token->participant);
}

enum err link_participant(struct app *app, struct token_row *token,
                          struct participant *ret_participant, struct refusal *ret_refusal)
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
