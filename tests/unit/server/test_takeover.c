// The machine of a takeover, played with this very program as both versions: what it does when it
// is started as control or media stands in the environment.
#include "../test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link/link.h"
#include "place.h"
#include "server/clock_memory.h"
#include "server/inheritance.h"
#include "server/takeover.h"
#include "store/store.h"

#define WAIT_MAX (60 * TIME_US_PER_S)

static struct child children[FACE_COUNT];
static struct vital_signs signs;
static struct sockets sockets;
static struct program own;
static struct takeover takeover;
static char path[PATH_MAX];

// ---- As a version: `plenary control --check`, `plenary control`, `plenary media`

static int answer(void)
{
    char text[TAKEOVER_FACTS_MAX];
    const char *link = getenv("PLAY_LINK");
    const char *unreadable = getenv("PLAY_UNREADABLE");
    struct takeover_facts facts = {.version = "2.0",
                                   .link = link != NULL ? 999 : LINK_VERSION,
                                   .tables = 1,
                                   .makes = 1,
                                   .unreadable = unreadable != NULL ? 1 : 0,
                                   .ready = unreadable == NULL,
                                   .refusal = ""};
    strcpy(facts.refusal, unreadable != NULL ? "it cannot read a meeting" : "");
    inheritance_layout(facts.layout);
    if (getenv("PLAY_LAYOUT") != NULL) {
        strcpy(facts.layout, "another");
    }
    if (takeover_facts_write(&facts, text, sizeof(text)) != ERR_NONE) {
        return 2;
    }
    fputs(text, stdout);
    return facts.ready ? 0 : 1;
}

// Beats until it is told to stop; or ends, or hangs.
static int live(enum face face)
{
    struct vital_signs mine;
    struct sockets given;
    const char *life = getenv("PLAY_LIFE");
    if (vital_signs_take(face, &mine) != ERR_NONE || sockets_from_environment(&given) != ERR_NONE) {
        return 3;
    }
    if (face == FACE_CONTROL && life != NULL && strcmp(life, "ends") == 0) {
        return 1;
    }
    bool hangs = face == FACE_CONTROL && life != NULL && strcmp(life, "hangs") == 0;
    if (face == FACE_CONTROL && life == NULL) {
        (void)!write(given.ready_write_fd, "r", 1);
    }
    for (;;) {
        if (!hangs) {
            heartbeat_beat(&mine.boards[face]->parts[0]);
        }
        (void)usleep(10000); // a loop that waits for work
    }
}

// ---- As the supervisor

static int setup(void **state)
{
    int ends[2];
    if (place_enter(state) != 0 || pipe(ends) != 0 || vital_signs_open(&signs) != ERR_NONE ||
        program_open(path, &own) != ERR_NONE || clock_memory_create(1) != ERR_NONE) {
        return -1;
    }
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    sockets = (struct sockets){.listen_fd = open("/dev/null", O_RDONLY),
                               .link_fd = open("/dev/null", O_RDONLY),
                               .udp_fds = {open("/dev/null", O_RDONLY)},
                               .udp_count = 1,
                               .ready_read_fd = ends[0],
                               .ready_write_fd = ends[1]};
    own.link = LINK_VERSION;
    for (size_t i = 0; i < FACE_COUNT; i++) {
        children[i] = (struct child){.face = (enum face)i,
                                     .program = &own,
                                     .silence_max = TIME_US_PER_S,
                                     .begin_max = WAIT_MAX};
    }
    takeover_init(&takeover);
    takeover.media = &children[FACE_MEDIA];
    takeover.control = &children[FACE_CONTROL];
    takeover.signs = &signs;
    takeover.sockets = &sockets;
    takeover.own = &own;
    takeover.path = path;
    return sockets_to_environment(&sockets) == ERR_NONE ? 0 : -1;
}

static int teardown(void **state)
{
    for (size_t i = 0; i < FACE_COUNT; i++) {
        if (children[i].pid > 0) {
            kill(children[i].pid, SIGKILL);
            waitpid(children[i].pid, NULL, 0);
        }
    }
    takeover_finish(&takeover);
    program_close(&own);
    vital_signs_close(&signs);
    sockets_close(&sockets);
    close(clock_memory_fd());
    (void)unsetenv("PLAY_LINK");
    (void)unsetenv("PLAY_LIFE");
    (void)unsetenv("PLAY_LAYOUT");
    (void)unsetenv("PLAY_UNREADABLE");
    return place_leave(state);
}

// One turn of the supervisor's loop.
static enum takeover_news turn(void)
{
    int status = 0;
    time_us now = time_monotonic_us();
    for (size_t i = 0; i < FACE_COUNT; i++) {
        if (children[i].pid == 0 && !children[i].held && children[i].start_at <= now) {
            child_start(&children[i], &signs, &sockets, now);
        }
    }
    (void)usleep(10000);
    if (sockets_next_news(&sockets) == SOCKETS_NEWS_READY) {
        takeover_control_ready(&takeover);
    }
    now = time_monotonic_us();
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        (void)takeover_process_ended(&takeover, pid, status);
        for (size_t i = 0; i < FACE_COUNT; i++) {
            if (children[i].pid == pid) {
                child_ended(&children[i], &signs, status, false, now);
            }
        }
    }
    for (size_t i = 0; i < FACE_COUNT; i++) {
        (void)child_look(&children[i], &signs, now);
    }
    return takeover_turn(&takeover, now);
}

static void begin_both(void)
{
    time_us until = time_monotonic_us() + WAIT_MAX;
    while (children[FACE_MEDIA].began_after == 0 || children[FACE_CONTROL].began_after == 0) {
        assert_int_equal(turn(), TAKEOVER_NOTHING);
        assert_true(time_monotonic_us() < until);
    }
}

// What becomes of a wish.
static enum takeover_news play(void)
{
    enum takeover_news news = TAKEOVER_NOTHING;
    time_us until = time_monotonic_us() + WAIT_MAX;
    takeover_wish(&takeover);
    while (news == TAKEOVER_NOTHING || news == TAKEOVER_BEGAN) {
        assert_true(time_monotonic_us() < until);
        news = turn();
    }
    assert_int_equal(takeover.phase, TAKEOVER_IDLE);
    assert_false(children[FACE_CONTROL].held || children[FACE_MEDIA].held);
    return news;
}

static void test_control_is_handed_over_and_media_is_not_touched(void **state)
{
    (void)state;
    begin_both();
    pid_t control = children[FACE_CONTROL].pid;
    pid_t media = children[FACE_MEDIA].pid;
    assert_int_equal(play(), TAKEOVER_DONE);
    assert_int_not_equal(children[FACE_CONTROL].pid, control);
    assert_int_equal(children[FACE_MEDIA].pid, media);
    assert_ptr_equal(children[FACE_CONTROL].program, &takeover.next);
    assert_int_equal(vital_signs_takeovers(&signs).done, 1);
    assert_int_equal(vital_signs_replacement_total(&signs, FACE_CONTROL), 0);
}

static void test_one_that_beats_and_cannot_answer_is_proven_by_time(void **state)
{
    (void)state;
    begin_both();
    assert_int_equal(setenv("PLAY_LIFE", "beats", 1), 0);
    assert_int_equal(play(), TAKEOVER_DONE);
}

static void test_media_of_another_language_goes_too(void **state)
{
    (void)state;
    begin_both();
    pid_t media = children[FACE_MEDIA].pid;
    assert_int_equal(setenv("PLAY_LINK", "1", 1), 0);
    assert_int_equal(play(), TAKEOVER_DONE);
    assert_int_not_equal(children[FACE_MEDIA].pid, media);
    assert_int_equal(children[FACE_MEDIA].link, 999);
}

static void undone_by(const char *life)
{
    begin_both();
    assert_int_equal(setenv("PLAY_LIFE", life, 1), 0);
    assert_int_equal(play(), TAKEOVER_UNDONE);
    assert_non_null(strstr(takeover.words, "the one before goes on"));
    assert_ptr_equal(children[FACE_CONTROL].program, &own);
    assert_int_equal(unsetenv("PLAY_LIFE"), 0);
    begin_both();
    assert_int_equal(vital_signs_takeovers(&signs).refused, 1);
}

static void test_one_that_ends_is_undone(void **state)
{
    (void)state;
    undone_by("ends");
}

static void test_one_that_hangs_is_undone(void **state)
{
    (void)state;
    undone_by("hangs");
}

static void test_nothing_older_is_tried_on_a_newer_database(void **state)
{
    (void)state;
    struct store *store = NULL;
    assert_int_equal(store_open(STORE_FILE_NAME, &store), ERR_NONE);
    store_close(store);
    int64_t tables = 0;
    assert_int_equal(store_version_of(STORE_FILE_NAME, &tables), ERR_NONE);
    assert_int_equal(tables, store_version());
    begin_both();
    assert_int_equal(
        system("sqlite3 " STORE_FILE_NAME " 'INSERT INTO schema_version (version) VALUES (999)'"),
        0);
    assert_int_equal(setenv("PLAY_LIFE", "ends", 1), 0);
    assert_int_equal(play(), TAKEOVER_UNDONE);
    assert_non_null(strstr(takeover.words, "999"));
    assert_ptr_equal(children[FACE_CONTROL].program, &takeover.next);
}

static void test_another_layout_is_refused(void **state)
{
    (void)state;
    begin_both();
    pid_t control = children[FACE_CONTROL].pid;
    assert_int_equal(setenv("PLAY_LAYOUT", "1", 1), 0);
    assert_int_equal(play(), TAKEOVER_REFUSED);
    assert_non_null(strstr(takeover.words, "restart the service"));
    assert_int_equal(children[FACE_CONTROL].pid, control);
    assert_int_equal(takeover.candidate.fd, -1);
}

static void test_what_neither_can_read_is_no_reason(void **state)
{
    (void)state;
    begin_both();
    assert_int_equal(setenv("PLAY_UNREADABLE", "1", 1), 0);
    assert_int_equal(play(), TAKEOVER_DONE); // the old one, this program, says the same
}

static void test_what_the_old_one_can_read_is_one(void **state)
{
    (void)state;
    char layout[TAKEOVER_LAYOUT_MAX + 1];
    char script[512];
    begin_both();
    inheritance_layout(layout);
    snprintf(script, sizeof(script),
             "#!/bin/sh\nprintf 'plenary 2\\nlayout %s\\nlink %d\\ntables 1\\nmakes 1\\n"
             "unreadable 1\\nrefused it cannot read a meeting\\n'\n",
             layout, LINK_VERSION);
    place_put("program", script);
    assert_int_equal(chmod("program", 0700), 0);
    takeover.path = "program";
    assert_int_equal(play(), TAKEOVER_REFUSED);
    assert_string_equal(takeover.words, "it cannot read a meeting");
}

static void test_control_that_is_dead_already_is_replaced(void **state)
{
    (void)state;
    begin_both();
    kill(children[FACE_CONTROL].pid, SIGKILL);
    assert_int_equal(play(), TAKEOVER_DONE);
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[2], "--check") == 0) {
        return answer();
    }
    if (argc > 1) {
        return live(strcmp(argv[1], "media") == 0 ? FACE_MEDIA : FACE_CONTROL);
    }
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (length <= 0) {
        return 1;
    }
#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_control_is_handed_over_and_media_is_not_touched),
        CASE(test_one_that_beats_and_cannot_answer_is_proven_by_time),
        CASE(test_media_of_another_language_goes_too),
        CASE(test_one_that_ends_is_undone),
        CASE(test_one_that_hangs_is_undone),
        CASE(test_nothing_older_is_tried_on_a_newer_database),
        CASE(test_another_layout_is_refused),
        CASE(test_what_neither_can_read_is_no_reason),
        CASE(test_what_the_old_one_can_read_is_one),
        CASE(test_control_that_is_dead_already_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
