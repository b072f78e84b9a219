#include "world.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "meeting/timing.h"
#include "store/content.h"
#include "store/journal.h"

#define WORLD_START_WALL INT64_C(1795000000000)
#define WORLD_START_NOW  INT64_C(5000000000)

static void write_line(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void write_line(struct world *world, const char *format, ...)
{
    assert_true(world->line_count < WORLD_LINES_MAX);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(world->lines[world->line_count++], WORLD_LINE_SIZE, format, arguments);
    va_end(arguments);
}

// ---- Ports ----

static void port_publish(void *context, const char *meeting, const struct event *events,
                         uint32_t count)
{
    struct world *world = context;
    world->publishes++;
    for (uint32_t i = 0; i < count; i++) {
        write_line(world, "publish %s %llu %s", meeting, (unsigned long long)events[i].seq,
                   event_name(events[i].type));
    }
}

static void port_reply(void *context, app_live live, uint64_t request,
                       const struct app_reply *reply)
{
    struct world *world = context;
    write_line(world, "reply %u %llu %s", live, (unsigned long long)request, err_slug(reply->err));
    world->replied = request;
    world->reply = *reply;
    world->reply_sdp[0] = '\0';
    if (reply->sdp != NULL) {
        text_copy_cut(world->reply_sdp, sizeof(world->reply_sdp), reply->sdp);
    }
    world->reply.sdp = NULL;
    world->reply.detail = NULL;
}

static void port_notice(void *context, app_live live, const struct notice *notice)
{
    struct world *world = context;
    world->notice = *notice;
    if (notice->type == NOTICE_RECEIVERS_CHANGED) {
        world->receivers = notice->as.receivers_changed;
    }
    write_line(world, "notice %u %s", live, notice_name(notice->type));
}

static void port_live_end(void *context, app_live live, const char *reason)
{
    struct world *world = context;
    write_line(world, "live_end %u %s", live, reason);
}

static struct world_peer *find_peer(struct world *world, link_peer id)
{
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        if (world->peers[i].id == id) {
            return &world->peers[i];
        }
    }
    return NULL;
}

static void media_create(struct world *world, const struct link_message *message)
{
    assert_null(find_peer(world, message->peer));
    struct world_peer *peer = find_peer(world, 0);
    assert_non_null(peer);
    *peer = (struct world_peer){
        .id = message->peer, .section_count = message->section_count, .sound = world->joins_with};
    memcpy(peer->owner, message->owner, sizeof(peer->owner));
    memcpy(peer->sections, message->sections, sizeof(peer->sections));
    for (int i = 0; i < peer->section_count; i++) {
        const struct link_section *section = &peer->sections[i];
        if (section->direction == LINK_RECEIVE) {
            peer->slots[section->slot].channel = section->channel;
        }
    }
    write_line(world, "link create %s", peer->owner);
}

static void media_restart(struct world *world, const struct link_message *message)
{
    struct world_peer *peer = find_peer(world, message->peer);
    assert_non_null(peer);
    peer->answered = false;
    peer->restarting = true;
    memcpy(peer->owner_restarted, message->owner, sizeof(peer->owner_restarted));
    write_line(world, "link restart %s %s", peer->owner, message->sdp);
}

static void media_close(struct world *world, const struct link_message *message)
{
    struct world_peer *peer = find_peer(world, message->peer);
    write_line(world, "link close %s", peer != NULL ? peer->owner : "unknown");
    if (peer != NULL) {
        *peer = (struct world_peer){0};
    }
}

static void media_channel(struct world *world, const struct link_message *message)
{
    uint32_t at = 0;
    assert_int_not_equal(message->channel, 0);
    while (at < world->channel_count && world->channels[at].channel != message->channel) {
        at++;
    }
    assert_true(at < WORLD_CHANNELS_MAX);
    world->channel_count = at == world->channel_count ? at + 1 : world->channel_count;
    world->channels[at].channel = message->channel;
    world->channels[at].source = message->source;
    world->channels[at].when_heard = message->wait_ms > 0;
    write_line(world, "link channel %u %u", message->channel, message->source);
}

static void media_slot(struct world *world, const struct link_message *message)
{
    struct world_peer *peer = find_peer(world, message->peer);
    assert_non_null(peer);
    struct world_slot *slot = &peer->slots[message->slot];
    slot->source = message->type == LINK_SLOT_SET_SOURCE ? message->source : 0;
    slot->channel = message->type == LINK_SLOT_SET_CHANNEL ? message->channel : 0;
    write_line(world, "link slot %s %u %u %u", peer->owner, message->slot, slot->channel,
               slot->source);
}

static void media_variant(struct world *world, const struct link_message *message)
{
    struct world_peer *peer = find_peer(world, message->peer);
    assert_non_null(peer);
    peer->slots[message->slot].variant = message->variant;
    write_line(world, "link variant %s %u %u", peer->owner, message->slot, message->variant);
}

static void media_delay(struct world *world, const struct link_message *message)
{
    uint32_t i = 0;
    while (i < WORLD_DELAYS_MAX && world->delays[i].channel != 0 &&
           world->delays[i].channel != message->channel) {
        i++;
    }
    assert_true(i < WORLD_DELAYS_MAX);
    world->delays[i].channel = message->channel;
    world->delays[i].delay_ms = message->delay_ms;
    world->delays_said++;
}

// Heard anew at the next commit, as a client's next packet would be.
static void media_await(struct world *world, const struct link_message *message)
{
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        struct world_peer *peer = &world->peers[i];
        if (peer->id != 0 && peer->sections[0].source == message->source) {
            peer->awaited = true;
            write_line(world, "link await %s", peer->owner);
        }
    }
}

static bool port_link_send(void *context, const struct link_message *message)
{
    static uint8_t bytes[LINK_MESSAGE_MAX];
    struct world *world = context;
    size_t size = 0;
    if (!world->media_up) {
        return false;
    }
    assert_int_equal(link_encode(message, bytes, sizeof(bytes), &size), ERR_NONE);
    if (message->type == LINK_HELLO) {
        assert_int_equal(message->version, LINK_VERSION);
    } else if (message->type == LINK_SYNC) {
        world->sync_asked = true;
        write_line(world, "link sync");
    } else if (message->type == LINK_PEER_CREATE) {
        media_create(world, message);
    } else if (message->type == LINK_PEER_CLOSE) {
        media_close(world, message);
    } else if (message->type == LINK_PEER_RESTART) {
        media_restart(world, message);
    } else if (message->type == LINK_CHANNEL_SET_SOURCE) {
        media_channel(world, message);
    } else if (message->type == LINK_CHANNEL_SET_DELAY) {
        media_delay(world, message);
    } else if (message->type == LINK_SLOT_SET_VARIANT) {
        media_variant(world, message);
    } else if (message->type == LINK_SOURCE_AWAIT) {
        media_await(world, message);
    } else {
        media_slot(world, message);
    }
    return true;
}

static void port_door_answer(void *context, uint64_t request, const struct app_door_answer *answer)
{
    struct world *world = context;
    world->door_request = request;
    world->door_err = answer->err;
    world->door_restarted = answer->restarted;
    snprintf(world->door_session, sizeof(world->door_session), "%s", answer->session);
    snprintf(world->door_etag, sizeof(world->door_etag), "%s", answer->etag);
    write_line(world, "door %d %s", (int)request, err_slug(answer->err));
}

static bool port_mail_give(void *context, struct mail_row *row)
{
    struct world *world = context;
    assert_null(world->mail); // one at a time
    world->mail = row;
    write_line(world, "mail %s", row->address);
    return true;
}

void world_mail_answer(struct world *world, enum mail_outcome outcome, const char *words)
{
    struct mail_answer answer = {.outcome = outcome};
    snprintf(answer.words, sizeof(answer.words), "%s", words);
    assert_non_null(world->mail);
    mail_row_free(world->mail);
    world->mail = NULL;
    app_mail_done(world->app, &answer, world->now, world->wall);
    app_on_deadline(world->app, world->now, world->wall);
}

// ---- Life ----

static void start_app(struct world *world)
{
    const struct app_config config = {.session_lifetime_ms = 12 * 3600 * 1000,
                                      .close_silent_ms = 15000,
                                      .clocks = world->clocks,
                                      .clocks_count = 8,
                                      .meetings_max = world->meetings_max != 0 ? world->meetings_max
                                                                               : 8,
                                      .lives_max = 64,
                                      .doors_max = 16,
                                      .sign_in = world->sign_in};
    const struct app_ports ports = {.context = world,
                                    .publish = port_publish,
                                    .reply = port_reply,
                                    .notice = port_notice,
                                    .live_end = port_live_end,
                                    .door_answer = port_door_answer,
                                    .link_send = port_link_send,
                                    .link_context = world};
    const struct app_mail_port mail_port = {.give = port_mail_give,
                                            .context = world,
                                            .from = "secretariat@example.org",
                                            .url = "https://meet.example.org"};
    assert_int_equal(
        app_create(&config, &ports, world->store, world->now, world->wall, &world->app), ERR_NONE);
    if (world->mails) {
        app_mail_serve(world->app, &mail_port);
    }
}

int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    world->now = WORLD_START_NOW;
    world->wall = WORLD_START_WALL;
    const char *folder = getenv("TMPDIR");
    snprintf(world->folder, sizeof(world->folder), "%s/plenary-app-XXXXXX",
             folder != NULL ? folder : "/tmp");
    assert_non_null(mkdtemp(world->folder));
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", world->folder, STORE_FILE_NAME);
    assert_int_equal(store_open(path, &world->store), ERR_NONE);
    struct app_demo_link links[32];
    uint32_t count = 0;
    assert_int_equal(app_demo_prepare(world->store, world->wall, links, 32, &count), ERR_NONE);
    start_app(world);
    *state = world;
    return 0;
}

int world_teardown(void **state)
{
    struct world *world = *state;
    app_destroy(world->app);
    mail_row_free(world->mail);
    store_close(world->store);
    DIR *folder = opendir(world->folder);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", world->folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(folder);
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

static void commit(struct world *world)
{
    assert_int_equal(journal_flush(world->store), ERR_NONE);
    app_committed(world->app, world->now, world->wall);
}

static void send_sound(struct world *world, const struct world_peer *peer);

static bool hear_one(struct world *world)
{
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        struct world_peer *peer = &world->peers[i];
        if (peer->id != 0 && peer->awaited && world->media_up) {
            peer->awaited = false;
            send_sound(world, peer);
            return true;
        }
    }
    return false;
}

void world_commit(struct world *world)
{
    commit(world);
    while (hear_one(world)) {
        app_on_deadline(world->app, world->now, world->wall);
        commit(world);
    }
}

void world_advance(struct world *world, time_ms ms)
{
    time_us end = world->now + ms * TIME_US_PER_MS;
    while (app_next_deadline(world->app) <= end) {
        time_us step = app_next_deadline(world->app) - world->now;
        step = step > 0 ? (step + TIME_US_PER_MS - 1) / TIME_US_PER_MS * TIME_US_PER_MS : 0;
        if (world->now + step > end) {
            break;
        }
        world->now += step;
        world->wall += step / TIME_US_PER_MS;
        app_on_deadline(world->app, world->now, world->wall);
        world_commit(world);
    }
    world->wall += (end - world->now) / TIME_US_PER_MS;
    world->now = end;
    app_on_deadline(world->app, world->now, world->wall);
    world_commit(world);
}

uint64_t world_seq(const struct world *world)
{
    uint64_t seq = 0;
    assert_non_null(app_meeting(world->app, "demo", &seq));
    return seq;
}

const struct participant *world_listed(const struct world *world, const char *id)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, id)) {
            return &meeting->participants[i];
        }
    }
    return NULL;
}

void world_restart_control(struct world *world)
{
    app_destroy(world->app);
    mail_row_free(world->mail);
    world->mail = NULL;
    world->now += TIME_US_PER_S;
    world->wall += 1000;
    start_app(world);
}

// ---- Media ----

static struct link_message *blank_message(enum link_message_type type)
{
    static struct link_message message;
    memset(&message, 0, sizeof(message));
    message.type = type;
    return &message;
}

static void receive(struct world *world, const struct link_message *message)
{
    app_link_receive(world->app, message, world->now, world->wall);
}

static void send_state(struct world *world, const struct world_peer *peer,
                       enum link_peer_phase phase)
{
    struct link_message *message = blank_message(LINK_PEER_STATE);
    message->peer = peer->id;
    message->phase = phase;
    memcpy(message->owner, peer->owner, sizeof(message->owner));
    message->section_count = peer->section_count;
    memcpy(message->sections, peer->sections, sizeof(message->sections));
    for (int i = 0; i < peer->section_count; i++) {
        if (message->sections[i].direction == LINK_RECEIVE) {
            message->sections[i].channel = peer->slots[message->sections[i].slot].channel;
        }
    }
    receive(world, message);
}

static void send_sound(struct world *world, const struct world_peer *peer)
{
    if (strchr(peer->owner, ':') != NULL) {
        return; // what is published at a door begins when the test says so
    }
    struct link_message *message = blank_message(LINK_SOURCE_STATE);
    message->source = peer->sections[0].source;
    message->active = peer->sound != WORLD_NOTHING;
    message->sounding = peer->sound == WORLD_SOUND;
    if (message->active) {
        receive(world, message);
    }
}

void world_media_says(struct world *world, const char *participant, enum world_sound sound)
{
    struct world_peer *peer = world_peer(world, participant);
    assert_non_null(peer);
    peer->sound = sound;
    struct link_message *message = blank_message(LINK_SOURCE_STATE);
    message->source = peer->sections[0].source;
    message->active = sound != WORLD_NOTHING;
    message->sounding = sound == WORLD_SOUND;
    receive(world, message);
}

void world_media_sound(struct world *world, const char *participant, enum world_sound sound)
{
    world_media_says(world, participant, sound);
    world_advance(world, 0);
}

void world_media_connect(struct world *world)
{
    world->media_up = true;
    app_link_connected(world->app, world->now);
    assert_true(world->sync_asked);
    world->sync_asked = false;
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        if (world->peers[i].id != 0) {
            send_state(world, &world->peers[i], LINK_PEER_CONNECTED);
            send_sound(world, &world->peers[i]);
        }
    }
    receive(world, blank_message(LINK_SYNCED));
}

void world_media_disconnect(struct world *world)
{
    world->media_up = false;
    app_link_disconnected(world->app, world->now);
}

void world_media_kill(struct world *world)
{
    memset(world->peers, 0, sizeof(world->peers));
    world->channel_count = 0;
    world_media_disconnect(world);
}

void world_media_answer(struct world *world)
{
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        struct world_peer *peer = &world->peers[i];
        if (peer->id == 0 || peer->answered) {
            continue;
        }
        peer->answered = true;
        struct link_message *message = blank_message(LINK_PEER_ANSWER);
        message->peer = peer->id;
        message->err = world->answer_err;
        if (peer->restarting && world->answer_err == ERR_NONE) {
            memcpy(peer->owner, peer->owner_restarted, sizeof(peer->owner));
        }
        if (world->answer_err == ERR_NONE) {
            snprintf(message->sdp, sizeof(message->sdp), "answer for %s", peer->owner);
            message->sdp_length = (uint32_t)strlen(message->sdp);
        } else if (!peer->restarting) {
            peer->id = 0;
        }
        peer->restarting = false;
        receive(world, message);
        if (peer->id != 0) {
            send_state(world, peer, LINK_PEER_CONNECTED);
            send_sound(world, peer);
        }
    }
}

struct world_peer *world_peer(struct world *world, const char *participant)
{
    char owner[LINK_OWNER_MAX + 1];
    snprintf(owner, sizeof(owner), "demo/%s", participant);
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        if (world->peers[i].id != 0 && text_equal(world->peers[i].owner, owner)) {
            return &world->peers[i];
        }
    }
    return NULL;
}

void world_media_phase(struct world *world, const char *participant, enum link_peer_phase phase)
{
    struct world_peer *peer = world_peer(world, participant);
    assert_non_null(peer);
    struct world_peer copy = *peer;
    if (phase == LINK_PEER_CLOSED) {
        *peer = (struct world_peer){0};
    }
    send_state(world, &copy, phase);
}

struct world_peer *world_peer_starting(struct world *world, const char *start)
{
    for (int i = 0; i < WORLD_PEERS_MAX; i++) {
        if (world->peers[i].id != 0 && text_starts_with(world->peers[i].owner, start)) {
            return &world->peers[i];
        }
    }
    return NULL;
}

void world_media_delivers(struct world *world, const struct world_peer *peer, int section,
                          bool active)
{
    world_media_delivers_sound(world, peer, section, active ? WORLD_SOUND : WORLD_NOTHING);
}

void world_media_delivers_sound(struct world *world, const struct world_peer *peer, int section,
                                enum world_sound sound)
{
    struct link_message *message = blank_message(LINK_SOURCE_STATE);
    message->source = peer->sections[section].source;
    message->active = sound != WORLD_NOTHING;
    message->sounding = sound == WORLD_SOUND;
    receive(world, message);
    world_commit(world);
}

const struct world_channel *world_channel(const struct world *world, link_channel channel)
{
    static const struct world_channel nothing;
    for (uint32_t i = 0; i < world->channel_count; i++) {
        if (world->channels[i].channel == channel) {
            return &world->channels[i];
        }
    }
    return &nothing;
}

link_source world_slot_source(struct world *world, const struct world_peer *peer, int slot)
{
    return world_channel(world, peer->slots[slot].channel)->source;
}

void world_media_source(struct world *world, const char *participant, bool active)
{
    world_media_sound(world, participant, active ? WORLD_SOUND : WORLD_NOTHING);
}

// A shared screen comes before the chair.
static uint8_t slot_number(enum slot_name slot)
{
    return (uint8_t)((slot == SLOT_NAME_CHAIR    ? SLOT_NAME_SCREEN
                      : slot == SLOT_NAME_SCREEN ? SLOT_NAME_CHAIR
                                                 : slot) -
                     1);
}

bool world_waits_for_source(struct world *world, const char *participant, enum slot_name slot)
{
    const struct world_peer *peer = world_peer(world, participant);
    assert_non_null(peer);
    return world_channel(world, peer->slots[slot_number(slot)].channel)->when_heard;
}

static bool peer_sends(const struct world_peer *peer, link_source source, int *ret_index)
{
    for (int i = 0; i < peer->section_count; i++) {
        if (peer->sections[i].direction == LINK_SEND && peer->sections[i].source == source) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

const char *world_hears(struct world *world, const char *participant, enum slot_name slot)
{
    static const char *const tracks[] = {"microphone", "camera", "screen", "talkback"};
    static char heard[WORLD_LINE_SIZE];
    const struct world_peer *peer = world_peer(world, participant);
    assert_non_null(peer);
    const struct world_slot *to = &peer->slots[slot_number(slot)];
    link_source source = to->source;
    for (uint32_t i = 0; i < world->channel_count && source == 0 && to->channel != 0; i++) {
        source = world->channels[i].channel == to->channel ? world->channels[i].source : 0;
    }
    for (int i = 0; i < WORLD_PEERS_MAX && source != 0; i++) {
        int index = 0;
        const struct world_peer *from = &world->peers[i];
        if (from->id != 0 && peer_sends(from, source, &index)) {
            // Media never carries a peer's own source to it, but for the echo test.
            bool own = from == peer && to->source == 0;
            snprintf(heard, sizeof(heard), "%s %s", strchr(from->owner, '/') + 1, tracks[index]);
            return own ? "" : heard;
        }
    }
    return source == 0 ? "" : "a peer that is gone";
}

// ---- People ----

void world_token(struct world *world, const char *participant, time_ms lifetime_ms,
                 char ret_token[APP_TOKEN_MAX + 1])
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    assert_non_null(meeting);
    struct app_token_wish wish = {
        .meeting = "demo", .participant = participant, .lifetime_ms = lifetime_ms};
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, participant)) {
            wish.capacity = meeting->participants[i].capacity;
        }
    }
    assert_int_equal(app_token_make(world->store, &wish, world->wall, ret_token), ERR_NONE);
}

enum err world_sign_in_by(struct world *world, const char *link, time_ms wall,
                          struct session *ret_session)
{
    struct app_link_sign_in sign_in;
    enum err err = app_link_begin(world->app, link, "192.0.2.1", wall, &sign_in);
    if (err == ERR_NONE) {
        app_link_end(world->app, &sign_in, 1, wall);
        err = sign_in.err;
    }
    *ret_session = sign_in.session;
    return err;
}

struct session world_sign_in(struct world *world, const char *participant)
{
    char token[APP_TOKEN_MAX + 1];
    struct session session;
    world_token(world, participant, 24 * 3600 * 1000, token);
    assert_int_equal(world_sign_in_by(world, token, world->wall, &session), ERR_NONE);
    return session;
}

struct app_identity world_identity(struct world *world, const char *participant)
{
    struct session session = world_sign_in(world, participant);
    struct app_identity identity;
    assert_int_equal(app_identify(world->app, session.token, world->wall, &identity), ERR_NONE);
    return identity;
}

app_live world_connect_as(struct world *world, const struct app_identity *identity, bool resumes)
{
    app_live live = HANDLE_NONE;
    assert_int_equal(app_live_open(world->app, identity, resumes, world->now, world->wall, &live),
                     ERR_NONE);
    world_commit(world);
    return live;
}

app_live world_connect(struct world *world, const char *participant)
{
    struct app_identity identity = world_identity(world, participant);
    return world_connect_as(world, &identity, false);
}

app_live world_enter(struct world *world, const char *participant)
{
    app_live live = world_connect(world, participant);
    assert_int_equal(world_simple(world, live, COMMAND_ROOM_ENTER), ERR_NONE);
    if (world->media_up) {
        assert_int_equal(world_join(world, live), ERR_NONE);
    }
    return live;
}

// ---- Commands ----

void world_put_contents(struct world *world, const char *id, const char *participant,
                        const char *text)
{
    struct content_row row = {.at = world->wall, .content.form = DOCUMENT_FORM_TEXT};
    snprintf(row.meeting, sizeof(row.meeting), "demo");
    snprintf(row.participant, sizeof(row.participant), "%s", participant);
    snprintf(row.content.id, sizeof(row.content.id), "%s", id);
    assert_int_equal(content_put(store_path(world->store), &row, text, strlen(text)), ERR_NONE);
}

struct command world_document_add(const char *id, const char *replaces)
{
    struct command command = {.type = COMMAND_DOCUMENT_ADD};
    struct command_document_add *add = &command.as.document_add;
    snprintf(add->document, sizeof(add->document), "%s", id);
    snprintf(add->replaces, sizeof(add->replaces), "%s", replaces);
    snprintf(add->title, sizeof(add->title), "Statement");
    add->kind = DOCUMENT_KIND_SPEECH;
    return command;
}

void world_give(struct world *world, app_live live, const struct command *command)
{
    app_command(world->app, live, ++world->request, command, world->now, world->wall);
}

enum err world_command(struct world *world, app_live live, const struct command *command)
{
    world_give(world, live, command);
    world_commit(world);
    assert_int_equal(world->replied, world->request);
    return world->reply.err;
}

enum err world_simple(struct world *world, app_live live, enum command_type type)
{
    const struct command command = {.type = type};
    return world_command(world, live, &command);
}

void world_run_beside(struct world *world, const char *sql)
{
    sqlite3 *other = NULL;
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", world->folder, STORE_FILE_NAME);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

enum err world_floor_give(struct world *world, app_live live, const char *participant)
{
    struct command command = {.type = COMMAND_FLOOR_GIVE};
    text_copy_cut(command.as.floor_give.participant, CONTRACT_ID_MAX + 1, participant);
    // As by people: not twice in one moment.
    time_ms since = (world->now - world->given_at) / TIME_US_PER_MS;
    if (world->given_at != 0 && since < FLOOR_GIVE_AGAIN_MS) {
        world_advance(world, FLOOR_GIVE_AGAIN_MS - since);
    }
    world->given_at = world->now;
    return world_command(world, live, &command);
}

enum err world_desk(struct world *world, app_live live, enum microphone state)
{
    const struct command command = {.type = COMMAND_DESK_MICROPHONE,
                                    .as.desk_microphone.state = state};
    return world_command(world, live, &command);
}

enum err world_listen(struct world *world, app_live live, enum slot_name slot,
                      enum channel_id channel)
{
    const struct command command = {.type = COMMAND_LISTEN_SET,
                                    .as.listen_set = {.slot = slot, .channel = channel}};
    return world_command(world, live, &command);
}

enum err world_join(struct world *world, app_live live)
{
    const struct command command = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};
    world_give(world, live, &command);
    world_media_answer(world);
    assert_int_equal(world->replied, world->request);
    return world->reply.err;
}

// ---- Lines ----

uint32_t world_find(const struct world *world, uint32_t from, const char *start)
{
    uint32_t at = from;
    while (at < world->line_count && !text_starts_with(world->lines[at], start)) {
        at++;
    }
    return at;
}

uint32_t world_count(const struct world *world, uint32_t from, const char *start)
{
    uint32_t count = 0;
    for (uint32_t at = world_find(world, from, start); at < world->line_count;
         at = world_find(world, at + 1, start)) {
        count++;
    }
    return count;
}
