// What is nearly full is told in the log, once.
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app_priv.h"
#include "app/part.h"

static char written[4096];

// What the log writes to standard error when this has happened.
static void follow(struct app_meeting *meeting, enum event_type type)
{
    const struct event event = {.type = type};
    FILE *file = tmpfile();
    assert_non_null(file);
    int kept = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    limits_part.follow(NULL, meeting, &event, 1);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    rewind(file);
    written[fread(written, 1, sizeof(written) - 1, file)] = '\0';
    fclose(file);
}

static void test_each_limit_is_told_once(void **state)
{
    (void)state;
    struct app_meeting *meeting = calloc(1, sizeof(*meeting));
    assert_non_null(meeting);
    struct meeting *now = &meeting->told.meeting;
    const struct {
        uint32_t *used;
        enum event_type type;
        uint32_t near;
        const char *words;
    } cases[] = {
        {&now->participants_count, EVENT_PARTICIPANT_ADDED, 1350,
         "\"what\":\"participants\",\"meeting\":\"m\",\"used\":1350,\"most\":1500"},
        {&now->hours_count, EVENT_PARTICIPANT_ADDED, 65,
         "\"what\":\"hours\",\"meeting\":\"m\",\"used\":65,\"most\":72"},
        {&now->speaking_times_count, EVENT_TIME_ALLOWED, 231,
         "\"what\":\"speaking_times\",\"meeting\":\"m\",\"used\":231,\"most\":256"},
        {&now->documents_count, EVENT_DOCUMENT_ADDED, 1800,
         "\"what\":\"documents\",\"meeting\":\"m\",\"used\":1800,\"most\":2000"},
    };
    snprintf(meeting->id, sizeof(meeting->id), "m");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        *cases[i].used = cases[i].near - 1;
        follow(meeting, cases[i].type);
        assert_null(strstr(written, "limit.near"));
        *cases[i].used = cases[i].near;
        follow(meeting, cases[i].type);
        assert_non_null(strstr(written, cases[i].words));
        follow(meeting, cases[i].type);
        assert_null(strstr(written, "limit.near"));
        *cases[i].used = 0;
    }
    free(meeting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_limit_is_told_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
