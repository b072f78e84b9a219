#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

#define JOURNAL_MAX (1u << 20)

static void server_check(const struct sim *sim, const struct meeting_state *state, bool settled)
{
    const char *broken = meeting_check(state, settled);
    if (broken != NULL) {
        sim_fail(sim, "invariant", broken);
    }
}

// ---- Time

#define HOUR INT64_C(3600000)

static time_us server_monotonic(const struct sim *sim)
{
    return sim->now * TIME_US_PER_MS;
}

time_ms sim_server_time(const struct sim *sim)
{
    return clock_at(&sim->server.clock, server_monotonic(sim));
}

// The true time of a deadline of the meeting's.
static time_ms server_when(const struct sim *sim, time_ms at)
{
    time_us when = clock_when(&sim->server.clock, server_monotonic(sim), at);
    return when == TIME_US_NEVER ? SIM_NEVER : (when + TIME_US_PER_MS - 1) / TIME_US_PER_MS;
}

static void server_follow_clock(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    time_ms wall = sim->now + server->wall_ahead;
    time_ms behind = clock_behind(&server->clock, server_monotonic(sim), wall);
    bool quiet = meeting_is_quiet(server->decided);
    time_ms stepped = clock_follow(&server->clock, server_monotonic(sim), wall, quiet);
    meeting_presence_move(&server->presence, stepped);
    if (quiet && (behind > CLOCK_JUMP_MS || behind < -CLOCK_JUMP_MS)) {
        server->set_at = sim->now;
    }
}

// Ahead, back, to the last second of the day, a leap second; or it is put right.
static void server_on_jump(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    time_ms day = 24 * HOUR;
    const time_ms jumps[] = {HOUR,       -HOUR, 25 * HOUR,
                             -25 * HOUR, -1000, day - (sim->now + server->wall_ahead) % day - 1000};
    server_follow_clock(sim);
    server->wall_ahead += sim_chance(&sim->random, 500)
                              ? -server->wall_ahead
                              : jumps[sim_below(&sim->random, sizeof jumps / sizeof jumps[0])];
    server->jumps++;
    server->jump_at = sim->now + sim_between(&sim->random, 2000, 300000);
}

static void check_passed(struct sim *sim, time_ms passed, time_ms truly, const char *what)
{
    time_ms most = 2 + truly * CLOCK_SLEW_PPM / 1000000;
    if (passed > truly + most || passed < truly - most) {
        fprintf(stderr, "%lld ms, and %lld ms have passed\n", (long long)passed, (long long)truly);
        sim_fail(sim, "time", what);
    }
}

// Since the event before nothing was set: as much time has passed as the events say.
static void server_check_time(struct sim *sim, const struct event *event)
{
    struct sim_server *server = &sim->server;
    if (event->seq > 1 && event->seq - 1 > server->unsure &&
        server->set_at < server->happened[event->seq - 2]) {
        server->timed++;
        check_passed(sim, event->at - server->journal[event->seq - 2].at,
                     sim->now - server->happened[event->seq - 2], event_name(event->type));
    }
    if (event->type != EVENT_MICROPHONE_CLOSED) {
        return;
    }
    for (uint64_t seq = event->seq - 1; seq > server->unsure; seq--) {
        const struct event *opened = &server->journal[seq - 1];
        if (opened->type == EVENT_MICROPHONE_OPENED &&
            text_equal(opened->as.microphone_opened.participant,
                       event->as.microphone_closed.participant)) {
            server->spoken++;
            check_passed(sim, event->as.microphone_closed.spoken_ms,
                         sim->now - server->happened[seq - 1], "spoken_ms");
            return;
        }
    }
}

// The events of sim->events are decided: they go into the journal, and say all that has changed.
// Without one (a command was refused) nothing has.
static void server_record(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    for (uint32_t i = 0; i < sim->events->count; i++) {
        const struct event *event = &sim->events->events[i];
        if (event->seq > server->journal_capacity) {
            server->journal_capacity = server->journal_capacity == 0 ? 1024
                                                                     : 2 * server->journal_capacity;
            ASSERT(server->journal_capacity <= JOURNAL_MAX);
            server->journal = realloc(server->journal,
                                      server->journal_capacity * sizeof server->journal[0]);
            server->happened = realloc(server->happened,
                                       server->journal_capacity * sizeof server->happened[0]);
            ASSERT(server->journal != NULL && server->happened != NULL);
        }
        server->journal[event->seq - 1] = *event;
        server->happened[event->seq - 1] = sim->now;
        server_check_time(sim, event);
        meeting_apply(server->follows, event);
        server_check(sim, server->follows, i + 1 == sim->events->count);
    }
    // Half a megabyte each: at every sixteenth, which comes to each kind in time.
    if (server->decisions++ % 16 == 0 && !meeting_state_equal(server->decided, server->follows)) {
        sim_fail(sim, "decision", "the state is not what the events say");
    }
}

static void server_add_people(struct sim *sim)
{
    static const struct {
        enum capacity capacity;
        enum language language;
    } people[SIM_CLIENTS] = {
        {CAPACITY_CHAIR, LANGUAGE_NONE},     {CAPACITY_CHAIR, LANGUAGE_NONE},
        {CAPACITY_SECRETARY, LANGUAGE_NONE}, {CAPACITY_MODERATOR, LANGUAGE_NONE},
        {CAPACITY_MODERATOR, LANGUAGE_NONE}, {CAPACITY_TECHNICIAN, LANGUAGE_NONE},
        {CAPACITY_DELEGATE, LANGUAGE_NONE},  {CAPACITY_DELEGATE, LANGUAGE_NONE},
        {CAPACITY_DELEGATE, LANGUAGE_NONE},  {CAPACITY_DELEGATE, LANGUAGE_NONE},
        {CAPACITY_DELEGATE, LANGUAGE_NONE},  {CAPACITY_DELEGATE, LANGUAGE_NONE},
        {CAPACITY_DELEGATE, LANGUAGE_NONE},  {CAPACITY_DELEGATE, LANGUAGE_NONE},
        {CAPACITY_INTERPRETER, LANGUAGE_AR}, {CAPACITY_INTERPRETER, LANGUAGE_AR},
        {CAPACITY_INTERPRETER, LANGUAGE_FR}, {CAPACITY_INTERPRETER, LANGUAGE_FR},
        {CAPACITY_INTERPRETER, LANGUAGE_FR}, {CAPACITY_INTERPRETER, LANGUAGE_RU},
        {CAPACITY_INTERPRETER, LANGUAGE_RU}, {CAPACITY_CAPTIONER, LANGUAGE_EN},
        {CAPACITY_LISTENER, LANGUAGE_ES},    {CAPACITY_LISTENER, LANGUAGE_ZH},
    };
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        char id[CONTRACT_ID_MAX + 1];
        struct text_builder builder = text_builder(id, sizeof id);
        text_append_format(&builder, "p%u", i);
        sim_client_init(sim, i, id, people[i].capacity, people[i].language);
    }
}

static void server_add_participant(struct sim *sim, const struct sim_client *client)
{
    struct refusal refusal = {0};
    struct participant participant = {.capacity = client->capacity, .language = client->language};
    memcpy(participant.id, client->participant, sizeof participant.id);
    if (meeting_add_participant(sim->server.decided, &participant, sim_server_time(sim),
                                sim->events, &refusal) != ERR_NONE) {
        sim_fail(sim, "participant refused", refusal_reason_words(refusal.reason));
    }
    server_record(sim);
}

static void server_plan_crash(struct sim *sim)
{
    sim->server.crash_at = sim->now + sim_between(&sim->random, 60000, 900000);
}

void sim_server_init(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    struct refusal refusal = {0};
    clock_begin(&server->clock, server_monotonic(sim), sim->now, 0);
    server->jump_at = sim->now + sim_between(&sim->random, 2000, 300000);
    server->decided = calloc(1, sizeof *server->decided);
    server->told = calloc(1, sizeof *server->told);
    server->follows = calloc(1, sizeof *server->follows);
    ASSERT(server->decided != NULL && server->told != NULL && server->follows != NULL);
    meeting_state_init(server->decided, "sim");
    meeting_state_init(server->follows, "sim");
    meeting_state_init(server->told, "sim");
    meeting_presence_init(&server->presence);
    struct event_meeting_created created = {.floor_microphones_max = 1 +
                                                                     sim_below(&sim->random, 2)};
    enum err err = meeting_create(server->decided, &created, sim_server_time(sim), sim->events,
                                  &refusal);
    ASSERT(err == ERR_NONE);
    server_record(sim);
    const struct delegation delegation = {.id = "fra", .code = "FRA"};
    err = meeting_add_delegation(server->decided, &delegation, sim_server_time(sim), sim->events,
                                 &refusal);
    ASSERT(err == ERR_NONE);
    server_record(sim);
    const struct office office = {.id = "vice"};
    err = meeting_add_office(server->decided, &office, sim_server_time(sim), sim->events, &refusal);
    ASSERT(err == ERR_NONE);
    server_record(sim);
    for (int i = 0; i < 3; i++) {
        struct agenda_item item = {.id = {'i', (char)('0' + i)}};
        err = meeting_add_item(server->decided, &item, sim_server_time(sim), sim->events, &refusal);
        ASSERT(err == ERR_NONE);
        server_record(sim);
    }
    server_add_people(sim);
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        server_add_participant(sim, &sim->clients[i]);
    }
    server->up = true;
    server->commit_at = SIM_NEVER;
    server->loss_at = sim->now + 10000;
    server->hear_at = sim->now + 1000;
    server->outside_at = sim->now + 5000;
    server_plan_crash(sim);
}

void sim_server_finish(struct sim_server *server)
{
    free(server->decided);
    free(server->told);
    free(server->follows);
    free(server->journal);
    free(server->happened);
}

static bool server_is_current(const struct sim_server *server, uint32_t client, uint32_t epoch)
{
    return server->connections[client].open && server->connections[client].epoch == epoch;
}

// Everything committed and not yet sent goes to a connection.
static void server_publish(struct sim *sim, uint32_t client)
{
    struct sim_connection *connection = &sim->server.connections[client];
    if (connection->open && connection->sent < sim->server.committed) {
        sim_send(sim, (struct sim_packet){.kind = SIM_EVENTS,
                                          .client = client,
                                          .epoch = connection->epoch,
                                          .first = connection->sent + 1,
                                          .last = sim->server.committed});
        connection->sent = sim->server.committed;
    }
}

static void server_answer(struct sim *sim, const struct sim_waiting *waiting)
{
    if (server_is_current(&sim->server, waiting->client, waiting->epoch)) {
        sim_send(sim, (struct sim_packet){.kind = SIM_REPLY,
                                          .client = waiting->client,
                                          .epoch = waiting->epoch,
                                          .request = waiting->request,
                                          .err = waiting->err,
                                          .last = waiting->seq});
    }
}

static void server_start_commit(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    if (server->committing == 0 && server->decided->seq > server->committed) {
        server->committing = server->decided->seq;
        server->commit_at = sim->now + sim_between(&sim->random, 1, 60);
    }
}

// A participant was removed: its connection ends, and a while later someone takes the place.
static void server_follow(struct sim *sim, const struct event *event)
{
    for (uint32_t i = 0; event->type == EVENT_PARTICIPANT_REMOVED && i < SIM_CLIENTS; i++) {
        struct sim_connection *connection = &sim->server.connections[i];
        if (text_equal(sim->clients[i].participant, event->as.participant_removed.participant)) {
            sim_send(sim,
                     (struct sim_packet){.kind = SIM_END, .client = i, .epoch = connection->epoch});
            connection->open = false;
        }
    }
}

static void server_tell(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    while (server->told->seq < server->committed) {
        const struct event *event = &server->journal[server->told->seq];
        meeting_apply(server->told, event);
        server_follow(sim, event);
    }
    server_check(sim, server->told, true);
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        server_publish(sim, i);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < server->waiting_count; i++) {
        if (server->waiting[i].seq <= server->committed) {
            server_answer(sim, &server->waiting[i]);
        } else {
            server->waiting[kept++] = server->waiting[i];
        }
    }
    server->waiting_count = kept;
}

static void server_on_commit(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    server->committed = server->committing;
    server->committing = 0;
    server->commit_at = SIM_NEVER;
    server->commits++;
    server_tell(sim);
    server_start_commit(sim);
}

// The clock is kept while one process is started again, and not when the machine is.
static void server_restart_clock(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    if (sim_chance(&sim->random, 700)) {
        clock_continue(&server->clock, server_monotonic(sim), server->clock.offset_us,
                       server->decided->at);
        return;
    }
    clock_begin(&server->clock, server_monotonic(sim), sim->now + server->wall_ahead,
                server->decided->at);
    server->unsure = server->decided->seq;
}

// What a new process does: replay, and give everyone time to come back.
static void server_restart(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    meeting_state_init(server->decided, "sim");
    for (uint64_t i = 0; i < server->committed; i++) {
        meeting_apply(server->decided, &server->journal[i]);
    }
    *server->follows = *server->decided;
    server_check(sim, server->decided, true);
    server_restart_clock(sim);
    server->up = true;
    server_tell(sim); // to nobody: whatever reached the disk before it could be told
    if (!meeting_state_equal(server->decided, server->told)) {
        sim_fail(sim, "replay", "the journal does not give the state that was told");
    }
    meeting_presence_restart(&server->presence, server->decided, sim_server_time(sim));
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        struct sim_client *client = &sim->clients[i];
        // Someone whose removal was committed but never told finds the link dead.
        if (client->phase != SIM_GONE &&
            meeting_find_participant(server->decided, client->participant) == NULL) {
            client->phase = SIM_GONE;
            client->connect_at = sim->now + 30000;
        }
    }
    server_plan_crash(sim);
}

static void server_crash(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    server->crashes++;
    // The commit under way may have reached the disk, whole, or not at all.
    if (server->committing != 0 && sim_chance(&sim->random, 500)) {
        server->committed = server->committing;
    }
    server->committing = 0;
    server->commit_at = SIM_NEVER;
    server->waiting_count = 0;
    server->up = false;
    server->up_at = sim->now + sim_between(&sim->random, 200, 6000);
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        struct sim_client *client = &sim->clients[i];
        server->connections[i].open = false;
        if (client->phase == SIM_CONNECTING || client->phase == SIM_ONLINE) {
            client->dead = true;
            client->notice_at = sim->now + sim_between(&sim->random, 10, 2000);
        }
    }
}

static void server_open(struct sim *sim, const struct sim_packet *packet)
{
    struct sim_server *server = &sim->server;
    struct sim_connection *connection = &server->connections[packet->client];
    const char *participant = sim->clients[packet->client].participant;
    if (meeting_connected(&server->presence, server->decided, participant, sim_server_time(sim),
                          sim->events) != ERR_NONE) {
        sim_send(sim, (struct sim_packet){
                          .kind = SIM_END, .client = packet->client, .epoch = packet->epoch});
        return;
    }
    // A newer connection ends the older one: no disconnection in between.
    *connection = (struct sim_connection){
        .open = true, .epoch = packet->epoch, .sent = server->told->seq, .notice_at = SIM_NEVER};
    bool resumed = packet->last > 0 && packet->last <= server->told->seq;
    struct sim_packet hello = {.kind = SIM_HELLO,
                               .client = packet->client,
                               .epoch = packet->epoch,
                               .last = server->told->seq};
    if (!resumed) {
        hello.snapshot = calloc(1, sizeof *hello.snapshot);
        ASSERT(hello.snapshot != NULL);
        meeting_state_copy(hello.snapshot, server->told);
    }
    sim_send(sim, hello);
    if (resumed) {
        server->resumes++;
        connection->sent = packet->last;
        server_publish(sim, packet->client);
    }
    server_record(sim);
    server_start_commit(sim);
}

static void server_command(struct sim *sim, const struct sim_packet *packet)
{
    struct sim_server *server = &sim->server;
    const char *participant = sim->clients[packet->client].participant;
    struct refusal refusal = {0};
    struct meeting_caller caller = meeting_caller(server->decided, participant,
                                                  packet->command.type);
    enum err err = meeting_decide(server->decided, &packet->command, &caller, sim_server_time(sim),
                                  sim->events, &refusal);
    if ((err != ERR_NONE) != (refusal.reason != REFUSAL_NONE) ||
        (err != ERR_NONE && sim->events->count > 0)) {
        sim_fail(sim, "refusal", command_name(packet->command.type));
    }
    server->commands++;
    server->refusals += err != ERR_NONE;
    server_record(sim);
    struct sim_waiting waiting = {.seq = server->decided->seq,
                                  .client = packet->client,
                                  .epoch = packet->epoch,
                                  .request = packet->request,
                                  .err = err};
    if (waiting.seq <= server->committed) {
        server_answer(sim, &waiting);
    } else {
        ASSERT(server->waiting_count < SIM_WAITING_MAX);
        server->waiting[server->waiting_count++] = waiting;
    }
    server_start_commit(sim);
}

void sim_server_receive(struct sim *sim, const struct sim_packet *packet)
{
    const struct sim_client *client = &sim->clients[packet->client];
    if (!sim->server.up || client->epoch != packet->epoch || client->dead) {
        return; // the connection it travelled on is gone
    }
    server_follow_clock(sim);
    if (packet->kind == SIM_OPEN) {
        server_open(sim, packet);
    } else if (server_is_current(&sim->server, packet->client, packet->epoch)) {
        server_command(sim, packet);
    }
}

void sim_server_cut(struct sim *sim, uint32_t client, time_ms notice_at)
{
    sim->server.connections[client].notice_at = notice_at;
}

bool sim_server_is_quiet(const struct sim *sim)
{
    return sim->server.up && sim->server.committing == 0 &&
           sim->server.committed == sim->server.decided->seq;
}

time_ms sim_server_next(const struct sim *sim)
{
    const struct sim_server *server = &sim->server;
    if (!server->up) {
        return server->up_at;
    }
    time_ms next = sim->winding_down ? SIM_NEVER : server->crash_at;
    next = server->commit_at < next ? server->commit_at : next;
    time_ms deadline = server_when(sim, meeting_next_deadline(&server->presence));
    next = deadline < next ? deadline : next;
    deadline = server_when(sim, meeting_timing_deadline(server->decided));
    next = deadline < next ? deadline : next;
    next = server->jump_at < next && !sim->winding_down ? server->jump_at : next;
    next = !sim->winding_down && server->loss_at < next ? server->loss_at : next;
    next = !sim->winding_down && server->hear_at < next ? server->hear_at : next;
    next = !sim->winding_down && server->outside_at < next ? server->outside_at : next;
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        if (server->connections[i].open && server->connections[i].notice_at < next) {
            next = server->connections[i].notice_at;
        }
        if (sim->clients[i].phase == SIM_GONE && sim->clients[i].connect_at < next) {
            next = sim->clients[i].connect_at;
        }
    }
    return next;
}

static void server_on_connections(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        struct sim_client *client = &sim->clients[i];
        if (server->connections[i].open && server->connections[i].notice_at <= sim->now) {
            server->connections[i].open = false;
            meeting_disconnected(&server->presence, server->decided, client->participant, 0,
                                 sim_server_time(sim));
        }
        if (client->phase == SIM_GONE && client->connect_at <= sim->now) {
            char id[CONTRACT_ID_MAX + 1];
            struct text_builder builder = text_builder(id, sizeof id);
            text_append_format(&builder, "p%u-%llu", i, (unsigned long long)server->decided->seq);
            enum capacity capacity = client->capacity;
            enum language language = client->language;
            sim_client_finish(client);
            sim_client_init(sim, i, id, capacity, language);
            server_add_participant(sim, &sim->clients[i]);
        }
    }
}

// Some interpreter's packets cease, or come again.
static void server_on_loss(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    const struct sim_client *client = &sim->clients[sim_below(&sim->random, SIM_CLIENTS)];
    // By whichever cause was noticed: the same loss may be told again with an earlier beginning.
    time_ms now = sim_server_time(sim);
    time_ms since = now - sim_between(&sim->random, 0, 1500);
    enum err err = ERR_NONE;
    if (sim_chance(&sim->random, 200)) {
        meeting_page_left(server->decided, client->participant, since, now, sim->events);
    } else if (sim_chance(&sim->random, 500)) {
        err = meeting_source_lost(server->decided, client->participant, since, now, sim->events);
    } else {
        err = meeting_source_back(server->decided, client->participant, now, sim->events);
    }
    // Someone who was removed is a stranger.
    ASSERT(err == ERR_NONE || err == ERR_NOT_FOUND);
    server_record(sim);
    server->loss_at = sim->now + sim_between(&sim->random, 500, 30000);
}

// What opens is heard, or not; what is open falls silent now and then.
static void server_on_hearing(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    time_ms now = sim_server_time(sim);
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        const char *participant = sim->clients[i].participant;
        uint32_t chance = sim_below(&sim->random, 100);
        struct meeting_silence silence = {.participant = participant,
                                          .since = now - 1000,
                                          .closes_at = now + 14000,
                                          .silence = (enum silence)(chance % SILENCE_COUNT)};
        enum err err = ERR_NONE;
        if (chance < 5) {
            err = meeting_source_unheard(server->decided, participant, now, sim->events);
        } else if (chance < 90) {
            err = meeting_source_heard(server->decided, participant, now, sim->events);
        } else {
            err = meeting_source_silent(server->decided, &silence, now, sim->events);
        }
        ASSERT(err == ERR_NONE || err == ERR_NOT_FOUND);
        server_record(sim);
    }
    server->hear_at = sim->now + sim_between(&sim->random, 20, 2000);
}

void sim_server_on_time(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    if (!server->up) {
        if (server->up_at <= sim->now) {
            server_restart(sim);
        }
        return;
    }
    if (!sim->winding_down && server->jump_at <= sim->now) {
        server_on_jump(sim);
    }
    server_follow_clock(sim);
    if (!sim->winding_down && server->crash_at <= sim->now) {
        server_crash(sim);
        return;
    }
    if (server->commit_at <= sim->now) {
        server_on_commit(sim);
    }
    server_on_connections(sim);
    while (meeting_next_deadline(&server->presence) <= sim_server_time(sim)) {
        meeting_on_deadline(&server->presence, server->decided, sim_server_time(sim), sim->events);
        server_record(sim);
    }
    while (meeting_timing_deadline(server->decided) <= sim_server_time(sim)) {
        meeting_timing_on_deadline(server->decided, sim_server_time(sim), sim->events);
        server_record(sim);
    }
    if (!sim->winding_down && server->loss_at <= sim->now) {
        server_on_loss(sim);
    }
    if (!sim->winding_down && server->hear_at <= sim->now) {
        server_on_hearing(sim);
    }
    if (!sim->winding_down && server->outside_at <= sim->now) {
        sim_outside_event(sim);
        server_record(sim);
    }
    server_start_commit(sim);
}
