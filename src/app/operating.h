// What an operator does from the command line, also while the server runs: links and the
// demonstration. It touches nothing but the database.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "store/store.h"

struct app_token_wish {
    const char *meeting;
    enum capacity capacity;
    enum language language; // LANGUAGE_NONE when not given
    const char *delegation; // code or id; NULL when not given
    const char *name;       // NULL: a name is made
    const char
        *participant; // an existing participant's id, or NULL to find one by the rest or add one
    int64_t lifetime_ms;
    bool bound; // for one door only: no person's link
    enum app_door_kind door;
    const char *door_name; // when bound: the feed or the channel
};
// Writes one link token (base64url, 43 characters). When no participant matches, the wish is
// written down in the database and the participant is added to the meeting when the token is first
// used.
#define APP_TOKEN_MAX 63
enum err CHECKED app_token_make(struct store *store, const struct app_token_wish *wish,
                                time_ms wall, char ret_token[APP_TOKEN_MAX + 1]);

// The demonstration meeting "demo", and the room "rehearsal" for its interpreters: each made once,
// when the database holds no meeting of that id. Returns their links' tokens.
struct app_demo_link {
    char meeting[CONTRACT_ID_MAX + 1];
    char title[96]; // "Delegate, France"
    enum capacity capacity;
    char token[APP_TOKEN_MAX + 1];
};
enum err CHECKED app_demo_prepare(struct store *store, time_ms wall,
                                  struct app_demo_link *ret_links, uint32_t links_max,
                                  uint32_t *ret_count);
