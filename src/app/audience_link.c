// One of the audience as their link has them. Below attendance.c, which asks who is of the
// audience.
#include <ctype.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/secret.h"
#include "base/assert.h"
#include "base/text.h"

#define AUDIENCE_PREFIX "audience-"
#define NAME_DIGITS     4 // of the id, in a name that was made

bool audience_is(const char *participant)
{
    return text_starts_with(participant, AUDIENCE_PREFIX);
}

// "Listener 7KQ2": the same each time, although nobody keeps it.
static void make_name(const char *id, char name[PARTICIPANT_NAME_SIZE])
{
    struct text_builder text = text_builder(name, PARTICIPANT_NAME_SIZE);
    text_append(&text, "Listener ");
    for (const char *at = id + strlen(id) - NAME_DIGITS; *at != '\0'; at++) {
        const char digit = (char)toupper((unsigned char)*at);
        text_append_n(&text, &digit, 1);
    }
}

void audience_name(struct token_row *token)
{
    secret_id_of(AUDIENCE_PREFIX, token->hash, token->participant);
}

void audience_of_link(const struct token_row *token, struct participant *ret_listener)
{
    ASSERT(audience_is(token->participant) && !capacity_can(token->capacity, ABILITY_TAKES_PART));
    *ret_listener = (struct participant){
        .capacity = token->capacity, .language = token->language, .presence = PRESENCE_ENTRANCE};
    text_copy_cut(ret_listener->id, sizeof(ret_listener->id), token->participant);
    text_copy_cut(ret_listener->name, sizeof(ret_listener->name), token->name);
    text_copy_cut(ret_listener->delegation, sizeof(ret_listener->delegation), token->delegation);
    if (ret_listener->name[0] == '\0') {
        make_name(ret_listener->id, ret_listener->name);
    }
}

enum err audience_read(const struct app *app, const char *meeting, const char *id,
                       struct participant *ret_listener)
{
    struct token_row token;
    if (token_find_participant(app->store, meeting, id, &token) != ERR_NONE ||
        capacity_can(token.capacity, ABILITY_TAKES_PART)) {
        token = (struct token_row){.capacity = APP_CAPACITY_OF_NOBODY};
        text_copy_cut(token.participant, sizeof(token.participant), id);
    }
    audience_of_link(&token, ret_listener);
    return token.revoked ? ERR_FORBIDDEN : ERR_NONE;
}
