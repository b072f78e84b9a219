#include "fake_app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "contract/permissions.h"
#include "contract/visibility.h"

static const struct {
    const char *token;
    enum capacity capacity;
} people[] = {{"chair", CAPACITY_CHAIR},
              {"delegate", CAPACITY_DELEGATE},
              {"moderator", CAPACITY_MODERATOR},
              {"interpreter", CAPACITY_INTERPRETER},
              {"listener", CAPACITY_LISTENER}};

#define PEOPLE (sizeof(people) / sizeof(people[0]))

struct app *fake_app_create(void)
{
    struct app *app = calloc(1, sizeof(*app));
    if (app == NULL) {
        abort();
    }
    text_copy_cut(app->meeting.id, sizeof(app->meeting.id), "m1");
    app->meeting.floor_microphones_max = 2;
    app->meeting.participants_count = PEOPLE;
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct participant *participant = &app->meeting.participants[i];
        snprintf(participant->id, sizeof(participant->id), "p-%s", people[i].token);
        snprintf(participant->name, sizeof(participant->name), "Name %s", people[i].token);
        participant->capacity = people[i].capacity;
        participant->help = HELP_STATE_ASKED;
    }
    return app;
}

void fake_app_destroy(struct app *app)
{
    free(app);
}

app_live fake_app_live(uint32_t number)
{
    return number + 100;
}

void fake_app_publish_many(struct app *app, const struct event *events, uint32_t count)
{
    struct event *kept = &app->events[app->seq];
    for (uint32_t i = 0; i < count; i++) {
        kept[i] = events[i];
        kept[i].seq = ++app->seq;
    }
    app->ports.publish(app->ports.context, app->publishing != NULL ? app->publishing : "m1", kept,
                       count);
}

void fake_app_publish(struct app *app, const struct event *event)
{
    fake_app_publish_many(app, event, 1);
}

void fake_app_answer(struct app *app)
{
    const struct app_reply reply = {.err = ERR_NONE, .seq = app->seq};
    app->ports.reply(app->ports.context, app->held_live, app->held_request, &reply);
}

// ---- app/app.h ----

enum err app_identify(struct app *app, const char *bearer, time_ms wall,
                      struct app_identity *ret_identity)
{
    *ret_identity = (struct app_identity){.expires_at = wall + 1000};
    app->identified++;
    if (app->withdrawn) {
        return ERR_UNAUTHENTICATED;
    }
    bearer += text_starts_with(bearer, "link-") ? 5 : 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        if (text_equal(bearer, people[i].token)) {
            ret_identity->capacity = people[i].capacity;
            snprintf(ret_identity->session, sizeof(ret_identity->session), "s-%s", bearer);
            snprintf(ret_identity->participant, sizeof(ret_identity->participant), "p-%s", bearer);
            text_copy_cut(ret_identity->meeting, sizeof(ret_identity->meeting), "m1");
            return ERR_NONE;
        }
    }
    if (text_starts_with(bearer, "delegate-")) { // as many as are wanted
        ret_identity->capacity = CAPACITY_DELEGATE;
        snprintf(ret_identity->participant, sizeof(ret_identity->participant), "p-%.20s", bearer);
        text_copy_cut(ret_identity->meeting, sizeof(ret_identity->meeting), "m1");
        return ERR_NONE;
    }
    if (text_equal(bearer, "technician")) { // of whom the meeting's state says nothing
        ret_identity->capacity = CAPACITY_TECHNICIAN;
        text_copy_cut(ret_identity->participant, sizeof(ret_identity->participant), "p-technician");
        text_copy_cut(ret_identity->meeting, sizeof(ret_identity->meeting), "m1");
        return ERR_NONE;
    }
    if (text_equal(bearer, "foreign")) {
        text_copy_cut(ret_identity->meeting, sizeof(ret_identity->meeting), "m2");
        text_copy_cut(ret_identity->participant, sizeof(ret_identity->participant), "p-foreign");
        return ERR_NONE;
    }
    if (text_equal(bearer, "stage")) {
        ret_identity->bound = true;
        ret_identity->door = APP_DOOR_PUBLISH;
        text_copy_cut(ret_identity->name, sizeof(ret_identity->name), "stage");
        text_copy_cut(ret_identity->meeting, sizeof(ret_identity->meeting), "m1");
        return ERR_NONE;
    }
    if (text_starts_with(bearer, "account")) { // as many as are wanted, with no seat
        text_copy_cut(ret_identity->account, sizeof(ret_identity->account), bearer);
        ret_identity->administrator = text_equal(bearer, "account-administrator");
        ret_identity->secretariat = text_equal(bearer, "account-secretariat");
        return ERR_NONE;
    }
    if (text_equal(bearer, "expired")) {
        return ERR_EXPIRED;
    }
    return text_equal(bearer, "removed") ? ERR_FORBIDDEN : ERR_UNAUTHENTICATED;
}

enum err app_identify_in(struct app *app, const char *bearer, const char *meeting, time_ms wall,
                         struct app_identity *ret_identity)
{
    enum err result = app_identify(app, bearer, wall, ret_identity);
    struct app_identity seat;
    if (result == ERR_NONE && meeting != NULL &&
        app_seat_take(app, ret_identity, meeting, wall, &seat) == ERR_NONE) {
        *ret_identity = seat;
    }
    return result;
}

// The chair and the interpreter sit in m1 and in m3 to m39; m2 is a foreign meeting.
enum err app_seat_take(struct app *app, const struct app_identity *identity, const char *meeting,
                       time_ms wall, struct app_identity *ret_identity)
{
    (void)wall;
    bool several = text_starts_with(identity->participant, "p-chair") ||
                   text_starts_with(identity->participant, "p-interpreter");
    *ret_identity = *identity;
    if (app->seat_result != ERR_NONE) {
        return app->seat_result;
    }
    if (!several || meeting[0] != 'm' || text_equal(meeting, "m2")) {
        return text_equal(identity->meeting, meeting) ? ERR_NONE : ERR_FORBIDDEN;
    }
    text_copy_cut(ret_identity->meeting, sizeof(ret_identity->meeting), meeting);
    return ERR_NONE;
}

static void seat_fill(const char *meeting, struct seat *ret_seat)
{
    *ret_seat = (struct seat){.capacity = CAPACITY_CHAIR, .expires_at = 1000};
    text_copy_cut(ret_seat->meeting, sizeof(ret_seat->meeting), meeting);
    text_copy_cut(ret_seat->participant, sizeof(ret_seat->participant), "p-chair");
}

// There is one more after the first.
enum err app_seats(struct app *app, const struct app_identity *identity, const char *after,
                   time_ms wall, struct seats *ret_seats)
{
    (void)app;
    (void)wall;
    *ret_seats = (struct seats){.seats_count = 1};
    if (after[0] == '\0') {
        seat_fill(identity->meeting, &ret_seats->seats[0]);
        text_copy_cut(ret_seats->next, sizeof(ret_seats->next), identity->meeting);
    } else {
        seat_fill("m5", &ret_seats->seats[0]);
    }
    return ERR_NONE;
}

enum err app_seat_add(struct app *app, const struct app_identity *identity, const char *token,
                      const char *remote, time_ms wall, struct seat *ret_seat)
{
    (void)app;
    (void)identity;
    (void)remote;
    (void)wall;
    seat_fill("m3", ret_seat);
    return text_starts_with(token, "link-") ? ERR_NONE
           : text_equal(token, "other")     ? ERR_CONFLICT
                                            : ERR_UNAUTHENTICATED;
}

static void session_fill(struct session *session, const char *token, time_ms wall)
{
    *session = (struct session){.capacity = CAPACITY_DELEGATE, .expires_at = wall + 1000};
    snprintf(session->token, sizeof(session->token), "session-%s", token);
    text_copy_cut(session->meeting, sizeof(session->meeting), "m1");
    text_copy_cut(session->name, sizeof(session->name), "Ada");
}

enum err app_link_begin(struct app *app, const char *token, const char *remote, time_ms wall,
                        struct app_link_sign_in *ret_sign_in)
{
    struct app_identity identity = {0};
    enum err result = ERR_UNAUTHENTICATED;
    *ret_sign_in = (struct app_link_sign_in){0};
    if (text_starts_with(token, "link-")) {
        result = app_identify(app, token + 5, wall, &identity);
    }
    session_fill(&ret_sign_in->session, token, wall);
    text_copy_cut(ret_sign_in->session.participant, sizeof(ret_sign_in->session.participant),
                  identity.participant);
    text_copy_cut(ret_sign_in->remote, sizeof(ret_sign_in->remote), remote);
    // Used up when it comes to that.
    ret_sign_in->err = text_equal(token, "link-delegate-used-up") ? ERR_EXPIRED : ERR_NONE;
    return result;
}

bool app_link_waits(const struct app *app, const struct app_link_sign_in *sign_in)
{
    return app->link_waiting != NULL && text_equal(sign_in->session.participant, app->link_waiting);
}

void app_link_end(struct app *app, struct app_link_sign_in *sign_ins, uint32_t count, time_ms wall)
{
    (void)wall;
    app->links_ends++;
    app->links_ended = count;
    for (uint32_t i = 0; i < count && app->links_result != ERR_NONE; i++) {
        sign_ins[i].err = app->links_result;
    }
}

enum err app_password_begin(struct app *app, const struct app_password_wish *wish, time_ms wall,
                            struct app_password_check *ret_check)
{
    (void)wall;
    *ret_check = (struct app_password_check){.known = text_equal(wish->account, "ada"),
                                             .trusted = text_equal(wish->device, "known")};
    text_copy_cut(app->begun_meeting, sizeof(app->begun_meeting), wish->meeting);
    text_copy_cut(ret_check->account, sizeof(ret_check->account), wish->account);
    return text_equal(wish->account, "locked") ? ERR_TOO_MANY : ERR_NONE;
}

void app_password_unchecked(struct app *app, const struct app_password_check *check)
{
    (void)check;
    app->unchecked++;
}

void app_password_verify(struct app_password_check *check, const char *password)
{
    check->matched = check->known && text_equal(password, "lovelace");
}

enum err app_password_end(struct app *app, const struct app_password_check *check, time_ms wall,
                          struct session *ret_session, struct refusal *ret_refusal)
{
    session_fill(ret_session, check->account, wall);
    *ret_refusal = (struct refusal){
        .reason = check->matched && app->asks_for_code ? REFUSAL_CODE_NEEDED : REFUSAL_NONE};
    return check->matched && !app->asks_for_code ? ERR_NONE : ERR_UNAUTHENTICATED;
}

// ---- The second factor: the only code is 123456.

static enum err take_code(const struct app_identity *identity, const char *code,
                          struct refusal *ret_refusal)
{
    bool right = text_equal(code, "123456");
    bool has_account = identity->account[0] != '\0';
    *ret_refusal = (struct refusal){.reason = !has_account ? REFUSAL_ACCOUNT_NEEDED
                                              : !right     ? REFUSAL_CODE_WRONG
                                                           : REFUSAL_NONE};
    return !has_account ? ERR_FORBIDDEN : right ? ERR_NONE : ERR_UNAUTHENTICATED;
}

enum err app_second_factor(struct app *app, const struct app_identity *identity,
                           struct second_factor *ret_factor, struct refusal *ret_refusal)
{
    (void)app;
    *ret_factor = (struct second_factor){.on = true, .possible = true, .recovery_left = 7};
    return take_code(identity, "123456", ret_refusal);
}

enum err app_second_factor_wish(struct app *app, const struct app_identity *identity,
                                struct second_factor_secret *ret_secret,
                                struct refusal *ret_refusal)
{
    (void)app;
    *ret_secret = (struct second_factor_secret){.secret = "GEZDGNBV", .address = "otpauth://totp/"};
    return take_code(identity, "123456", ret_refusal);
}

enum err app_second_factor_confirm(struct app *app, const struct app_identity *identity,
                                   const char *code, time_ms wall, struct recovery_codes *ret_codes,
                                   struct refusal *ret_refusal)
{
    (void)app;
    (void)wall;
    *ret_codes = (struct recovery_codes){.codes_count = 1, .codes = {{.code = "ABCD-EFGH"}}};
    return take_code(identity, code, ret_refusal);
}

enum err app_second_factor_remove(struct app *app, const struct app_identity *identity,
                                  const char *code, time_ms wall, struct refusal *ret_refusal)
{
    (void)app;
    (void)wall;
    return take_code(identity, code, ret_refusal);
}

// ---- The provider: one visit, one person, one ticket.

#define TICKET "ticket-ticket-ticket-ticket-ticket-ticket-t"

void app_provider_browser(const char *cookie, char ret_browser[APP_SECRET_LENGTH + 1])
{
    text_copy_cut(ret_browser, APP_SECRET_LENGTH + 1, cookie[0] != '\0' ? cookie : "a-browser");
}

void app_provider_visit_make(const char *meeting, struct app_provider_visit *ret_visit)
{
    *ret_visit = (struct app_provider_visit){.state = "a-state", .nonce = "a-nonce"};
    text_copy_cut(ret_visit->meeting, sizeof(ret_visit->meeting), meeting);
}

void app_provider_visit_keep(struct app *app, const struct app_provider_visit *visit,
                             const char *browser, const char *remote, time_ms wall)
{
    (void)remote;
    (void)wall;
    app->visit = *visit;
    text_copy_cut(app->browser, sizeof(app->browser), browser);
}

enum err app_provider_visit_take(struct app *app, const char *state, const char *browser,
                                 const char *remote, time_ms wall,
                                 struct app_provider_visit *ret_visit)
{
    (void)remote;
    (void)wall;
    *ret_visit = app->visit;
    bool is_it = text_equal(state, app->visit.state) && text_equal(browser, app->browser);
    return is_it ? ERR_NONE : ERR_NOT_FOUND;
}

enum err app_provider_arrive(struct app *app, const struct app_provider_arrival *arrival,
                             time_ms wall, char ret_ticket[APP_SECRET_LENGTH + 1],
                             struct refusal *ret_refusal)
{
    (void)app;
    (void)wall;
    bool known = text_equal(arrival->person->subject, "ada");
    *ret_refusal = (struct refusal){.reason = known ? REFUSAL_NONE : REFUSAL_ACCOUNT_MISSING};
    text_copy_cut(ret_ticket, APP_SECRET_LENGTH + 1, TICKET);
    return known ? ERR_NONE : ERR_FORBIDDEN;
}

void app_provider_refused(struct app *app, const char *remote, const char *why, time_ms wall)
{
    (void)remote;
    (void)wall;
    text_copy_cut(app->refused_why, sizeof(app->refused_why), why);
}

enum err app_provider_redeem(struct app *app, const char *ticket, const char *browser,
                             const char *remote, time_ms wall, struct session *ret_session)
{
    (void)remote;
    session_fill(ret_session, "ticket", wall);
    return !text_equal(ticket, TICKET)         ? ERR_NOT_FOUND
           : text_equal(browser, app->browser) ? ERR_NONE
                                               : ERR_UNAUTHENTICATED;
}

enum err app_sign_out_everywhere(struct app *app, const struct app_identity *identity)
{
    app->signed_out_everywhere++;
    return identity->participant[0] != '\0' ? ERR_NONE : ERR_NOT_FOUND;
}

enum err app_sign_out(struct app *app, const struct app_identity *identity)
{
    app->signed_out++;
    for (uint32_t i = 0; i < FAKE_LIVES_MAX; i++) {
        if (app->lives[i].open && text_equal(app->lives[i].participant, identity->participant)) {
            app->lives[i].open = false;
            app->ports.live_end(app->ports.context, fake_app_live(i), "signed-out");
        }
    }
    return ERR_NONE;
}

enum err app_sessions(struct app *app, const struct app_identity *identity, time_ms wall,
                      struct session *ret_sessions, char (*ret_ids)[CONTRACT_ID_MAX + 1],
                      uint32_t sessions_max, uint32_t *ret_count)
{
    (void)app;
    *ret_count = 2;
    for (uint32_t i = 0; i < 2 && i < sessions_max; i++) {
        session_fill(&ret_sessions[i], "hidden", wall);
    }
    text_copy_cut(ret_ids[0], CONTRACT_ID_MAX + 1, identity->session);
    text_copy_cut(ret_ids[1], CONTRACT_ID_MAX + 1, "s-other");
    return ERR_NONE;
}

enum err app_session_revoke(struct app *app, const struct app_identity *identity,
                            const char *session)
{
    (void)identity;
    text_copy_cut(app->revoked, sizeof(app->revoked), session);
    return text_equal(session, "s-other") ? ERR_NONE : ERR_NOT_FOUND;
}

const struct meeting *app_meeting(const struct app *app, const char *meeting, uint64_t *ret_seq)
{
    *ret_seq = app->seq;
    return meeting[0] == 'm' && !text_equal(meeting, "m2") ? &app->meeting : NULL;
}

const uint64_t *app_meeting_touched(const struct app *app, const char *meeting)
{
    static uint64_t touched[MEETING_SECTION_COUNT];
    (void)meeting;
    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {
        touched[i] = app->seq; // by everything
    }
    return touched;
}

enum err app_events(struct app *app, const char *meeting, uint64_t after, struct event *ret_events,
                    uint32_t max, uint32_t *ret_count)
{
    *ret_count = 0;
    if (text_equal(meeting, "m2") || after < app->forgotten) {
        return ERR_NOT_FOUND;
    }
    for (uint64_t seq = after; seq < app->seq && *ret_count < max; seq++) {
        ret_events[(*ret_count)++] = app->events[seq];
    }
    return ERR_NONE;
}

enum err app_past_read(struct app *app, const char *meeting, struct app_past *past)
{
    (void)meeting;
    uint64_t before = past->before == 0 || past->before > app->seq ? app->seq + 1 : past->before;
    past->count = 0;
    for (past->next = before; past->next > 1 && past->count < past->max; past->next--) {
        const struct event *event = &app->events[past->next - 2];
        if (past->section == MEETING_SECTION_SPEAKERS && event_told(event, past->viewer)) {
            past->count++;
            past->events[past->max - past->count] = *event;
        }
    }
    past->next = past->next > 1 ? past->next : 0;
    return ERR_NONE;
}

enum err app_live_open(struct app *app, const struct app_identity *identity, bool resumes,
                       time_us now, time_ms wall, app_live *ret_live)
{
    (void)now;
    app->time = wall;
    if (app->live_open_result != ERR_NONE) {
        return app->live_open_result;
    }
    for (uint32_t i = 0; i < app->lives_opened; i++) {
        if (app->lives[i].open && text_equal(app->lives[i].participant, identity->participant) &&
            text_equal(app->lives[i].meeting, identity->meeting)) {
            app->lives[i].open = false;
            app->ports.live_end(app->ports.context, fake_app_live(i), "replaced");
        }
    }
    struct fake_live *live = &app->lives[app->lives_opened];
    live->open = true;
    live->capacity = identity->capacity;
    live->resumes = resumes;
    text_copy_cut(live->participant, sizeof(live->participant), identity->participant);
    text_copy_cut(live->meeting, sizeof(live->meeting), identity->meeting);
    *ret_live = fake_app_live(app->lives_opened++);
    return ERR_NONE;
}

void app_live_close(struct app *app, app_live live, bool left, time_us now, time_ms wall)
{
    (void)now;
    (void)wall;
    app->lives[live - 100].open = false;
    app->lives[live - 100].left = left;
    app->lives_closed++;
}

void app_live_leave(struct app *app, app_live live, time_us now, time_ms wall)
{
    app->lives_left++;
    app_live_close(app, live, true, now, wall);
}

const struct participant *app_live_audience(const struct app *app, app_live live)
{
    (void)app;
    (void)live;
    return NULL;
}

void app_live_round_trip(struct app *app, app_live live, time_us round_trip)
{
    app->lives[live - 100].round_trip = round_trip;
}

time_ms app_time(const struct app *app, const char *meeting)
{
    (void)meeting;
    return app->time;
}

void app_media_plan(enum capacity capacity, struct media_plan *ret_plan)
{
    *ret_plan = (struct media_plan){.sections_count = 2};
    ret_plan->sections[0].track = capacity == CAPACITY_LISTENER ? TRACK_NAME_NONE
                                                                : TRACK_NAME_MICROPHONE;
    ret_plan->sections[1].direction = MEDIA_DIRECTION_RECEIVE;
    ret_plan->sections[1].slot = SLOT_NAME_FLOOR_1;
}

void app_command(struct app *app, app_live live, uint64_t request, const struct command *command,
                 time_us now, time_ms wall)
{
    (void)now;
    (void)wall;
    const struct fake_live *self = &app->lives[live - 100];
    struct app_reply reply = {.err = ERR_NONE};
    app->commands++;
    app->last_command = *command;
    if (permission_grant(command->type, self->capacity) == PERMISSION_NONE) {
        reply.err = ERR_FORBIDDEN;
        reply.refusal = (struct refusal){
            .reason = REFUSAL_SCREEN_TAKEN, .most = 2, .participant = "p-chair"};
    } else if (command->type == COMMAND_MEDIA_JOIN) {
        text_copy_cut(app->last_sdp, sizeof(app->last_sdp), command->as.media_join.sdp);
        app->last_command.as.media_join.sdp = app->last_sdp;
        reply.sdp = "v=0\r\n";
    } else if (command->type == COMMAND_HELP_ASK) {
        struct event event = {.at = 5, .type = EVENT_HELP_CHANGED};
        text_copy_cut(event.by, sizeof(event.by), self->participant);
        text_copy_cut(event.as.help_changed.participant, sizeof(event.as.help_changed.participant),
                      self->participant);
        event.as.help_changed.state = HELP_STATE_ASKED;
        fake_app_publish(app, &event);
    }
    if (app->hold_replies) {
        app->held_live = live;
        app->held_request = request;
        return;
    }
    reply.seq = app->seq;
    app->ports.reply(app->ports.context, live, request, &reply);
}

const struct app_figure *app_figures(struct app *app, uint32_t *ret_count)
{
    static struct app_figure figures[2];
    figures[0] = (struct app_figure){"meetings", "Meetings.", false, 1};
    figures[1] = (struct app_figure){"plenary_media_packets_total", "Packets.", true, app->seq};
    *ret_count = 2;
    return figures;
}

enum err app_report_permit(const struct app *app, const struct app_identity *identity,
                           const char *meeting)
{
    (void)app;
    return text_equal(identity->meeting, meeting) && identity->capacity != CAPACITY_DELEGATE
               ? ERR_NONE
               : ERR_FORBIDDEN;
}

enum err app_door_permit(const struct app *app, const struct app_identity *identity,
                         const struct app_door_place *place)
{
    (void)app;
    return text_equal(identity->meeting, place->meeting) ? ERR_NONE : ERR_FORBIDDEN;
}

static enum err note_place(struct app *app, const struct app_door_place *place)
{
    app->door_kind = place->kind;
    snprintf(app->door_place, sizeof(app->door_place), "%s/%s/%s", place->meeting, place->name,
             place->session);
    return app->door_result;
}

enum err app_door_open(struct app *app, const struct app_identity *identity,
                       const struct app_door_place *place, const char *sdp, size_t sdp_size,
                       uint64_t request, time_us now, struct refusal *ret_refusal)
{
    (void)identity;
    (void)now;
    app->door_request = request;
    snprintf(app->door_sdp, sizeof(app->door_sdp), "%.*s", (int)sdp_size, sdp);
    text_copy_cut(app->door_variant, sizeof(app->door_variant),
                  place->variant != NULL ? place->variant : "none");
    *ret_refusal = (struct refusal){.reason = app->door_refusal, .most = 4};
    return note_place(app, place);
}

enum err app_door_etag(const struct app *app, const struct app_identity *identity,
                       const struct app_door_place *place, char ret_etag[APP_DOOR_ETAG_MAX + 1])
{
    (void)identity;
    (void)place;
    text_copy_cut(ret_etag, APP_DOOR_ETAG_MAX + 1, "\"e1\"");
    return app->door_result;
}

enum err app_door_restart(struct app *app, const struct app_identity *identity,
                          const struct app_door_place *place, const char *fragment, size_t size,
                          uint64_t request, time_us now, struct refusal *ret_refusal)
{
    return app_door_open(app, identity, place, fragment, size, request, now, ret_refusal);
}

enum err app_door_close(struct app *app, const struct app_identity *identity,
                        const struct app_door_place *place, time_us now)
{
    (void)identity;
    (void)now;
    return note_place(app, place);
}

size_t app_content_room(const struct app *app, const struct app_identity *identity,
                        const char *meeting)
{
    (void)app;
    bool sends = !identity->bound && text_equal(identity->meeting, meeting) &&
                 permission_grant(COMMAND_DOCUMENT_ADD, identity->capacity) != PERMISSION_NONE;
    return sends ? FAKE_CONTENT_ROOM : 0;
}

enum err app_content_begin(struct app *app, const struct app_identity *identity,
                           const char *meeting, enum document_form form, time_ms wall,
                           struct content_row *ret_row)
{
    *ret_row = (struct content_row){.at = wall, .content = {.id = "doc1", .form = form}};
    text_copy_cut(ret_row->meeting, sizeof(ret_row->meeting), meeting);
    text_copy_cut(ret_row->participant, sizeof(ret_row->participant), identity->participant);
    return app_content_room(app, identity, meeting) > 0 ? ERR_NONE : ERR_FORBIDDEN;
}

const char *app_content_path(const struct app *app)
{
    return app->content;
}

// "The path" is where the fake keeps what was sent last.
enum err app_content_keep(const char *path, struct content_row *row, const char *bytes, size_t size)
{
    if (size == 4 && memcmp(bytes, "full", 4) == 0) {
        return ERR_FULL;
    }
    if (memcmp(bytes, "bad", 3) == 0) {
        return ERR_INVALID;
    }
    char *content = (char *)path;
    row->content.size = (int64_t)size;
    snprintf(content, FAKE_CONTENT_MAX, "%.*s", (int)(size < 64 ? size : 64), bytes);
    return ERR_NONE;
}

enum err app_document_find(const struct app *app, const struct app_identity *identity,
                           const char *meeting, const char *id, struct document *ret_document)
{
    if (!text_equal(identity->meeting, meeting)) {
        return ERR_FORBIDDEN;
    }
    const struct viewer viewer = {.capacity = identity->capacity,
                                  .participant = identity->participant};
    if (!text_equal(app->document.id, id) || !document_told(&app->document, &viewer)) {
        return ERR_NOT_FOUND;
    }
    *ret_document = app->document;
    return ERR_NONE;
}

// The one document.
enum err app_papers(const struct app *app, const struct app_identity *identity, const char *meeting,
                    const char *item, struct app_papers *ret_papers)
{
    struct document found;
    *ret_papers = (struct app_papers){0};
    enum err err = app_document_find(app, identity, meeting, app->document.id, &found);
    if (err == ERR_NONE && item[0] != '\0' && !text_equal(item, found.item)) {
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_NONE) {
        ret_papers->list = malloc(sizeof(*ret_papers->list));
        if (ret_papers->list == NULL) {
            return ERR_FULL;
        }
        ret_papers->list[0] = found;
        ret_papers->count = 1;
    }
    return err;
}

enum err app_document_read(struct app *app, const struct app_identity *identity,
                           const char *meeting, const char *id, struct app_document_piece *piece)
{
    struct document found;
    enum err err = app_document_find(app, identity, meeting, id, &found);
    size_t left = strlen(app->content) - (size_t)piece->at;
    piece->size = left < piece->max ? left : piece->max;
    memcpy(piece->to, app->content + piece->at, piece->size);
    return err;
}
