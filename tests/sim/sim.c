#include "sim.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "story.h"

#define SEEDS        20
#define SEEDS_LONG   2000
#define MINUTES      60
#define MINUTES_LONG 120
#define WIND_DOWN_MS 180000

_Noreturn void sim_fail(const struct sim *sim, const char *what, const char *detail)
{
    fprintf(stderr, "FAILED with seed %llu at %.3f s, event %llu: %s: %s\n",
            (unsigned long long)sim->seed, (double)(sim->now - SIM_START) / 1000.0,
            (unsigned long long)sim->server.decided->seq, what, detail);
    exit(1);
}

static time_ms earliest(time_ms a, time_ms b)
{
    return a < b ? a : b;
}

static void sim_run_until(struct sim *sim, time_ms end)
{
    for (;;) {
        time_ms next = earliest(sim_next_arrival(sim), sim_server_next(sim));
        for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
            next = earliest(next, sim_client_next(sim, &sim->clients[i]));
        }
        if (next > end) {
            sim->now = end;
            return;
        }
        sim->now = next > sim->now ? next : sim->now;
        struct sim_packet packet;
        while (sim_arrived(sim, &packet)) {
            if (packet.to_server) {
                sim_server_receive(sim, &packet);
            } else {
                sim_client_receive(sim, &packet);
            }
            free(packet.snapshot);
        }
        sim_server_on_time(sim);
        for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
            sim_client_on_time(sim, i);
        }
    }
}

// The journal as the store would keep it: every event through its JSON text, then replayed.
static void sim_check_journal_as_text(struct sim *sim)
{
    struct meeting_state *replayed = calloc(1, sizeof *replayed);
    ASSERT(replayed != NULL);
    meeting_state_init(replayed, "sim");
    for (uint64_t i = 0; i < sim->server.committed; i++) {
        const struct event *written = &sim->server.journal[i];
        json_t *data = event_encode_data(written);
        char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
        json_t *parsed = json_loads(text, 0, NULL);
        struct event read = *written;
        memset(&read.as, 0, sizeof read.as);
        if (event_decode_data(written->type, parsed, &read) != ERR_NONE) {
            sim_fail(sim, "an event that cannot be read back", event_name(written->type));
        }
        meeting_apply(replayed, &read);
        json_decref(parsed);
        json_decref(data);
        free(text);
    }
    json_t *one = meeting_encode(&replayed->meeting);
    json_t *two = meeting_encode(&sim->server.told->meeting);
    if (one == NULL || !json_equal(one, two)) {
        sim_fail(sim, "replay", "the journal's text does not give the state that was told");
    }
    json_decref(one);
    json_decref(two);
    free(replayed);
}

static bool sim_has_settled(const struct sim *sim)
{
    bool settled = sim_server_is_quiet(sim);
    for (uint32_t i = 0; i < SIM_CLIENTS && settled; i++) {
        const struct sim_client *client = &sim->clients[i];
        settled = client->phase != SIM_ONLINE || client->mirror->seq == sim->server.told->seq;
    }
    return settled;
}

static void sim_check_end(struct sim *sim)
{
    uint32_t online = 0;
    if (!sim_server_is_quiet(sim)) {
        sim_fail(sim, "end", "the server has not come to rest");
    }
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        const struct sim_client *client = &sim->clients[i];
        if (client->phase == SIM_ONLINE) {
            online++;
            if (client->mirror->seq != sim->server.told->seq) {
                sim_fail(sim, "end: a client has not caught up", client->participant);
            }
            sim_client_compare(sim, i);
        }
    }
    if (online != SIM_CLIENTS) {
        sim_fail(sim, "end", "not everyone has come back");
    }
    sim_check_journal_as_text(sim);
}

// The journal as a story (sim_story.c).
static void sim_tell(const struct sim *sim)
{
    struct meeting_state *state = calloc(1, sizeof *state);
    ASSERT(state != NULL);
    meeting_state_init(state, "sim");
    story_state("meeting", state);
    for (uint64_t i = 0; i < sim->server.committed; i++) {
        meeting_apply(state, &sim->server.journal[i]);
        story_event(&sim->server.journal[i]);
        if ((i + 1) % STORY_AFTER_EVERY == 0) {
            story_state("after", state);
        }
    }
    story_state("after", state);
    free(state);
}

struct totals {
    uint64_t minutes;
    uint64_t commands;
    uint64_t refusals;
    uint64_t events;
    uint64_t mirrored;
    uint64_t commits;
    uint64_t crashes;
    uint64_t resumes;
    uint64_t compared;
    uint64_t lost;
    uint64_t jumps;
    uint64_t timed;
    uint64_t spoken;
    uint64_t kinds[EVENT_COUNT]; // how many events of each
};

static void sim_play(uint64_t seed, int minutes, bool tells, struct totals *totals)
{
    struct sim *sim = calloc(1, sizeof *sim);
    ASSERT(sim != NULL);
    sim->seed = seed;
    sim->random.state = seed;
    sim->now = SIM_START;
    sim->events = malloc(sizeof *sim->events);
    ASSERT(sim->events != NULL);
    sim_server_init(sim);
    sim_run_until(sim, SIM_START + (time_ms)minutes * 60000);
    sim->winding_down = true;
    sim_run_until(sim, sim->now + WIND_DOWN_MS);
    // A deadline may have come in the last moment: what it brought about is on its way.
    for (int i = 0; i < 10 && !sim_has_settled(sim); i++) {
        sim_run_until(sim, sim->now + 1000);
    }
    sim_check_end(sim);
    if (tells) {
        sim_tell(sim);
    }
    totals->minutes += (uint64_t)minutes;
    totals->commands += sim->server.commands;
    totals->refusals += sim->server.refusals;
    totals->events += sim->server.committed;
    totals->mirrored += sim->mirrored;
    totals->commits += sim->server.commits;
    totals->crashes += sim->server.crashes;
    totals->resumes += sim->server.resumes;
    totals->compared += sim->compared;
    totals->lost += sim->network.lost;
    totals->jumps += sim->server.jumps;
    totals->timed += sim->server.timed;
    totals->spoken += sim->server.spoken;
    for (uint64_t i = 0; i < sim->server.committed; i++) {
        totals->kinds[sim->server.journal[i].type]++;
    }
    for (uint32_t i = 0; i < SIM_CLIENTS; i++) {
        sim_client_finish(&sim->clients[i]);
    }
    sim_network_finish(&sim->network);
    sim_server_finish(&sim->server);
    free(sim->events);
    free(sim);
}

// What the simulator cannot bring about is not tried by it: true when that is nothing.
static bool sim_tries_all(const struct totals *totals)
{
    bool all = true;
    for (int i = 0; i < EVENT_COUNT; i++) {
        if (totals->kinds[i] == 0) {
            fprintf(stderr, "no event of the kind %s has happened\n",
                    event_name((enum event_type)i));
            all = false;
        }
    }
    return all;
}

static uint64_t number(const char *text)
{
    unsigned long long value = 0;
    if (text_to_u64(text, strlen(text), UINT64_MAX, &value) != ERR_NONE) {
        fprintf(stderr, "usage: sim_meeting [--long] [--minutes N] [--story] [SEED [HOW_MANY]]\n");
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    uint64_t first = 1;
    uint64_t count = SEEDS;
    int minutes = MINUTES;
    int given = 0;
    bool tells = false;
    for (int i = 1; i < argc; i++) {
        if (text_equal(argv[i], "--long")) {
            count = SEEDS_LONG;
            minutes = MINUTES_LONG;
        } else if (text_equal(argv[i], "--story")) {
            tells = true;
        } else if (text_equal(argv[i], "--minutes") && i + 1 < argc) {
            minutes = (int)number(argv[++i]);
        } else if (given++ == 0) {
            first = number(argv[i]);
            count = 1;
        } else {
            count = number(argv[i]);
        }
    }
    struct totals totals = {0};
    for (uint64_t i = 0; i < count; i++) {
        sim_play(first + i, minutes, tells, &totals);
    }
    if (tells) {
        return 0;
    }
    printf(
        "%llu seeds, %llu meeting minutes: %llu commands (%llu refused), %llu events, %llu "
        "commits, "
        "%llu crashes, %llu resumes, %llu events mirrored, %llu comparisons, %llu segments lost, "
        "%llu jumps of the wall clock, %llu "
        "distances and %llu speeches timed\n",
        (unsigned long long)count, (unsigned long long)totals.minutes,
        (unsigned long long)totals.commands, (unsigned long long)totals.refusals,
        (unsigned long long)totals.events, (unsigned long long)totals.commits,
        (unsigned long long)totals.crashes, (unsigned long long)totals.resumes,
        (unsigned long long)totals.mirrored, (unsigned long long)totals.compared,
        (unsigned long long)totals.lost, (unsigned long long)totals.jumps,
        (unsigned long long)totals.timed, (unsigned long long)totals.spoken);
    // A few seeds played again need not do everything.
    return count < SEEDS || sim_tries_all(&totals) ? 0 : 1;
}
