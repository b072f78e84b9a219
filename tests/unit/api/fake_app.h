// The app as the api's tests need it: a meeting in memory that commits at once, people with
// speaking tokens, and a record of what it was asked. It implements the functions of app/app.h that
// the api calls.
#pragma once

#include "api/api.h"
#include "app/accounts.h"
#include "app/app.h"
#include "app/documents.h"
#include "app/second_factor.h"
#include "app/sign_in_provider.h"

#define FAKE_EVENTS_MAX   2048
#define FAKE_LIVES_MAX    64
#define FAKE_CONTENT_ROOM (API_BODY_MAX * 4) // whoever may send contents at all
#define FAKE_CONTENT_MAX  64

struct fake_live {
    char participant[CONTRACT_ID_MAX + 1];
    char meeting[CONTRACT_ID_MAX + 1];
    enum capacity capacity;
    bool open;
    bool resumes;
    bool left;
    time_us round_trip; // as last told
};

// What was asked of accounts last (fake_accounts.c), and what comes of it.
struct fake_accounts {
    enum err result;
    enum refusal_reason reason; // beside it
    const char *field;
    char account[64]; // that it was about
    char by[64];      // whose asking it was
    char words[128];  // looked for
    char after[64];
    struct account_change change;
    uint32_t keys_made;
    uint32_t keys_unmade;
    uint32_t keys_ended;
};

struct app {
    struct app_ports ports;
    struct meeting meeting;
    uint64_t seq;
    struct event events[FAKE_EVENTS_MAX];
    uint64_t forgotten; // the journal does not reach back behind this number
    struct fake_live lives[FAKE_LIVES_MAX];
    uint32_t lives_opened;
    uint32_t lives_closed;
    uint32_t lives_left;
    enum err live_open_result;
    enum err seat_result;
    enum refusal_reason house_refusal; // of all that the secretariat asks
    uint32_t house_asked;
    int64_t house_days;     // of the last link
    bool withdrawn;         // nobody is identified any more
    const char *publishing; // whose events; NULL: m1's
    time_ms time;           // the meeting's
    uint32_t commands;
    struct command last_command;
    char last_sdp[64];
    bool hold_replies; // commands are carried out, the answer is kept for fake_app_answer()
    app_live held_live;
    uint64_t held_request;
    uint32_t identified;
    uint32_t signed_out;
    uint32_t signed_out_everywhere;
    char revoked[CONTRACT_ID_MAX + 1];
    enum err links_result;    // of app_link_end(), for all
    const char *link_waiting; // whose link waits for the journal; NULL: nobody's
    uint32_t links_ends;
    uint32_t links_ended; // by the last
    uint32_t unchecked;   // passwords that were begun with and given back
    bool asks_for_code;   // of whose password is right
    struct app_provider_visit visit;
    char browser[APP_SECRET_LENGTH + 1];
    char refused_why[32];
    char begun_meeting[CONTRACT_ID_MAX + 1];
    enum refusal_reason door_refusal; // of the first two, beside it
    enum err door_result;             // of app_door_open(), app_door_etag(), app_door_close()
    uint64_t door_request;
    enum app_door_kind door_kind;
    char door_place[128];  // "MEETING/NAME/SESSION", as last asked
    char door_variant[16]; // as last wished; "none" without a wish
    char door_sdp[64];
    char content[FAKE_CONTENT_MAX + 1]; // what was sent last, cut
    struct document document;           // the only one
    struct fake_accounts accounts;
};

// Tokens: "chair", "delegate", "moderator", "interpreter", "listener" are participants p-TOKEN of
// meeting "m1"; "foreign" belongs to meeting "m2"; "account" has no meeting; "expired" and
// "removed" are refused; the chair and the interpreter sit in m3, m4 and so on too, which are all
// the same meeting; "stage" is a token that publishes m1's feed stage; "link-TOKEN" signs in
// as TOKEN.
struct app *fake_app_create(void);
void fake_app_destroy(struct app *app);
// Appends one event to the journal and publishes it.
void fake_app_publish(struct app *app, const struct event *event);
// The same for many at once.
void fake_app_publish_many(struct app *app, const struct event *events, uint32_t count);
void fake_app_answer(struct app *app);
// The handle given to the `number`th live connection that was opened, from 0.
app_live fake_app_live(uint32_t number);
