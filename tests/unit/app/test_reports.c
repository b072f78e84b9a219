#include "world.h"

#include <string.h>

#include "app/reports.h"
#include "base/text.h"

static void measured(struct world *world, const char *participant, uint64_t packets)
{
    static struct link_message message;
    message.type = LINK_PEER_REPORT;
    message.peer = world_peer(world, participant)->id;
    message.report.round_trip_us = 80000;
    message.report.jitter_us = 4000;
    message.report.loss_up_permille = 12;
    message.report.packets_in = packets;
    app_link_receive(world->app, &message, world->now, world->wall);
}

static const struct report_person *person(const struct report *report, const char *id)
{
    for (uint32_t i = 0; i < report->person_count; i++) {
        if (text_equal(report->persons[i].id, id)) {
            return &report->persons[i];
        }
    }
    fail_msg("no %s", id);
    return NULL;
}

static struct report_fold *read_report(struct world *world)
{
    struct report_fold *fold = NULL;
    uint8_t hash[JOURNAL_HASH_SIZE];
    assert_int_equal(report_read(app_report_path(world->app), "demo", world->wall, &fold, hash),
                     ERR_NONE);
    return fold;
}

static void speak(struct world *world, const char *delegate)
{
    world_media_connect(world);
    app_live chair = world_enter(world, "chair");
    world_enter(world, delegate);
    (void)world_simple(world, chair, COMMAND_SITTING_OPEN);
    assert_int_equal(world_floor_give(world, chair, delegate), ERR_NONE);
}

static void test_quality_of_who_is_heard_survives_a_restart(void **state)
{
    struct world *world = *state;
    speak(world, "delegate-fra");
    world_enter(world, "delegate-chn");
    measured(world, "delegate-fra", 1000);
    measured(world, "delegate-chn", 1000); // does not speak
    world_advance(world, 5000);
    measured(world, "delegate-fra", 1250);
    world_advance(world, 70000);
    world_restart_control(world);
    struct report_fold *fold = read_report(world);
    const struct report *report = report_fold_report(fold);
    const struct quality_total *total = &person(report, "delegate-fra")->quality;
    assert_int_equal(total->samples, 2);
    assert_int_equal(total->round_trip_ms_sum, 160);
    assert_int_equal(total->loss_permille_max, 12);
    assert_int_equal(total->packets_per_s_sum, 50);
    assert_int_equal(person(report, "delegate-chn")->quality.samples, 0);
    assert_true(person(report, "delegate-fra")->spoken_ms >= 75000);
    report_fold_destroy(fold);
}

static void test_sound_reports_are_limited(void **state)
{
    struct world *world = *state;
    app_live live = world_enter(world, "interpreter-fr-1");
    struct command command = {.type = COMMAND_DESK_SOUND_REPORT,
                              .as.desk_sound_report = {.limiter_hits = 3, .level_db = 23}};
    assert_int_equal(world_command(world, live, &command), ERR_NONE);
    assert_int_equal(world_command(world, live, &command), ERR_TOO_MANY);
    world_advance(world, 4000);
    assert_int_equal(world_command(world, live, &command), ERR_NONE);
    world_advance(world, 70000);
    struct report_fold *fold = read_report(world);
    const struct quality_total *total =
        &person(report_fold_report(fold), "interpreter-fr-1")->quality;
    assert_int_equal(total->limiter_hits, 6);
    assert_int_equal(total->levels, 2);
    assert_int_equal(total->level_db_sum, -46);
    report_fold_destroy(fold);
}

static void test_whom_the_report_is_for(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *participant;
        enum err err;
    } cases[] = {{"chair", ERR_NONE},
                 {"moderator", ERR_NONE},
                 {"technician", ERR_NONE},
                 {"delegate-fra", ERR_FORBIDDEN},
                 {"interpreter-fr-1", ERR_FORBIDDEN}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct app_identity identity = world_identity(world, cases[i].participant);
        assert_int_equal(app_report_permit(world->app, &identity, "demo"), cases[i].err);
        assert_int_equal(app_report_permit(world->app, &identity, "other"), ERR_FORBIDDEN);
    }
    app_live moderator = world_enter(world, "moderator");
    struct command lead = {.type = COMMAND_TEAM_LEAD};
    text_copy_cut(lead.as.team_lead.participant, sizeof(lead.as.team_lead.participant),
                  "interpreter-fr-1");
    assert_int_equal(world_command(world, moderator, &lead), ERR_NONE);
    struct app_identity leader = world_identity(world, "interpreter-fr-1");
    assert_int_equal(app_report_permit(world->app, &leader, "demo"), ERR_NONE);
}

static void test_there_must_be_such_a_meeting(void **state)
{
    struct world *world = *state;
    struct report_fold *fold = NULL;
    uint8_t hash[JOURNAL_HASH_SIZE];
    assert_int_equal(report_read(app_report_path(world->app), "none", world->wall, &fold, hash),
                     ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_quality_of_who_is_heard_survives_a_restart,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_sound_reports_are_limited, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_whom_the_report_is_for, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_there_must_be_such_a_meeting, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
