// Meetings come into memory and leave it; one whose journal cannot be read is set aside, and the
// others run.
#include "world.h"

#include <stdlib.h>

#include "app/replay.h"
#include "base/text.h"
#include "store/people.h"

// What is wrong with the journal of "demo", and how it is named.
struct harm {
    void (*do_it)(struct world *world);
    const char *reason;
};

static void run(struct world *world, const char *sql)
{
    world_run_beside(world,
                     "DROP TRIGGER IF EXISTS journal_keeps_rows;"
                     "DROP TRIGGER IF EXISTS journal_keeps_values;");
    world_run_beside(world, sql);
}

static void change_a_row(struct world *world)
{
    run(world, "UPDATE journal SET by = 'nobody' WHERE stream = 'meeting/demo' AND seq = 5");
}

static void cut_the_end(struct world *world)
{
    run(world, "DELETE FROM journal WHERE stream = 'meeting/demo' AND seq > 7");
}

static void spoil_the_head(struct world *world)
{
    run(world, "UPDATE journal_head SET hash = x'00' WHERE stream = 'meeting/demo'");
}

static void lose_all_rows(struct world *world)
{
    run(world,
        "DELETE FROM journal WHERE stream = 'meeting/demo';"
        "UPDATE journal_head SET seq = 0 WHERE stream = 'meeting/demo'");
}

// A row that is chained as it should be, of a kind that a later server may know.
static void add_unknown_event(struct world *world)
{
    char sql[1024];
    char previous[2 * JOURNAL_HASH_SIZE + 1];
    char hash[2 * JOURNAL_HASH_SIZE + 1];
    char commitment[2 * JOURNAL_HASH_SIZE + 1];
    struct journal_row row = {.stream = "meeting/demo",
                              .form = JOURNAL_FORM_COMMITTED,
                              .by = "",
                              .type = "gong.struck",
                              .data = "{}",
                              .data_length = 2};
    assert_int_equal(journal_head(world->store, "demo", &row.seq, row.previous), ERR_NONE);
    row.seq++;
    row.at = world->wall;
    journal_commitment(&row, row.commitment);
    journal_hash(&row, row.hash);
    text_hex(commitment, row.commitment, JOURNAL_HASH_SIZE);
    text_hex(previous, row.previous, JOURNAL_HASH_SIZE);
    text_hex(hash, row.hash, JOURNAL_HASH_SIZE);
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO journal VALUES ('meeting/demo', %llu, %lld, '', 0, 'gong.struck', '{}', 2,"
        " zeroblob(16), x'%s', x'%s', x'%s'); UPDATE journal_head SET seq = seq + 1, hash = x'%s' "
        "WHERE stream = 'meeting/demo'",
        (unsigned long long)row.seq, (long long)row.at, commitment, previous, hash, hash);
    run(world, sql);
}

static void append_to(struct world *world, const char *meeting, struct event *event)
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    uint64_t ticket = 0;
    assert_int_equal(journal_head(world->store, meeting, &event->seq, hash), ERR_NONE);
    event->seq++;
    event->at = world->wall;
    assert_int_equal(journal_append(world->store, meeting, event, 1, &ticket), ERR_NONE);
    assert_int_equal(journal_flush(world->store), ERR_NONE);
}

static void append(struct world *world, struct event *event)
{
    append_to(world, "demo", event);
}

// The core takes these for a bug.
static void add_impossible_event(struct world *world)
{
    static struct event event = {.type = EVENT_PARTICIPANT_REMOVED,
                                 .as.participant_removed = {.participant = "nobody"}};
    append(world, &event);
}

static void add_what_breaks_a_rule(struct world *world)
{
    static struct event event = {
        .type = EVENT_CHANNEL_CHANGED,
        .as.channel_changed.channel = {.id = CHANNEL_ID_FR, .state = CHANNEL_STATE_INTERPRETED}};
    append(world, &event);
}

static const struct harm harms[] = {
    {change_a_row, "a row was changed"},
    {cut_the_end, "rows are missing at the end"},
    {spoil_the_head, "its head cannot be read"},
    {lose_all_rows, "the last row is not the one that was written"},
    {add_unknown_event, "an event that this server cannot read"},
    {add_impossible_event, "an event that cannot be: state->index[slot] != 0"},
    {add_what_breaks_a_rule, ""},
};

static uint64_t figure(struct world *world, const char *name)
{
    uint32_t count = 0;
    const struct app_figure *figures = app_figures(world->app, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(figures[i].name, name)) {
            return figures[i].value;
        }
    }
    return UINT64_MAX;
}

static void note_fault(void *context, const char *meeting, const struct replay_fault *fault)
{
    struct replay_fault *noted = context;
    assert_string_equal(meeting, "demo");
    *noted = *fault;
}

static void check_fault(struct world *world, const struct harm *harm)
{
    struct replay_fault fault = {0};
    uint32_t meetings = 0;
    assert_int_equal(replay_examine(world->store, note_fault, &fault, &meetings), ERR_NONE);
    assert_int_equal(meetings, 2);
    assert_true(fault.reason[0] != '\0');
    assert_true(harm->reason[0] == '\0' || text_equal(fault.reason, harm->reason));
}

// Whoever belongs to the meeting hears what is wrong, and nobody else that there is one.
static void check_doors(struct world *world, const char *link, const char *session)
{
    struct app_identity identity;
    struct session made;
    char token[APP_TOKEN_MAX + 1];
    const struct app_token_wish wish = {
        .meeting = "demo", .capacity = CAPACITY_LISTENER, .lifetime_ms = 1000};
    const struct app_door_place place = {
        .kind = APP_DOOR_LISTEN, .meeting = "demo", .name = "floor"};
    const struct app_identity bound = {
        .meeting = "demo", .bound = true, .door = APP_DOOR_LISTEN, .name = "floor"};
    const struct app_identity stranger = {.meeting = "rehearsal"};
    assert_int_equal(world_sign_in_by(world, link, world->wall, &made), ERR_SET_ASIDE);
    assert_int_equal(app_identify(world->app, link, world->wall, &identity), ERR_SET_ASIDE);
    assert_int_equal(app_identify(world->app, session, world->wall, &identity), ERR_SET_ASIDE);
    assert_int_equal(app_door_permit(world->app, &bound, &place), ERR_SET_ASIDE);
    assert_int_equal(app_door_permit(world->app, &stranger, &place), ERR_FORBIDDEN);
    assert_int_not_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
}

static void harm_and_start(struct world *world, const struct harm *harm)
{
    char link[APP_TOKEN_MAX + 1];
    char session[APP_TOKEN_MAX + 1];
    uint64_t seq = 0;
    world_token(world, "chair", 3600000, link);
    text_copy_cut(session, sizeof(session), world_sign_in(world, "moderator").token);
    harm->do_it(world);
    check_fault(world, harm);
    world_restart_control(world);
    assert_null(app_meeting(world->app, "demo", &seq));
    assert_non_null(app_meeting(world->app, "rehearsal", &seq));
    assert_int_equal(figure(world, "plenary_meetings_set_aside"), 1);
    check_doors(world, link, session);
}

static void test_the_others_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++) {
        void *world = NULL;
        world_setup(&world);
        harm_and_start(world, &harms[i]);
        world_teardown(&world);
    }
}

// The links of the other meeting are made as ever.
static void test_the_demonstration_without_one(void **state)
{
    struct world *world = *state;
    struct app_demo_link links[32];
    uint32_t count = 0;
    change_a_row(world);
    assert_int_equal(app_demo_prepare(world->store, world->wall, links, 32, &count), ERR_NONE);
    assert_true(count > 0);
    for (uint32_t i = 0; i < count; i++) {
        assert_string_equal(links[i].meeting, "rehearsal");
    }
}

static void test_none_is_wrong(void **state)
{
    struct world *world = *state;
    uint32_t meetings = 0;
    assert_int_equal(replay_examine(world->store, note_fault, NULL, &meetings), ERR_NONE);
    assert_int_equal(meetings, 2);
    assert_int_equal(figure(world, "plenary_meetings_set_aside"), 0);
}

// ---- More meetings than places

static bool in_memory(struct world *world, const char *meeting)
{
    uint64_t seq = 0;
    return app_meeting(world->app, meeting, &seq) != NULL;
}

static void make_meeting(struct world *world, const char *id)
{
    static struct event event = {.seq = 1,
                                 .type = EVENT_MEETING_CREATED,
                                 .as.meeting_created = {.floor_microphones_max = 2}};
    uint64_t ticket = 0;
    event.at = ++world->wall;
    assert_int_equal(journal_append(world->store, id, &event, 1, &ticket), ERR_NONE);
    assert_int_equal(journal_flush(world->store), ERR_NONE);
}

static enum err come(struct world *world, const char *meeting, struct session *ret_session)
{
    char token[APP_TOKEN_MAX + 1];
    const struct app_token_wish wish = {.meeting = meeting,
                                        .capacity = CAPACITY_CAPTIONER,
                                        .name = "One who comes",
                                        .lifetime_ms = 3600000};
    assert_int_equal(app_token_make(world->store, &wish, world->wall, token), ERR_NONE);
    return world_sign_in_by(world, token, world->wall, ret_session);
}

static void restart_with_places(struct world *world, uint32_t places)
{
    world->meetings_max = places;
    world_restart_control(world);
}

// Those where something happened last are there at the start, any other when somebody comes.
static void test_more_meetings_than_places(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_identity identity;
    for (int i = 0; i < 20; i++) {
        char id[16];
        snprintf(id, sizeof(id), "m%d", i);
        make_meeting(world, id);
    }
    restart_with_places(world, 4);
    assert_int_equal(figure(world, "plenary_meetings"), 4);
    assert_true(in_memory(world, "m16") && in_memory(world, "m19"));
    assert_false(in_memory(world, "m15") || in_memory(world, "demo"));
    assert_int_equal(come(world, "m0", &session), ERR_NONE);
    assert_true(in_memory(world, "m0"));
    assert_int_equal(figure(world, "plenary_meetings"), 4);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    assert_string_equal(identity.meeting, "m0");
    restart_with_places(world, 4); // where that captioner came is new now
    assert_true(in_memory(world, "m0") && in_memory(world, "m19"));
}

// Neither who is connected nor who was a moment ago loses the place; later it is as it was.
static void test_places_in_use_are_not_given_away(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_identity identity;
    struct meeting *before = malloc(sizeof(*before));
    uint64_t seq = 0;
    uint64_t seq_after = 0;
    make_meeting(world, "other");
    const struct session chair = world_sign_in(world, "chair");
    restart_with_places(world, 1);
    assert_true(in_memory(world, "other"));
    assert_int_equal(app_identify(world->app, chair.token, world->wall, &identity), ERR_NONE);
    assert_true(in_memory(world, "demo") && !in_memory(world, "other"));
    app_live live = world_connect_as(world, &identity, false);
    world_advance(world, 600000);
    assert_int_equal(come(world, "other", &session), ERR_FULL);
    app_live_close(world->app, live, true, world->now, world->wall);
    assert_int_equal(come(world, "other", &session), ERR_FULL);
    world_advance(world, 600000);
    *before = *app_meeting(world->app, "demo", &seq);
    assert_int_equal(come(world, "other", &session), ERR_NONE);
    assert_false(in_memory(world, "demo"));
    world_advance(world, 600000);
    assert_int_equal(app_identify(world->app, chair.token, world->wall, &identity), ERR_NONE);
    assert_memory_equal(app_meeting(world->app, "demo", &seq_after), before, sizeof(*before));
    assert_int_equal(seq_after, seq);
    free(before);
}

// Whom media has belongs to a meeting that is not there yet, and goes on to be heard.
static void test_media_calls_a_meeting_in(void **state)
{
    struct world *world = *state;
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    world_enter(world, "delegate-fra");
    assert_int_equal(world_floor_give(world, chair, "delegate-fra"), ERR_NONE);
    assert_string_equal(world_hears(world, "chair", SLOT_NAME_FLOOR_1), "delegate-fra microphone");
    world->wall += 1000;
    make_meeting(world, "other");
    world_media_disconnect(world);
    restart_with_places(world, 1);
    assert_true(in_memory(world, "other"));
    world_media_connect(world);
    assert_true(in_memory(world, "demo"));
    assert_non_null(world_peer(world, "delegate-fra"));
    assert_string_equal(world_hears(world, "chair", SLOT_NAME_FLOOR_1), "delegate-fra microphone");
}

// What is told to media again when a meeting comes back.
static void test_who_comes_back_is_heard(void **state)
{
    struct world *world = *state;
    struct session session;
    make_meeting(world, "other");
    const struct session chair = world_sign_in(world, "chair");
    const struct session delegate = world_sign_in(world, "delegate-fra");
    restart_with_places(world, 1);
    world_media_connect(world);
    assert_int_equal(come(world, "other", &session), ERR_NONE);
    world_advance(world, 600000);
    const char *tokens[] = {chair.token, delegate.token};
    app_live lives[2];
    for (int i = 0; i < 2; i++) {
        struct app_identity identity;
        assert_int_equal(app_identify(world->app, tokens[i], world->wall, &identity), ERR_NONE);
        lives[i] = world_connect_as(world, &identity, false);
        assert_int_equal(world_simple(world, lives[i], COMMAND_ROOM_ENTER), ERR_NONE);
        assert_int_equal(world_join(world, lives[i]), ERR_NONE);
    }
    assert_int_equal(world_floor_give(world, lives[0], "delegate-fra"), ERR_NONE);
    assert_string_equal(world_hears(world, "chair", SLOT_NAME_FLOOR_1), "delegate-fra microphone");
}

// One that is asleep is tried when somebody comes, and not again and again.
static void test_one_that_is_asleep_is_set_aside(void **state)
{
    struct world *world = *state;
    struct session session;
    make_meeting(world, "other");
    const struct session chair = world_sign_in(world, "chair");
    change_a_row(world);
    restart_with_places(world, 1);
    for (int i = 0; i < 2; i++) {
        struct app_identity identity;
        assert_int_equal(app_identify(world->app, chair.token, world->wall, &identity),
                         ERR_SET_ASIDE);
        assert_int_equal(figure(world, "plenary_meetings_set_aside"), 1);
    }
    assert_int_equal(come(world, "other", &session), ERR_NONE);
}

// ---- Looking at meetings that are asleep

#define ASLEEP 20

static const struct app_identity sophie = {.session = "s-sophie", .account = "sophie"};

static void give_place(struct world *world, const char *meeting)
{
    static struct event event = {
        .type = EVENT_PARTICIPANT_ADDED,
        .as.participant_added.participant = {.id = "sophie",
                                             .name = "Sophie Laurent",
                                             .capacity = CAPACITY_CAPTIONER,
                                             .presence = PRESENCE_AWAY}};
    append_to(world, meeting, &event);
    assert_int_equal(account_set_participant(world->store, "sophie", meeting, "sophie"), ERR_NONE);
}

// One account with a place in each of m0 to m19.
static void make_places(struct world *world)
{
    const struct account_row account = {.name = "sophie", .created_at = world->wall};
    const struct session_row session = {.id = "s-sophie",
                                        .account = "sophie",
                                        .capacity = CAPACITY_LISTENER,
                                        .expires_at = world->wall + 3600000};
    assert_int_equal(account_add(world->store, &account), ERR_NONE);
    assert_int_equal(session_add(world->store, &session), ERR_NONE);
    for (int i = 0; i < ASLEEP; i++) {
        char id[16];
        snprintf(id, sizeof(id), "m%d", i);
        make_meeting(world, id);
        give_place(world, id);
    }
}

// Somebody new without a participant.
static void link_to(struct world *world, const char *meeting, const char *participant,
                    char ret_token[APP_TOKEN_MAX + 1])
{
    const struct app_token_wish wish = {.meeting = meeting,
                                        .participant = participant,
                                        .name = participant == NULL ? "Another" : NULL,
                                        .capacity = CAPACITY_CAPTIONER,
                                        .lifetime_ms = 3600000};
    assert_int_equal(app_token_make(world->store, &wish, world->wall, ret_token), ERR_NONE);
}

static uint32_t list_seats(struct world *world, struct seats *seats)
{
    assert_int_equal(app_seats(world->app, &sophie, "", world->wall, seats), ERR_NONE);
    assert_string_equal(seats->next, "");
    return seats->seats_count;
}

// All are listed, none comes into memory, and none that was there leaves it.
static void test_a_list_of_seats_takes_no_place(void **state)
{
    struct world *world = *state;
    struct seats seats;
    make_places(world);
    restart_with_places(world, 4);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(list_seats(world, &seats), ASLEEP);
        assert_string_equal(seats.seats[0].meeting, "m0");
        assert_string_equal(seats.seats[0].participant, "sophie");
        assert_int_equal(seats.seats[0].capacity, CAPACITY_CAPTIONER);
        assert_true(in_memory(world, "m16") && in_memory(world, "m19"));
        assert_false(in_memory(world, "m0") || in_memory(world, "m15"));
    }
}

// What is kept of a meeting that is asleep is no older than its journal.
static void test_a_list_of_seats_is_of_now(void **state)
{
    struct world *world = *state;
    struct seats seats;
    static struct event opened = {.type = EVENT_SITTING_CHANGED,
                                  .as.sitting_changed = {.state = SITTING_STATE_OPEN}};
    static struct event removed = {.type = EVENT_PARTICIPANT_REMOVED,
                                   .as.participant_removed = {.participant = "sophie"}};
    make_places(world);
    restart_with_places(world, 4);
    assert_int_equal(list_seats(world, &seats), ASLEEP);
    assert_int_not_equal(seats.seats[0].sitting, SITTING_STATE_OPEN);
    append_to(world, "m0", &opened);
    append_to(world, "m1", &removed);
    assert_int_equal(list_seats(world, &seats), ASLEEP - 1);
    assert_int_equal(seats.seats[0].sitting, SITTING_STATE_OPEN);
    assert_string_equal(seats.seats[1].meeting, "m10");
}

// However many there are, and after a restart: a list reads no journal that has been read. Whatever
// reads this one finds that a row of its middle was changed.
static void test_a_list_of_seats_reads_no_journal_twice(void **state)
{
    struct world *world = *state;
    struct seats seats;
    make_places(world);
    restart_with_places(world, 4);
    assert_int_equal(list_seats(world, &seats), ASLEEP);
    run(world, "UPDATE journal SET by = 'nobody' WHERE stream = 'meeting/m3' AND seq = 1");
    restart_with_places(world, 4);
    assert_int_equal(list_seats(world, &seats), ASLEEP);
    assert_string_equal(seats.seats[13].meeting, "m3");
    assert_int_equal(seats.seats[13].capacity, CAPACITY_CAPTIONER);
    assert_int_equal(figure(world, "plenary_meetings_set_aside"), 0);
}

// What is kept when a meeting leaves memory is what a list says of it.
static void test_a_meeting_that_leaves_is_listed_unread(void **state)
{
    struct world *world = *state;
    struct seats seats;
    struct session session;
    make_places(world);
    restart_with_places(world, 4);
    assert_true(in_memory(world, "m19"));
    world_advance(world, 600000);
    for (int i = 0; i < 4; i++) {
        char id[16];
        snprintf(id, sizeof(id), "m%d", i);
        assert_int_equal(come(world, id, &session), ERR_NONE);
    }
    assert_false(in_memory(world, "m19"));
    run(world, "UPDATE journal SET by = 'nobody' WHERE stream = 'meeting/m19' AND seq = 1");
    assert_int_equal(list_seats(world, &seats), ASLEEP);
    assert_string_equal(seats.seats[11].meeting, "m19");
    assert_int_equal(seats.seats[11].capacity, CAPACITY_CAPTIONER);
}

// Beyond what one answer has room for: nothing is left out, nothing comes twice.
static void test_a_list_of_seats_goes_on_to_its_end(void **state)
{
    struct world *world = *state;
    struct seats seats = {.next = ""};
    char after[CONTRACT_ID_MAX + 1] = "";
    char last[CONTRACT_ID_MAX + 1] = "";
    uint32_t count = 0;
    make_places(world);
    for (int i = ASLEEP; i < 2 * ASLEEP; i++) {
        char id[16];
        snprintf(id, sizeof(id), "m%d", i);
        make_meeting(world, id);
        give_place(world, id);
    }
    restart_with_places(world, 4);
    do {
        memcpy(after, seats.next, sizeof(after));
        assert_int_equal(app_seats(world->app, &sophie, after, world->wall, &seats), ERR_NONE);
        for (uint32_t i = 0; i < seats.seats_count; i++) {
            assert_true(strcmp(seats.seats[i].meeting, last) > 0);
            memcpy(last, seats.seats[i].meeting, sizeof(last));
        }
        count += seats.seats_count;
    } while (seats.next[0] != '\0');
    assert_int_equal(count, 2 * ASLEEP);
    assert_string_equal(last, "m9");
    // A link for what is not in the first answer: somebody else's seat is none of theirs; and it
    // is revoked with all others.
    char other[APP_TOKEN_MAX + 1];
    char own[APP_TOKEN_MAX + 1];
    struct session session;
    struct seat seat;
    link_to(world, "m9", NULL, other);
    link_to(world, "m9", "sophie", own);
    assert_int_equal(app_seat_add(world->app, &sophie, other, NULL, world->wall, &seat),
                     ERR_CONFLICT);
    assert_int_equal(app_seat_add(world->app, &sophie, own, NULL, world->wall, &seat), ERR_NONE);
    assert_int_equal(app_sign_out_everywhere(world->app, &sophie), ERR_NONE);
    assert_int_equal(world_sign_in_by(world, own, world->wall, &session), ERR_FORBIDDEN);
}

// One that cannot be read is left out of the list, and tried once.
static void test_a_list_of_seats_without_what_cannot_be_read(void **state)
{
    struct world *world = *state;
    struct seats seats;
    make_places(world);
    run(world, "UPDATE journal SET by = 'nobody' WHERE stream = 'meeting/m3' AND seq = 1");
    restart_with_places(world, 4);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(list_seats(world, &seats), ASLEEP - 1);
        assert_int_equal(figure(world, "plenary_meetings_set_aside"), 1);
    }
}

// The only place is that of a meeting with somebody in it.
static void test_a_list_of_seats_while_all_places_are_in_use(void **state)
{
    struct world *world = *state;
    struct seats seats;
    struct app_identity identity;
    make_places(world);
    const struct session chair = world_sign_in(world, "chair");
    restart_with_places(world, 1);
    assert_int_equal(app_identify(world->app, chair.token, world->wall, &identity), ERR_NONE);
    world_connect_as(world, &identity, false);
    assert_int_equal(list_seats(world, &seats), ASLEEP);
    assert_true(in_memory(world, "demo"));
}

// Who only asked for a meeting keeps nobody out of another, not for a moment.
static void test_who_looks_gives_way_at_once(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_identity identity;
    make_meeting(world, "other");
    const struct session chair = world_sign_in(world, "chair");
    restart_with_places(world, 1);
    assert_int_equal(app_identify(world->app, chair.token, world->wall, &identity), ERR_NONE);
    assert_true(in_memory(world, "demo"));
    assert_int_equal(come(world, "other", &session), ERR_NONE);
    assert_true(in_memory(world, "other"));
    // Who came is about to be in, and is not put out by a look.
    assert_int_equal(app_identify(world->app, chair.token, world->wall, &identity), ERR_FULL);
}

// Between being identified and coming in, somebody else may have looked at another.
static void test_who_comes_after_a_look_at_another(void **state)
{
    struct world *world = *state;
    struct session session;
    struct app_identity chair;
    struct app_identity other;
    make_meeting(world, "other");
    const struct session signed_in = world_sign_in(world, "chair");
    assert_int_equal(come(world, "other", &session), ERR_NONE);
    restart_with_places(world, 1);
    assert_int_equal(app_identify(world->app, signed_in.token, world->wall, &chair), ERR_NONE);
    assert_int_equal(app_identify(world->app, session.token, world->wall, &other), ERR_NONE);
    assert_false(in_memory(world, "demo"));
    world_connect_as(world, &chair, false);
    assert_true(in_memory(world, "demo"));
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_others_run),
        CASE(test_the_demonstration_without_one),
        CASE(test_none_is_wrong),
        CASE(test_more_meetings_than_places),
        CASE(test_places_in_use_are_not_given_away),
        CASE(test_media_calls_a_meeting_in),
        CASE(test_who_comes_back_is_heard),
        CASE(test_one_that_is_asleep_is_set_aside),
        CASE(test_a_list_of_seats_takes_no_place),
        CASE(test_a_list_of_seats_is_of_now),
        CASE(test_a_list_of_seats_reads_no_journal_twice),
        CASE(test_a_meeting_that_leaves_is_listed_unread),
        CASE(test_a_list_of_seats_goes_on_to_its_end),
        CASE(test_a_list_of_seats_without_what_cannot_be_read),
        CASE(test_a_list_of_seats_while_all_places_are_in_use),
        CASE(test_who_looks_gives_way_at_once),
        CASE(test_who_comes_after_a_look_at_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
