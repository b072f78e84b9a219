#include "world.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/security_log.h"

static char written[256 * 1024];

// What the log writes to standard error while `count` events come at once.
static void write_many(struct security_log *log, int count, time_ms now)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    int kept = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    for (int i = 0; i < count; i++) {
        const struct security_event event = {
            .event = "security.sign_in_refused", .who = "amina", .remote = "192.0.2.1"};
        security_log_write(log, &event, now);
    }
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    rewind(file);
    written[fread(written, 1, sizeof(written) - 1, file)] = '\0';
    fclose(file);
}

static int lines_with(const char *part)
{
    int count = 0;
    for (const char *at = strstr(written, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void test_a_flood_is_counted(void **state)
{
    (void)state;
    struct security_log log;
    security_log_init(&log, 1000);
    write_many(&log, SECURITY_LOG_BURST + 30, 1000);
    assert_int_equal(lines_with("security.sign_in_refused"), SECURITY_LOG_BURST);
    assert_int_equal(lines_with("192.0.2.1"), SECURITY_LOG_BURST);
    write_many(&log, SECURITY_LOG_PER_S + 5, 2000);
    assert_int_equal(lines_with("security.sign_in_refused"), SECURITY_LOG_PER_S);
    assert_int_equal(lines_with("\"security.lines_left_out\",\"count\":30"), 1);
    // A clock that was put back silences nothing for long.
    write_many(&log, 1, 500);
    write_many(&log, 1, 1500);
    assert_int_equal(lines_with("security.sign_in_refused"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_flood_is_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
