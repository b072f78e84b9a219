// What the control loop does for one meeting of 500 people who are all there and hear, by the
// capacity that the server is configured for:
//   control_bench [capacity …]       (4,096 and 65,536 when none is given)
// Prints microseconds of the control thread's own time (the median of 400 times) for a command, a
// committed batch, the deadlines after it, a join, a page that comes, and what media says of a
// microphone; then the ratio of the last capacity to the first. The store is a real one, in TMPDIR.
// No pass or fail.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/assert.h"
#include "base/text.h"
#include "control_time.h"
#include "meeting/meeting.h"
#include "meeting/setup.h"
#include "store/journal.h"

#define MEETING      "bench"
#define PEOPLE       500
#define INTERPRETERS 12
#define ROUNDS       400
#define CAPACITIES   8
#define START_WALL   INT64_C(1795000000000)
#define START_NOW    INT64_C(5000000000)
#define SETTLE_US    (10 * TIME_US_PER_S)

enum figure { COMMAND, COMMIT, DEADLINES, JOIN, PAGE, SOUND, FIGURE_COUNT };

static const char *const figure_names[FIGURE_COUNT] = {
    [COMMAND] = "a command, decided",       [COMMIT] = "a committed batch, told",
    [DEADLINES] = "the deadlines after it", [JOIN] = "media.join",
    [PAGE] = "a page comes (connection)",   [SOUND] = "a microphone begins or ceases",
};

struct bench {
    char folder[64];
    struct store *store;
    struct app *app;
    time_us now;
    time_ms wall;
    uint64_t refused;
    // What the fake media process was told last.
    link_peer created;
    link_source microphone;
    app_live lives[PEOPLE];
    double us[FIGURE_COUNT][ROUNDS];
};

// ---- The outside

static void publish(void *context, const char *meeting, const struct event *events, uint32_t count)
{
    (void)context, (void)meeting, (void)events, (void)count;
}

static void reply(void *context, app_live live, uint64_t request, const struct app_reply *answer)
{
    (void)live, (void)request;
    ((struct bench *)context)->refused += answer->err != ERR_NONE;
}

static void notice(void *context, app_live live, const struct notice *said)
{
    (void)context, (void)live, (void)said;
}

static void live_end(void *context, app_live live, const char *reason)
{
    (void)context, (void)live, (void)reason;
}

static void door_answer(void *context, uint64_t request, const struct app_door_answer *answer)
{
    (void)context, (void)request, (void)answer;
}

static bool link_send(void *context, const struct link_message *message)
{
    struct bench *bench = context;
    if (message->type == LINK_PEER_CREATE) {
        bench->created = message->peer;
        bench->microphone = message->sections[0].source;
    }
    return true;
}

static void media_says(struct bench *bench, const struct link_message *message)
{
    app_link_receive(bench->app, message, bench->now, bench->wall);
}

// ---- The meeting

static void take(struct store *store, const struct event_list *step, enum err err)
{
    uint64_t ticket = 0;
    require(err);
    require(journal_append(store, MEETING, step->events, step->count, &ticket));
}

static enum capacity capacity_of(uint32_t person)
{
    return person == 0                  ? CAPACITY_MODERATOR
           : person <= INTERPRETERS     ? CAPACITY_INTERPRETER
           : person == INTERPRETERS + 1 ? CAPACITY_TECHNICIAN
                                        : CAPACITY_DELEGATE;
}

static void make_meeting(struct bench *bench)
{
    struct meeting_state *state = calloc(1, sizeof(*state));
    struct event_list *step = calloc(1, sizeof(*step));
    ASSERT(state != NULL && step != NULL);
    struct refusal refusal = {0};
    struct event_meeting_created created = {.floor_microphones_max = MEETING_FLOOR_MAX};
    memcpy(created.title[0], "Bench", 6);
    meeting_state_init(state, MEETING);
    take(bench->store, step, meeting_create(state, &created, bench->wall, step, &refusal));
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct participant person = {.capacity = capacity_of(i)};
        snprintf(person.id, sizeof(person.id), "person-%u", i);
        snprintf(person.name, sizeof(person.name), "Person %u", i);
        person.language = person.capacity == CAPACITY_INTERPRETER
                              ? (enum language)(LANGUAGE_AR + (int)(i % 6))
                              : LANGUAGE_EN;
        take(bench->store, step,
             meeting_add_participant(state, &person, bench->wall, step, &refusal));
    }
    const struct meeting_caller server = {.grant = PERMISSION_OWN};
    const struct command open = {.type = COMMAND_SITTING_OPEN};
    take(bench->store, step, meeting_decide(state, &open, &server, bench->wall, step, &refusal));
    require(journal_flush(bench->store));
    free(state);
    free(step);
}

// ---- What is measured

static void commit(struct bench *bench)
{
    require(journal_flush(bench->store));
    app_committed(bench->app, bench->now, bench->wall);
}

static void pass(struct bench *bench, time_us time)
{
    bench->now += time;
    bench->wall += time / TIME_US_PER_MS;
    app_on_deadline(bench->app, bench->now, bench->wall);
    commit(bench);
}

static void give(struct bench *bench, uint32_t person, const struct command *command)
{
    app_command(bench->app, bench->lives[person], 1, command, bench->now, bench->wall);
}

static void come(struct bench *bench, uint32_t person)
{
    struct app_identity identity = {.capacity = capacity_of(person),
                                    .expires_at = bench->wall + 24 * 3600 * 1000};
    memcpy(identity.meeting, MEETING, sizeof(MEETING));
    snprintf(identity.participant, sizeof(identity.participant), "person-%u", person);
    snprintf(identity.session, sizeof(identity.session), "s-%u", person);
    memcpy(identity.who, identity.participant, sizeof(identity.who));
    require(
        app_live_open(bench->app, &identity, true, bench->now, bench->wall, &bench->lives[person]));
}

static void answer_join(struct bench *bench)
{
    static struct link_message message;
    message = (struct link_message){.type = LINK_PEER_ANSWER, .peer = bench->created};
    media_says(bench, &message);
    message = (struct link_message){
        .type = LINK_PEER_STATE, .peer = bench->created, .phase = LINK_PEER_CONNECTED};
    media_says(bench, &message);
}

static const struct command join = {.type = COMMAND_MEDIA_JOIN, .as.media_join.sdp = "offer"};

static void settle(struct bench *bench)
{
    for (uint32_t i = 0; i < PEOPLE; i++) {
        const struct command enter = {.type = COMMAND_ROOM_ENTER};
        come(bench, i);
        give(bench, i, &enter);
        give(bench, i, &join);
        answer_join(bench);
        pass(bench, TIME_US_PER_MS);
    }
    pass(bench, SETTLE_US);
    pass(bench, SETTLE_US);
}

static void measure_commands(struct bench *bench)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        const struct command command = {.type = i % 2 == 0 ? COMMAND_FLOOR_REQUEST
                                                           : COMMAND_FLOOR_WITHDRAW};
        double begun = thread_us();
        give(bench, PEOPLE - 1 - i / 2 % 100, &command);
        bench->us[COMMAND][i] = thread_us() - begun;
        require(journal_flush(bench->store));
        begun = thread_us();
        app_committed(bench->app, bench->now, bench->wall);
        bench->us[COMMIT][i] = thread_us() - begun;
        bench->now += TIME_US_PER_S / 10;
        bench->wall += 100;
        begun = thread_us();
        app_on_deadline(bench->app, bench->now, bench->wall);
        bench->us[DEADLINES][i] = thread_us() - begun;
    }
}

static void measure_joins(struct bench *bench)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        double begun = thread_us();
        give(bench, 20 + i, &join);
        bench->us[JOIN][i] = thread_us() - begun;
        answer_join(bench);
        pass(bench, 100 * TIME_US_PER_MS);
    }
}

static void measure_pages(struct bench *bench)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        app_live_close(bench->app, bench->lives[20 + i], false, bench->now, bench->wall);
        commit(bench);
        double begun = thread_us();
        come(bench, 20 + i);
        bench->us[PAGE][i] = thread_us() - begun;
        pass(bench, 100 * TIME_US_PER_MS);
    }
}

static void measure_sound(struct bench *bench)
{
    static struct link_message message;
    message = (struct link_message){.type = LINK_SOURCE_STATE, .source = bench->microphone};
    for (uint32_t i = 0; i < ROUNDS; i++) {
        message.active = i % 2 == 0;
        message.sounding = message.active;
        double begun = thread_us();
        media_says(bench, &message);
        bench->us[SOUND][i] = thread_us() - begun;
    }
}

static void remove_folder(const struct bench *bench)
{
    DIR *folder = opendir(bench->folder);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", bench->folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(folder);
    (void)rmdir(bench->folder);
}

static void run(struct bench *bench, uint32_t capacity)
{
    const char *folder = getenv("TMPDIR");
    snprintf(bench->folder, sizeof(bench->folder), "%s/plenary-bench-XXXXXX",
             folder != NULL ? folder : "/tmp");
    ASSERT(mkdtemp(bench->folder) != NULL);
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", bench->folder, STORE_FILE_NAME);
    require(store_open(path, &bench->store));
    bench->now = START_NOW;
    bench->wall = START_WALL;
    make_meeting(bench);
    const struct app_config config = {.session_lifetime_ms = 12 * 3600 * 1000,
                                      .close_silent_ms = 15000,
                                      .meetings_max = 16,
                                      .lives_max = capacity,
                                      .doors_max = capacity};
    const struct app_ports ports = {.context = bench,
                                    .publish = publish,
                                    .reply = reply,
                                    .notice = notice,
                                    .live_end = live_end,
                                    .door_answer = door_answer,
                                    .link_send = link_send,
                                    .link_context = bench};
    require(app_create(&config, &ports, bench->store, bench->now, bench->wall, &bench->app));
    static struct link_message synced = {.type = LINK_SYNCED};
    app_link_connected(bench->app, bench->now);
    media_says(bench, &synced);
    settle(bench);
    measure_commands(bench);
    measure_joins(bench);
    measure_pages(bench);
    measure_sound(bench);
    ASSERT(bench->refused == 0);
    app_destroy(bench->app);
    store_close(bench->store);
    remove_folder(bench);
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;
    return (first > second) - (first < second);
}

static double median(struct bench *bench, int figure)
{
    qsort(bench->us[figure], ROUNDS, sizeof(bench->us[figure][0]), compare);
    return bench->us[figure][ROUNDS / 2];
}

int main(int argc, char **argv)
{
    uint32_t capacities[CAPACITIES] = {4096, 65536};
    uint32_t count = argc > 1 ? 0 : 2;
    for (int i = 1; i < argc && count < CAPACITIES; i++) {
        capacities[count++] = (uint32_t)strtoul(argv[i], NULL, 10);
    }
    static struct bench results[CAPACITIES];
    printf("%-32s", "us, 500 people, capacity");
    for (uint32_t i = 0; i < count; i++) {
        run(&results[i], capacities[i]);
        printf("%10u", capacities[i]);
    }
    printf("%10s\n", "ratio");
    for (int figure = 0; figure < FIGURE_COUNT; figure++) {
        double first = median(&results[0], figure);
        double last = first;
        printf("%-32s%10.2f", figure_names[figure], first);
        for (uint32_t i = 1; i < count; i++) {
            last = median(&results[i], figure);
            printf("%10.2f", last);
        }
        printf("%10.2f\n", last / first);
    }
    return 0;
}
