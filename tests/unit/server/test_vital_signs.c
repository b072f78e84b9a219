#include "../test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/vital_signs.h"

static struct vital_signs signs;

static int setup(void **state)
{
    (void)state;
    unsetenv("PLENARY_VITAL_SIGNS");
    return vital_signs_open(&signs) == ERR_NONE ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    vital_signs_close(&signs);
    return 0;
}

// What a process of this face finds: 0, or which expectation failed. Stands for what comes after
// exec; nothing here depends on it.
static int as_face(enum face face)
{
    struct vital_signs mine;
    if (vital_signs_pass(&signs, face) != ERR_NONE) {
        return 1;
    }
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        bool given = (fcntl(signs.fds[i], F_GETFD) & FD_CLOEXEC) == 0;
        if (given != (face == FACE_CONTROL || i == FACE_MEDIA)) {
            return 2;
        }
    }
    if (vital_signs_take(face, &mine) != ERR_NONE) {
        return 3;
    }
    if ((mine.boards[FACE_CONTROL] != NULL) != (face == FACE_CONTROL) ||
        (mine.record != NULL) != (face == FACE_CONTROL) || mine.boards[FACE_MEDIA] == NULL) {
        return 4;
    }
    heartbeat_beat(&mine.boards[face]->parts[5]);
    return 0;
}

static void assert_as_face(enum face face)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(as_face(face));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_each_face_is_given_its_own(void **state)
{
    (void)state;
    assert_as_face(FACE_MEDIA);
    assert_int_equal(signs.boards[FACE_MEDIA]->parts[5].beats, 1);
    assert_int_equal(signs.boards[FACE_CONTROL]->parts[5].beats, 0);
    assert_as_face(FACE_CONTROL);
    assert_int_equal(signs.boards[FACE_CONTROL]->parts[5].beats, 1);
    vital_signs_wipe(&signs, FACE_MEDIA);
    assert_int_equal(signs.boards[FACE_MEDIA]->parts[5].beats, 0);
    assert_int_equal(signs.boards[FACE_CONTROL]->parts[5].beats, 1);
}

static void test_nobody_makes_it_smaller(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        assert_int_equal(ftruncate(signs.fds[i], 0), -1);
        assert_int_equal(ftruncate(signs.fds[i], 1 << 20), -1);
    }
}

static void test_the_newest_replacements_are_kept(void **state)
{
    (void)state;
    struct replacement list[REPLACEMENTS_KEPT];
    uint32_t count = 99;
    assert_int_equal(vital_signs_replacements(&signs, list, &count), 0);
    assert_int_equal(count, 0);
    for (time_ms at = 1; at <= REPLACEMENTS_KEPT + 3; at++) {
        const struct replacement one = {.face = at % 2 == 0 ? FACE_MEDIA : FACE_CONTROL,
                                        .cause = at == 5 ? ENDING_HUNG : ENDING_DIED,
                                        .at = at};
        vital_signs_replaced(&signs, &one);
    }
    assert_int_equal(vital_signs_replacements(&signs, list, &count), REPLACEMENTS_KEPT + 3);
    assert_int_equal(count, REPLACEMENTS_KEPT);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(list[i].at, REPLACEMENTS_KEPT + 3 - i);
        assert_int_equal(list[i].face, list[i].at % 2 == 0 ? FACE_MEDIA : FACE_CONTROL);
        assert_int_equal(list[i].cause, list[i].at == 5 ? ENDING_HUNG : ENDING_DIED);
    }
    assert_int_equal(vital_signs_replacement_total(&signs, FACE_MEDIA), 5);
    assert_int_equal(vital_signs_replacement_total(&signs, FACE_CONTROL), 6);
}

static void test_the_next_supervisor_has_the_same(void **state)
{
    (void)state;
    struct vital_signs next;
    int other[FACE_COUNT + 1] = {signs.fds[0], signs.fds[1], signs.fds[0]};
    atomic_store(&signs.boards[FACE_MEDIA]->parts[3].beats, 7);
    vital_signs_taken_over(&signs, false);
    vital_signs_media_waits(&signs, true);
    int fds[FACE_COUNT + 1];
    for (unsigned i = 0; i <= FACE_COUNT; i++) {
        fds[i] = dup(signs.fds[i]);
    }
    assert_int_equal(vital_signs_adopt(fds, &next), ERR_NONE);
    assert_int_equal(atomic_load(&next.boards[FACE_MEDIA]->parts[3].beats), 7);
    vital_signs_taken_over(&next, true);
    const struct takeover_signs takeovers = vital_signs_takeovers(&signs);
    assert_int_equal(takeovers.done, 1);
    assert_int_equal(takeovers.refused, 1);
    assert_true(takeovers.media_waits);
    vital_signs_close(&next);
    // What has another size is none of them.
    other[0] = dup(other[0]);
    other[1] = dup(other[1]);
    other[2] = dup(other[2]);
    assert_int_equal(vital_signs_adopt(other, &next), ERR_IO);
}

static void test_nothing_passed_is_told(void **state)
{
    (void)state;
    struct vital_signs mine;
    assert_int_equal(vital_signs_take(FACE_MEDIA, &mine), ERR_NOT_FOUND);
    assert_int_equal(setenv("PLENARY_VITAL_SIGNS", "1023,x,9", 1), 0);
    assert_int_equal(vital_signs_take(FACE_CONTROL, &mine), ERR_IO); // 1023 is no such memory
    assert_int_equal(setenv("PLENARY_VITAL_SIGNS", "x", 1), 0);
    assert_int_equal(vital_signs_take(FACE_MEDIA, &mine), ERR_MALFORMED);
}

int main(void)
{
#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_each_face_is_given_its_own),       CASE(test_nobody_makes_it_smaller),
        CASE(test_the_newest_replacements_are_kept), CASE(test_the_next_supervisor_has_the_same),
        CASE(test_nothing_passed_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
