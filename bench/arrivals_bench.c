// 500 people come to one meeting together: what that costs control, without TLS and HTTP's bytes.
//   arrivals_bench [people a turn …]      (20 and 500 when none is given)
// Those of a turn sign in by their links, are let in to the live line, and are sent hello and
// state; when it is over, the journal has it and everybody is told of everybody's presence. Prints
// milliseconds of the control thread's own time, for delegates (in everybody's list), for delegates
// whose links nobody has used before (they are added to it), and for listeners (the audience, in
// none). The store is a real one, in TMPDIR. No pass or fail.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "app/app.h"
#include "app/secret.h"
#include "base/assert.h"
#include "base/text.h"
#include "contract/permissions.h"
#include "control_time.h"
#include "meeting/setup.h"
#include "store/journal.h"
#include "store/people.h"

#define MEETING    "bench"
#define PEOPLE     500
#define ITEMS      40
#define START_WALL INT64_C(1795000000000)
#define START_NOW  INT64_C(5000000000)

enum part { SIGN_IN, UPGRADE, STATE, PRESENCE, PART_COUNT };

static const char *const part_names[PART_COUNT] = {[SIGN_IN] = "sign-in",
                                                   [UPGRADE] = "leave to upgrade",
                                                   [STATE] = "hello and state",
                                                   [PRESENCE] = "presence told to all"};

struct bench {
    char folder[64];
    struct store *store;
    struct app *app;
    struct api *api;
    time_us now;
    time_ms wall;
    uint64_t messages;
    uint64_t bytes;
    char links[PEOPLE][APP_TOKEN_MAX + 1];
    char sessions[PEOPLE][APP_TOKEN_MAX + 1];
    struct api_live_ticket tickets[PEOPLE];
    double ms[PART_COUNT];
};

// ---- The outside

static bool live_send(void *context, api_connection connection, const char *text, size_t size)
{
    struct bench *bench = context;
    (void)connection, (void)text;
    bench->messages++;
    bench->bytes += size;
    return true;
}

static void respond(void *context, uint64_t request, struct api_response *response)
{
    struct bench *bench = context;
    ASSERT(response->status == 201 && request > 0);
    const char *token = strstr(response->body, "\"token\":\"");
    ASSERT(token != NULL);
    snprintf(bench->sessions[request - 1], sizeof(bench->sessions[0]), "%.43s", token + 9);
    api_response_finish(response);
}

static void live_close(void *context, api_connection connection, uint16_t code, const char *reason)
{
    (void)context, (void)connection;
    fprintf(stderr, "arrivals_bench: closed, %u %s\n", code, reason);
    exit(1);
}

static bool link_send(void *context, const struct link_message *message)
{
    (void)context, (void)message;
    return true;
}

// ---- The meeting

static void take(struct bench *bench, const struct event_list *step, enum err err)
{
    uint64_t ticket = 0;
    require(err);
    require(journal_append(bench->store, MEETING, step->events, step->count, &ticket));
}

static void make_meeting(struct bench *bench, bool with_people)
{
    struct meeting_state *state = calloc(1, sizeof(*state));
    struct event_list *step = calloc(1, sizeof(*step));
    ASSERT(state != NULL && step != NULL);
    struct refusal refusal = {0};
    struct event_meeting_created created = {.floor_microphones_max = MEETING_FLOOR_MAX};
    memcpy(created.title[0], "Bench", 6);
    meeting_state_init(state, MEETING);
    take(bench, step, meeting_create(state, &created, bench->wall, step, &refusal));
    for (uint32_t i = 0; i < ITEMS; i++) {
        struct agenda_item item = {.state = ITEM_STATE_PENDING};
        snprintf(item.id, sizeof(item.id), "item-%u", i);
        snprintf(item.number, sizeof(item.number), "%u", i + 1);
        memcpy(item.title[0], "An item of the agenda", 22);
        take(bench, step, meeting_add_item(state, &item, bench->wall, step, &refusal));
    }
    for (uint32_t i = 0; with_people && i < PEOPLE; i++) {
        struct participant person = {.capacity = CAPACITY_DELEGATE, .language = LANGUAGE_EN};
        snprintf(person.id, sizeof(person.id), "person-%u", i);
        snprintf(person.name, sizeof(person.name), "Person %u", i);
        take(bench, step, meeting_add_participant(state, &person, bench->wall, step, &refusal));
    }
    require(journal_flush(bench->store));
    free(state);
    free(step);
}

// As they are written down: to make one, the journal would be replayed.
static void make_links(struct bench *bench, enum capacity capacity, bool with_people)
{
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct token_row row = {.meeting = MEETING,
                                .capacity = capacity,
                                .created_at = bench->wall,
                                .expires_at = bench->wall + INT64_C(24) * 3600 * 1000,
                                .uses_left = TOKEN_USES_UNLIMITED};
        if (with_people && capacity_can(capacity, ABILITY_TAKES_PART)) {
            snprintf(row.participant, sizeof(row.participant), "person-%u", i);
        }
        secret_make_token(bench->links[i], row.hash);
        require(token_add(bench->store, &row));
    }
}

// ---- Arriving

static struct api_request request_of(enum api_method method, const char *path, char *remote,
                                     uint32_t person)
{
    snprintf(remote, 24, "10.0.%u.%u", person / 200, person % 200 + 1);
    return (struct api_request){
        .method = method, .path = path, .remote = remote, .content_type = "application/json"};
}

static void sign_in(struct bench *bench, uint32_t person)
{
    char remote[24];
    char body[128];
    struct api_request in = request_of(API_POST, "/api/v1/session", remote, person);
    snprintf(body, sizeof(body), "{\"token\":\"%s\"}", bench->links[person]);
    in.body = body;
    in.body_size = strlen(body);
    struct api_response out = {0};
    if (api_request(bench->api, person + 1, &in, bench->now, bench->wall, &out)) {
        respond(bench, person + 1, &out);
    }
}

static void upgrade(struct bench *bench, uint32_t person)
{
    char remote[24];
    struct api_request in = request_of(API_GET, "/api/v1/live", remote, person);
    struct api_response out = {0};
    in.query = "meeting=" MEETING;
    require(api_live_accept(bench->api, &in, bench->sessions[person], bench->now, bench->wall,
                            &bench->tickets[person], &out));
}

// All of one turn; their answers come at its end, or, when they are new, once the journal has them.
static void sign_in_all(struct bench *bench, uint32_t first, uint32_t end)
{
    double begun = (thread_us() / 1e3);
    for (uint32_t i = first; i < end; i++) {
        sign_in(bench, i);
    }
    api_on_deadline(bench->api, bench->now, bench->wall);
    bench->ms[SIGN_IN] += (thread_us() / 1e3) - begun;
    require(journal_flush(bench->store)); // by its own thread
    begun = (thread_us() / 1e3);
    app_committed(bench->app, bench->now, bench->wall);
    api_on_deadline(bench->api, bench->now, bench->wall);
    bench->ms[SIGN_IN] += (thread_us() / 1e3) - begun;
}

static void arrive(struct bench *bench, uint32_t person)
{
    double begun = (thread_us() / 1e3);
    upgrade(bench, person);
    bench->ms[UPGRADE] += (thread_us() / 1e3) - begun;
    begun = (thread_us() / 1e3);
    api_live_open(bench->api, person + 1, &bench->tickets[person], bench->now, bench->wall);
    bench->ms[STATE] += (thread_us() / 1e3) - begun;
}

static void end_turn(struct bench *bench)
{
    require(journal_flush(bench->store));
    double begun = (thread_us() / 1e3);
    app_committed(bench->app, bench->now, bench->wall);
    app_on_deadline(bench->app, bench->now, bench->wall);
    bench->ms[PRESENCE] += (thread_us() / 1e3) - begun;
    bench->now += TIME_US_PER_MS;
    bench->wall++;
}

// ---- A run

static void begin(struct bench *bench, enum capacity capacity, bool with_people)
{
    const char *folder = getenv("TMPDIR");
    char path[128];
    snprintf(bench->folder, sizeof(bench->folder), "%s/plenary-bench-XXXXXX",
             folder != NULL ? folder : "/tmp");
    ASSERT(mkdtemp(bench->folder) != NULL);
    snprintf(path, sizeof(path), "%s/%s", bench->folder, STORE_FILE_NAME);
    require(store_open(path, &bench->store));
    bench->now = START_NOW;
    bench->wall = START_WALL;
    make_meeting(bench, with_people);
    make_links(bench, capacity, with_people);
    const struct app_config config = {.session_lifetime_ms = 12 * 3600 * 1000,
                                      .meetings_max = 1,
                                      .lives_max = 4096,
                                      .doors_max = 2048};
    const struct api_ports ports = {.context = bench,
                                    .live_send = live_send,
                                    .live_close = live_close,
                                    .respond = respond,
                                    .metrics_token = ""};
    struct app_ports app_ports = {.link_send = link_send, .link_context = bench};
    require(api_create(&ports, &bench->api));
    api_fill_app_ports(bench->api, &app_ports);
    require(app_create(&config, &app_ports, bench->store, bench->now, bench->wall, &bench->app));
    api_set_app(bench->api, bench->app);
}

static void finish(struct bench *bench)
{
    api_destroy(bench->api);
    app_destroy(bench->app);
    store_close(bench->store);
    DIR *folder = opendir(bench->folder);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", bench->folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(folder);
    (void)rmdir(bench->folder);
}

// `new_ones`: nobody has used their links before.
static void run(const char *who, enum capacity capacity, bool new_ones, uint32_t a_turn)
{
    static struct bench bench;
    double total = 0;
    memset(&bench, 0, sizeof(bench));
    begin(&bench, capacity, !new_ones);
    for (uint32_t first = 0; first < PEOPLE; first += a_turn) {
        uint32_t end = first + a_turn < PEOPLE ? first + a_turn : PEOPLE;
        sign_in_all(&bench, first, end);
        for (uint32_t i = first; i < end; i++) {
            arrive(&bench, i);
        }
        end_turn(&bench);
    }
    printf("%u %s, %u a turn:", PEOPLE, who, a_turn);
    for (int part = 0; part < PART_COUNT; part++) {
        printf(" %s %.1f ms,", part_names[part], bench.ms[part]);
        total += bench.ms[part];
    }
    printf(" together %.1f ms; %llu messages, %.1f MB\n", total, (unsigned long long)bench.messages,
           (double)bench.bytes / 1e6);
    finish(&bench);
}

int main(int argc, char **argv)
{
    uint32_t turns[8] = {20, PEOPLE};
    uint32_t count = argc > 1 ? 0 : 2;
    for (int i = 1; i < argc && count < 8; i++) {
        turns[count++] = (uint32_t)strtoul(argv[i], NULL, 10);
    }
    for (uint32_t i = 0; i < count; i++) {
        ASSERT(turns[i] > 0);
        run("delegates", CAPACITY_DELEGATE, false, turns[i]);
        run("new delegates", CAPACITY_DELEGATE, true, turns[i]);
        run("listeners", CAPACITY_LISTENER, false, turns[i]);
    }
    return 0;
}
