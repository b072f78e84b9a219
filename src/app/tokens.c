// Personal links made from the command line while the server runs. They touch only the database: a
// link for somebody who is no participant yet is a wish, which the first sign-in turns into one
// (sign_in.c).
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/app.h"
#include "app/audience.h"
#include "app/operating.h"
#include "app/replay.h"
#include "app/secret.h"
#include "base/assert.h"
#include "base/text.h"
#include "meeting/feed.h"

// Which participants have a link that still works.
struct token_claims {
    time_ms wall;
    uint32_t count;
    char participants[MEETING_PARTICIPANTS_MAX][CONTRACT_ID_MAX + 1];
};

static bool is_claimed(const struct token_claims *claims, const char *participant)
{
    for (uint32_t i = 0; i < claims->count; i++) {
        if (text_equal(claims->participants[i], participant)) {
            return true;
        }
    }
    return false;
}

static bool collect_claim(void *context, const struct token_row *token)
{
    struct token_claims *claims = context;
    if (!token->revoked && token->expires_at > claims->wall && token->participant[0] != '\0' &&
        !audience_is(token->participant) && !is_claimed(claims, token->participant)) {
        text_copy_cut(claims->participants[claims->count++], CONTRACT_ID_MAX + 1,
                      token->participant);
    }
    return claims->count < MEETING_PARTICIPANTS_MAX;
}

static const struct delegation *find_delegation(const struct meeting_state *state,
                                                const char *code_or_id)
{
    for (uint32_t i = 0; i < state->meeting.delegations_count; i++) {
        const struct delegation *delegation = &state->meeting.delegations[i];
        if (text_equal(delegation->id, code_or_id) ||
            strcasecmp(delegation->code, code_or_id) == 0) {
            return delegation;
        }
    }
    return NULL;
}

// One of the audience is listed while they call for help: they stay who came with their own link,
// and no other link becomes theirs.
static bool matches(const struct participant *participant, const struct app_token_wish *wish,
                    const char *delegation)
{
    return !participant->audience && participant->capacity == wish->capacity &&
           (delegation == NULL || text_equal(participant->delegation, delegation)) &&
           (wish->language == LANGUAGE_NONE || participant->language == wish->language) &&
           (wish->name == NULL || text_equal(participant->name, wish->name));
}

// A meeting has one chair, and a name names one person: their links may be several. Anybody else
// who fits is taken only while no other link is theirs, for two people with one participant would
// push each other out.
static const struct participant *find_participant(struct store *store,
                                                  const struct meeting_state *state,
                                                  const struct app_token_wish *wish,
                                                  const char *delegation, time_ms wall)
{
    bool shared = capacity_can(wish->capacity, ABILITY_PRESIDES) || wish->name != NULL;
    struct token_claims *claims = calloc(1, sizeof(*claims));
    if (claims == NULL) {
        return NULL;
    }
    claims->wall = wall;
    const struct participant *found = NULL;
    if (token_list(store, state->meeting.id, collect_claim, claims) == ERR_NONE) {
        for (uint32_t i = 0; i < state->meeting.participants_count && found == NULL; i++) {
            const struct participant *participant = &state->meeting.participants[i];
            if (matches(participant, wish, delegation) &&
                (shared || !is_claimed(claims, participant->id))) {
                found = participant;
            }
        }
    }
    free(claims);
    return found;
}

// A token of one door's own stands for nobody.
static enum err resolve_bound(const struct app_token_wish *wish, struct token_row *row)
{
    enum channel_id channel;
    bool listens = wish->door == APP_DOOR_LISTEN;
    if (listens ? !channel_id_from_text(wish->door_name, &channel)
                : !meeting_feed_id_is_valid(wish->door_name)) {
        return ERR_INVALID;
    }
    struct text_builder door = text_builder(row->door, sizeof(row->door));
    text_append_format(&door, "%s:%s", listens ? "whep" : "whip", wish->door_name);
    ASSERT(!door.failed);
    return text_copy(row->name, sizeof(row->name), wish->name != NULL ? wish->name : "");
}

// What the token stands for: a participant, or all that is needed to make one.
static enum err resolve(struct store *store, const struct meeting_state *state,
                        const struct app_token_wish *wish, time_ms wall, struct token_row *row)
{
    const struct participant *found = NULL;
    const char *delegation = NULL;
    if (wish->delegation != NULL) {
        const struct delegation *wished = find_delegation(state, wish->delegation);
        if (wished == NULL) {
            return ERR_NOT_FOUND;
        }
        delegation = wished->id;
        memcpy(row->delegation, wished->id, sizeof(row->delegation));
    }
    if (wish->participant != NULL) {
        found = meeting_find_participant(state, wish->participant);
        if (found == NULL || found->audience || found->capacity != wish->capacity) {
            return ERR_NOT_FOUND;
        }
    } else {
        found = find_participant(store, state, wish, delegation, wall);
    }
    if (found != NULL) {
        memcpy(row->participant, found->id, sizeof(row->participant));
        memcpy(row->name, found->name, sizeof(row->name));
        memcpy(row->delegation, found->delegation, sizeof(row->delegation));
        row->language = found->language;
        return ERR_NONE;
    }
    if (capacity_can(wish->capacity, ABILITY_HAS_DESK) && wish->language == LANGUAGE_NONE) {
        return ERR_INVALID;
    }
    row->language = wish->language;
    return text_copy(row->name, sizeof(row->name), wish->name != NULL ? wish->name : "");
}

enum err app_token_make(struct store *store, const struct app_token_wish *wish, time_ms wall,
                        char ret_token[APP_TOKEN_MAX + 1])
{
    ret_token[0] = '\0';
    struct token_row row = {.capacity = wish->capacity,
                            .created_at = wall,
                            .expires_at = wall + wish->lifetime_ms,
                            .uses_left = TOKEN_USES_UNLIMITED};
    if (text_copy(row.meeting, sizeof(row.meeting), wish->meeting) != ERR_NONE) {
        return ERR_NOT_FOUND;
    }
    struct meeting_state *state = calloc(1, sizeof(*state));
    if (state == NULL) {
        return ERR_FULL;
    }
    enum err err = replay_meeting(store, row.meeting, state);
    if (err == ERR_NONE) {
        err = wish->bound ? resolve_bound(wish, &row) : resolve(store, state, wish, wall, &row);
    }
    free(state);
    char token[APP_TOKEN_MAX + 1];
    if (err == ERR_NONE) {
        secret_make_token(token, row.hash);
        err = token_add(store, &row);
    }
    return err == ERR_NONE ? text_copy(ret_token, APP_TOKEN_MAX + 1, token) : err;
}
