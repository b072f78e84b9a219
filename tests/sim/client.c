#include "sim.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "command_fill.h"
#include "contract/visibility.h"

void sim_client_init(struct sim *sim, uint32_t client, const char *participant,
                     enum capacity capacity, enum language language)
{
    struct sim_client *fresh = &sim->clients[client];
    uint32_t epoch = fresh->epoch;
    *fresh = (struct sim_client){.phase = SIM_OFFLINE,
                                 .capacity = capacity,
                                 .language = language,
                                 .epoch = epoch,
                                 .connect_at = sim->now + sim_between(&sim->random, 0, 20000),
                                 .notice_at = SIM_NEVER,
                                 .act_at = SIM_NEVER,
                                 .cut_at = SIM_NEVER};
    enum err err = text_copy(fresh->participant, sizeof fresh->participant, participant);
    ASSERT(err == ERR_NONE);
    fresh->mirror = calloc(1, sizeof *fresh->mirror);
    ASSERT(fresh->mirror != NULL);
}

void sim_client_finish(struct sim_client *client)
{
    free(client->mirror);
    client->mirror = NULL;
}

static struct viewer viewer_of_client(const struct sim_client *client)
{
    return (struct viewer){.capacity = client->capacity,
                           .participant = client->participant,
                           .language = client->language};
}

static bool client_sees(const struct sim_client *client, const struct event *event)
{
    const struct viewer viewer = viewer_of_client(client);
    return event_told(event, &viewer);
}

// Documents are mirrored by everybody, whomever an embargo hides them from: an order of documents
// that differs by reader is no matter of lost connections.
static bool client_mirrors(const struct sim_client *client, const struct event *event)
{
    return event->type == EVENT_DOCUMENT_ADDED || event->type == EVENT_DOCUMENT_RELEASED ||
           event->type == EVENT_DOCUMENT_REMOVED || client_sees(client, event);
}

static bool participants_equal(const struct sim_client *client, const struct meeting *mirror,
                               const struct meeting *told)
{
    const struct viewer viewer = viewer_of_client(client);
    for (uint32_t i = 0; i < MEETING_PARTICIPANTS_MAX; i++) {
        struct participant a = mirror->participants[i];
        struct participant b = told->participants[i];
        // Calls for help are told to the help desk, and to oneself.
        if (!participant_help_told(&a, &viewer)) {
            a.help = b.help = HELP_STATE_NONE;
        }
        if (memcmp(&a, &b, sizeof a) != 0) {
            return false;
        }
    }
    return true;
}

void sim_client_compare(struct sim *sim, uint32_t number)
{
    const struct sim_client *client = &sim->clients[number];
    const struct meeting *mirror = &client->mirror->meeting;
    const struct meeting *told = &sim->server.told->meeting;
    if (client->mirror->seq != sim->server.told->seq) {
        return; // it will catch up
    }
    sim->compared++;
    size_t before = offsetof(struct meeting, participants);
    size_t after = before + sizeof mirror->participants;
    // Signals and chats are told to some alone; they stand before the documents, which are last.
    size_t end = offsetof(struct meeting, signals_count);
    bool equal = memcmp(mirror, told, before) == 0 &&
                 memcmp((const char *)mirror + after, (const char *)told + after, end - after) ==
                     0 &&
                 memcmp(&mirror->documents_count, &told->documents_count,
                        sizeof *told - offsetof(struct meeting, documents_count)) == 0 &&
                 participants_equal(client, mirror, told);
    if (!equal) {
        sim_fail(sim, "client differs from the server", client->participant);
    }
}

static void client_connect(struct sim *sim, uint32_t number)
{
    struct sim_client *client = &sim->clients[number];
    client->phase = SIM_CONNECTING;
    client->epoch++;
    client->dead = false;
    client->notice_at = sim->now + 5000;
    sim_network_new_stream(sim, number);
    sim_send(sim, (struct sim_packet){.kind = SIM_OPEN,
                                      .to_server = true,
                                      .client = number,
                                      .epoch = client->epoch,
                                      .last = client->mirror->seq});
}

static void client_go_offline(struct sim *sim, struct sim_client *client)
{
    client->phase = SIM_OFFLINE;
    client->notice_at = SIM_NEVER;
    client->act_at = SIM_NEVER;
    client->cut_at = SIM_NEVER;
    // Most come back at once, some later, a few only after their place was given up.
    bool late = !sim->winding_down && sim_chance(&sim->random, 100);
    client->connect_at = sim->now + (late ? sim_between(&sim->random, 3000, 90000)
                                          : sim_between(&sim->random, 100, 3000));
    // Sometimes the whole page was reloaded: nothing is remembered.
    if (sim_chance(&sim->random, 200)) {
        memset(client->mirror, 0, sizeof *client->mirror);
    }
}

static void client_plan(struct sim *sim, struct sim_client *client)
{
    client->act_at = sim->now + sim_between(&sim->random, 50, 24000);
}

static void client_hello(struct sim *sim, const struct sim_packet *packet)
{
    struct sim_client *client = &sim->clients[packet->client];
    client->phase = SIM_ONLINE;
    client->notice_at = SIM_NEVER;
    client->cut_at = sim->now + sim_between(&sim->random, 10000, 600000);
    if (packet->snapshot != NULL) {
        meeting_state_copy(client->mirror, packet->snapshot);
        if (client->mirror->seq != packet->last) {
            sim_fail(sim, "snapshot of another seq", client->participant);
        }
    }
    client_plan(sim, client);
}

static void client_events(struct sim *sim, const struct sim_packet *packet)
{
    struct sim_client *client = &sim->clients[packet->client];
    for (uint64_t seq = packet->first; seq <= packet->last; seq++) {
        const struct event *event = &sim->server.journal[seq - 1];
        if (seq != client->mirror->seq + 1) {
            sim_fail(sim, "an event out of order", client->participant);
        }
        if (seq > sim->server.committed) {
            sim_fail(sim, "told before it was committed", event_name(event->type));
        }
        if (client_mirrors(client, event)) {
            meeting_apply(client->mirror, event);
        } else {
            client->mirror->seq = seq; // withheld
            client->mirror->at = event->at;
        }
        sim->mirrored++;
    }
    if (sim_chance(&sim->random, 20)) {
        sim_client_compare(sim, packet->client);
    }
}

static void client_reply(struct sim *sim, const struct sim_packet *packet)
{
    struct sim_client *client = &sim->clients[packet->client];
    if (packet->last > client->mirror->seq) {
        sim_fail(sim, "an answer before its events", client->participant);
    }
    if (packet->request <= client->answered || packet->request > client->request) {
        sim_fail(sim, "an answer to no question", client->participant);
    }
    client->answered = packet->request;
}

void sim_client_receive(struct sim *sim, const struct sim_packet *packet)
{
    struct sim_client *client = &sim->clients[packet->client];
    if (client->dead || client->epoch != packet->epoch || client->phase == SIM_OFFLINE ||
        client->phase == SIM_GONE) {
        return;
    }
    switch (packet->kind) {
    case SIM_HELLO: client_hello(sim, packet); break;
    case SIM_EVENTS: client_events(sim, packet); break;
    case SIM_REPLY: client_reply(sim, packet); break;
    case SIM_END:
        client->phase = SIM_GONE;
        client->connect_at = sim->now + 30000;
        break;
    case SIM_OPEN:
    case SIM_COMMAND: break;
    }
}

static void any_participant(struct sim *sim, char to[CONTRACT_ID_MAX + 1])
{
    // Now and then one who is not there.
    const struct sim_client *other = &sim->clients[sim_below(&sim->random, SIM_CLIENTS)];
    enum err err = text_copy(to, CONTRACT_ID_MAX + 1,
                             sim_chance(&sim->random, 10) ? "nobody" : other->participant);
    ASSERT(err == ERR_NONE);
}

static int64_t any_request(struct sim *sim, const struct sim_client *client)
{
    const struct meeting *meeting = &client->mirror->meeting;
    return meeting->requests_count == 0
               ? 1
               : meeting->requests[sim_below(&sim->random, meeting->requests_count)].id;
}

// A request that is on the list, or not any more; or anybody; and now and then another's end.
static void any_giving(struct sim *sim, const struct sim_client *client,
                       struct command_floor_give *give)
{
    if (sim_chance(&sim->random, 500)) {
        give->request = any_request(sim, client);
    } else {
        any_participant(sim, give->participant);
    }
    if (sim_chance(&sim->random, 300)) {
        any_participant(sim, give->ending);
    }
}

// How often each command is chosen, among those of the meeting.
static const uint8_t weights[COMMAND_COUNT] = {
    [COMMAND_FLOOR_GIVE] = 30,
    [COMMAND_FLOOR_TAKE] = 8,
    [COMMAND_FLOOR_END] = 12,
    [COMMAND_FLOOR_END_ALL] = 3,
    [COMMAND_FLOOR_YIELD] = 8,
    [COMMAND_FLOOR_REQUEST] = 25,
    [COMMAND_FLOOR_WITHDRAW] = 5,
    [COMMAND_REQUEST_ADD] = 5,
    [COMMAND_REQUEST_MOVE] = 6,
    [COMMAND_REQUEST_REMOVE] = 3,
    [COMMAND_LIST_OPEN] = 3,
    [COMMAND_LIST_CLOSE] = 1,
    [COMMAND_SITTING_OPEN] = 12,
    [COMMAND_SITTING_SUSPEND] = 1,
    [COMMAND_SITTING_CLOSE] = 1,
    [COMMAND_ITEM_START] = 3,
    [COMMAND_TIME_ALLOW] = 4,
    [COMMAND_DESK_MICROPHONE] = 60,
    [COMMAND_CHANNEL_AUTO_FLOOR] = 3,
    [COMMAND_CAMERA_SET] = 8,
    [COMMAND_SCREEN_SET] = 8,
    [COMMAND_HELP_ASK] = 4,
    [COMMAND_HELP_CANCEL] = 3,
    [COMMAND_DESK_OUTPUT] = 25,
    [COMMAND_DESK_LISTEN] = 15,
    [COMMAND_DESK_PRESELECT] = 3,
    [COMMAND_DESK_REST] = 6,
    [COMMAND_HANDOVER_REQUEST] = 20,
    [COMMAND_HANDOVER_OFFER] = 15,
    [COMMAND_HANDOVER_ACCEPT] = 25,
    [COMMAND_HANDOVER_DECLINE] = 8,
    [COMMAND_BOOTH_SET] = 4,
    [COMMAND_TEAM_LEAD] = 1,
    [COMMAND_DESK_ASSIGN] = 2,
    [COMMAND_INTERLOCK_SET] = 3,
    [COMMAND_FLOOR_LANGUAGE] = 3,
    [COMMAND_SIGNAL_SEND] = 5,
    [COMMAND_INTERPRETATION_SUSPEND] = 2,
    [COMMAND_INTERPRETATION_RESUME] = 2,
    [COMMAND_CHAT_SEND] = 8,
    [COMMAND_CHANNEL_FORCE] = 4,
    [COMMAND_CHANNEL_RELEASE] = 3,
    [COMMAND_CHANNEL_DELAY] = 2,
    [COMMAND_HELP_HANDLE] = 4,
    [COMMAND_HELP_SAY] = 4,
    [COMMAND_ROOM_ENTER] = 10,
    [COMMAND_ROOM_LEAVE] = 2,
    [COMMAND_PARTICIPANT_REMOVE] = 1,
    [COMMAND_TALK_SET] = 10,
    [COMMAND_FEED_PUT] = 6,
    [COMMAND_FEED_END] = 2,
    [COMMAND_DOCUMENT_RELEASE] = 5,
    [COMMAND_DOCUMENT_REMOVE] = 4,
};

// A command of the meeting that has no line is chosen now and then.
static uint32_t weight_of(enum command_type type)
{
    return weights[type] == 0 && command_is_meeting(type) ? 2 : weights[type];
}

static enum command_type any_command(struct sim *sim, const struct sim_client *client)
{
    // A few try what they may not.
    bool anything = sim_chance(&sim->random, 30);
    uint32_t sum = 0;
    uint32_t weight[COMMAND_COUNT];
    for (int i = 0; i < COMMAND_COUNT; i++) {
        bool may = permission_grant((enum command_type)i, client->capacity) != PERMISSION_NONE;
        weight[i] = may || anything ? weight_of((enum command_type)i) : 0;
        sum += weight[i];
    }
    uint32_t chosen = sim_below(&sim->random, sum);
    int type = 0;
    while (chosen >= weight[type]) {
        chosen -= weight[type++];
    }
    return (enum command_type)type;
}

static enum language any_language(struct sim_random *random)
{
    return (enum language)(LANGUAGE_AR + (int)sim_below(random, 6));
}

static void fill_booth_set(struct sim_random *random, struct command *command)
{
    struct booth_setting *setting = &command->as.booth_set.setting;
    command->as.booth_set.language = any_language(random);
    setting->mode = (enum booth_mode)sim_below(random, BOOTH_MODE_COUNT);
    setting->allowed_count = sim_below(random, 3);
    for (uint32_t i = 0; i < setting->allowed_count; i++) {
        setting->allowed[i].language = any_language(random); // sometimes one that may not be
    }
    setting->output_b = setting->allowed_count > 0 ? setting->allowed[0].language : LANGUAGE_NONE;
    setting->auto_relay = sim_chance(random, 500);
    setting->turn_minutes = (int64_t)sim_below(random, 4);
    setting->rota = sim_chance(random, 500);
}

static void fill_channel_command(struct sim *sim, struct command *command)
{
    enum channel_id channel = (enum channel_id)(1 + sim_below(&sim->random, 6));
    if (command->type == COMMAND_CHANNEL_FORCE) {
        command->as.channel_force.channel = channel;
        if (sim_chance(&sim->random, 700)) {
            any_participant(sim, command->as.channel_force.participant);
        }
    } else if (command->type == COMMAND_CHANNEL_RELEASE) {
        command->as.channel_release.channel = channel;
    } else {
        command->as.channel_delay.channel = channel;
        command->as.channel_delay.delay_ms = (int64_t)sim_below(&sim->random, 1001);
    }
}

static void fill_desk_command(struct sim *sim, struct command *command)
{
    struct sim_random *random = &sim->random;
    switch ((int)command->type) {
    case COMMAND_DESK_OUTPUT:
        command->as.desk_output.output = (enum output)(OUTPUT_A + (int)sim_below(random, 3));
        if (sim_chance(random, 500)) {
            command->as.desk_output.language = any_language(random);
        }
        break;
    case COMMAND_DESK_LISTEN:
        command->as.desk_listen.source = (enum channel_id)sim_below(random, CHANNEL_ID_COUNT);
        command->as.desk_listen.original = sim_chance(random, 300);
        break;
    case COMMAND_DESK_PRESELECT:
        command->as.desk_preselect.position = 1 + sim_below(random, DESK_PRESELECTS_MAX);
        command->as.desk_preselect.channel = (enum channel_id)sim_below(random, CHANNEL_ID_COUNT);
        break;
    case COMMAND_DESK_REST: command->as.desk_rest.on = sim_chance(random, 300); break;
    case COMMAND_DESK_ASSIGN:
        any_participant(sim, command->as.desk_assign.participant);
        command->as.desk_assign.language = any_language(random);
        command->as.desk_assign.position = 1 + sim_below(random, 6);
        break;
    case COMMAND_HANDOVER_REQUEST:
        command->as.handover_request.moment = sim_chance(random, 300)
                                                  ? sim_server_time(sim) +
                                                        sim_between(random, 1, 60000)
                                                  : 0;
        break;
    case COMMAND_HANDOVER_OFFER:
        if (sim_chance(random, 300)) {
            any_participant(sim, command->as.handover_offer.participant);
        }
        break;
    default: fill_channel_command(sim, command); break;
    }
}

static void fill_team_command(struct sim *sim, const struct sim_client *client,
                              struct command *command)
{
    struct sim_random *random = &sim->random;
    switch ((int)command->type) {
    case COMMAND_BOOTH_SET: fill_booth_set(random, command); break;
    case COMMAND_TEAM_LEAD: any_participant(sim, command->as.team_lead.participant); break;
    case COMMAND_INTERLOCK_SET:
        command->as.interlock_set.a = (enum interlock_mode)sim_below(random, INTERLOCK_MODE_COUNT);
        command->as.interlock_set.bc = (enum interlock_mode)sim_below(random, INTERLOCK_MODE_COUNT);
        break;
    case COMMAND_FLOOR_LANGUAGE: command->as.floor_language.language = any_language(random); break;
    case COMMAND_SIGNAL_SEND:
        command->as.signal_send.kind = (enum signal_kind)sim_below(random, SIGNAL_KIND_COUNT);
        break;
    case COMMAND_INTERPRETATION_SUSPEND:
        command->as.interpretation_suspend.language = client->language;
        break;
    case COMMAND_INTERPRETATION_RESUME:
        command->as.interpretation_resume.language = client->language;
        break;
    case COMMAND_CHAT_SEND:
        command->as.chat_send.room = (enum chat_room)sim_below(random, CHAT_ROOM_COUNT);
        command->as.chat_send.language = any_language(random);
        command->as.chat_send.phrase = PHRASE_THANK_YOU;
        break;
    case COMMAND_TALK_SET:
        command->as.talk_set.to = (enum talk_to)sim_below(random, TALK_TO_COUNT);
        if (command->as.talk_set.to == TALK_TO_BOOTH) {
            command->as.talk_set.booth = any_language(random);
        }
        break;
    case COMMAND_DESK_OUTPUT:
    case COMMAND_DESK_LISTEN:
    case COMMAND_DESK_PRESELECT:
    case COMMAND_DESK_REST:
    case COMMAND_DESK_ASSIGN:
    case COMMAND_HANDOVER_REQUEST:
    case COMMAND_HANDOVER_OFFER:
    case COMMAND_CHANNEL_FORCE:
    case COMMAND_CHANNEL_RELEASE:
    case COMMAND_CHANNEL_DELAY: fill_desk_command(sim, command); break;
    default: break;
    }
}

// Also an item that is not there, and often none.
static void any_time(struct sim_random *random, struct command_time_allow *time)
{
    if (sim_chance(random, 600)) {
        time->item[0] = 'i';
        time->item[1] = (char)('0' + sim_below(random, 4));
    }
    time->kind = (enum speaker_kind)sim_below(random, SPEAKER_KIND_COUNT);
    time->seconds = 30 * sim_below(random, 11);
    time->as_wider = sim_chance(random, 300);
}

static void fill_outside_command(struct sim *sim, const struct sim_client *client,
                                 struct command *command)
{
    struct sim_random *random = &sim->random;
    char *feed = NULL;
    switch ((int)command->type) {
    case COMMAND_FEED_PUT:
        feed = command->as.feed_put.feed;
        command->as.feed_put.target = (enum feed_target)sim_below(random, FEED_TARGET_COUNT);
        break;
    case COMMAND_FEED_END: feed = command->as.feed_end.feed; break;
    case COMMAND_TIME_ALLOW: any_time(random, &command->as.time_allow); break;
    case COMMAND_DOCUMENT_RELEASE:
        sim_any_document(sim, client->mirror, command->as.document_release.document);
        break;
    case COMMAND_DOCUMENT_REMOVE:
        sim_any_document(sim, client->mirror, command->as.document_remove.document);
        break;
    default: fill_team_command(sim, client, command); break;
    }
    if (feed != NULL) {
        enum err err = text_copy(feed, CONTRACT_ID_MAX + 1, sim_any_feed(sim));
        ASSERT(err == ERR_NONE);
    }
}

static void any_help_line(struct sim *sim, struct command_help_say *say)
{
    if (sim_chance(&sim->random, 500)) {
        any_participant(sim, say->participant);
        say->suggestion = (enum help_suggestion)sim_below(&sim->random, HELP_SUGGESTION_COUNT);
    }
    memcpy(say->text, "thank you", sizeof "thank you");
}

static void client_fill_command(struct sim *sim, const struct sim_client *client,
                                struct command *command)
{
    struct sim_random *random = &sim->random;
    if (weights[command->type] == 0) {
        command_fill_bytes(command, (uint8_t)sim_below(random, 256),
                           (uint8_t)sim_below(random, 256));
        return;
    }
    switch ((int)command->type) {
    case COMMAND_FLOOR_GIVE: any_giving(sim, client, &command->as.floor_give); break;
    case COMMAND_FLOOR_END: any_participant(sim, command->as.floor_end.participant); break;
    case COMMAND_REQUEST_ADD: any_participant(sim, command->as.request_add.participant); break;
    case COMMAND_PARTICIPANT_REMOVE:
        any_participant(sim, command->as.participant_remove.participant);
        break;
    case COMMAND_REQUEST_MOVE:
        command->as.request_move.request = any_request(sim, client);
        command->as.request_move.position = 1 + sim_below(random, 6);
        break;
    case COMMAND_REQUEST_REMOVE:
        command->as.request_remove.request = any_request(sim, client);
        break;
    case COMMAND_ITEM_START:
        command->as.item_start.item[0] = 'i';
        command->as.item_start.item[1] = (char)('0' + sim_below(random, 4));
        break;
    case COMMAND_DESK_MICROPHONE:
        command->as.desk_microphone.state = (enum microphone)sim_below(random, MICROPHONE_COUNT);
        break;
    case COMMAND_CHANNEL_AUTO_FLOOR:
        command->as.channel_auto_floor.channel = (enum channel_id)sim_below(random,
                                                                            CHANNEL_ID_COUNT);
        command->as.channel_auto_floor.on = sim_chance(random, 600);
        break;
    case COMMAND_CAMERA_SET: command->as.camera_set.on = sim_chance(random, 500); break;
    case COMMAND_SCREEN_SET: command->as.screen_set.on = sim_chance(random, 500); break;
    case COMMAND_HELP_HANDLE:
        any_participant(sim, command->as.help_handle.participant);
        command->as.help_handle.state = (enum help_state)sim_below(random, HELP_STATE_COUNT);
        if (sim_chance(random, 300)) {
            any_participant(sim, command->as.help_handle.instead_of);
        }
        break;
    case COMMAND_HELP_SAY: any_help_line(sim, &command->as.help_say); break;
    default: fill_outside_command(sim, client, command); break;
    }
}

static void client_act(struct sim *sim, uint32_t number)
{
    struct sim_client *client = &sim->clients[number];
    const struct participant *me = meeting_find_participant(client->mirror, client->participant);
    struct sim_packet packet = {.kind = SIM_COMMAND,
                                .to_server = true,
                                .client = number,
                                .epoch = client->epoch,
                                .request = ++client->request};
    packet.command.type = any_command(sim, client);
    if (me != NULL && me->presence == PRESENCE_ENTRANCE && sim_chance(&sim->random, 800)) {
        packet.command.type = COMMAND_ROOM_ENTER;
    }
    client_fill_command(sim, client, &packet.command);
    sim_send(sim, packet);
    client_plan(sim, client);
}

time_ms sim_client_next(const struct sim *sim, const struct sim_client *client)
{
    switch (client->phase) {
    case SIM_OFFLINE: return client->connect_at;
    case SIM_CONNECTING: return client->notice_at;
    case SIM_ONLINE: break;
    case SIM_GONE: return SIM_NEVER;
    }
    time_ms next = client->notice_at;
    if (!sim->winding_down) {
        next = client->act_at < next ? client->act_at : next;
        next = !client->dead && client->cut_at < next ? client->cut_at : next;
    }
    return next;
}

void sim_client_on_time(struct sim *sim, uint32_t number)
{
    struct sim_client *client = &sim->clients[number];
    if (sim_client_next(sim, client) > sim->now) {
        return;
    }
    if (client->phase == SIM_OFFLINE) {
        client_connect(sim, number);
    } else if (client->notice_at <= sim->now) {
        client_go_offline(sim, client);
    } else if (client->cut_at <= sim->now && !client->dead) {
        client->dead = true; // whatever is on the way is lost, both ways
        client->notice_at = sim->now + sim_between(&sim->random, 0, 15000);
        sim_server_cut(sim, number, sim->now + sim_between(&sim->random, 0, 15000));
    } else if (client->act_at <= sim->now) {
        client_act(sim, number);
    }
}
