#include "world.h"

#include <string.h>

#include "base/text.h"
#include "meeting/meeting.h"

static const struct meeting *demo_of(struct world *world)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    assert_non_null(meeting);
    assert_true(seq > 50);
    return meeting;
}

static void test_meeting_is_complete(void **state)
{
    struct world *world = *state;
    const struct meeting *meeting = demo_of(world);
    assert_int_equal(meeting->sitting, SITTING_STATE_OPEN);
    assert_int_equal(meeting->delegations_count, 14);
    assert_int_equal(meeting->agenda_count, 6);
    assert_int_equal(meeting->agenda[0].state, ITEM_STATE_CURRENT);
    assert_int_equal(meeting->booths_count, 6);
    // A team of fourteen: three for Arabic and Chinese, who work both ways.
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        bool both_ways = booth->language == LANGUAGE_AR || booth->language == LANGUAGE_ZH;
        assert_int_equal(booth->desks_count, both_ways ? 3 : 2);
        assert_int_equal(booth->setting.auto_relay, both_ways);
        assert_int_equal(booth->setting.output_b != LANGUAGE_NONE, both_ways);
        assert_true(booth->setting.rota && booth->setting.turn_minutes > 0);
    }
    assert_string_equal(meeting->team_leader, "interpreter-en-1");
    assert_int_equal(meeting->interlock_a, INTERLOCK_MODE_A_OVERRIDES_BC);
    uint32_t kinds[DELEGATION_KIND_COUNT] = {0};
    for (uint32_t i = 0; i < meeting->delegations_count; i++) {
        kinds[meeting->delegations[i].kind]++;
    }
    assert_int_equal(kinds[DELEGATION_KIND_MEMBER], 11);
    assert_int_equal(kinds[DELEGATION_KIND_OBSERVER], 2);
    assert_int_equal(kinds[DELEGATION_KIND_SECTOR], 1);
}

// The script each language is written in: the lead byte ranges of its letters in UTF-8.
static bool has_script(const char *text, int language)
{
    static const struct {
        unsigned char first, last;
    } leads[CONTRACT_LANGUAGES] = {{0xd8, 0xdb}, {0xe4, 0xe9}, {'A', 'z'},
                                   {'A', 'z'},   {0xd0, 0xd1}, {'A', 'z'}};
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte >= leads[language].first && byte <= leads[language].last) {
            return true;
        }
    }
    return false;
}

static void test_every_text_has_its_script(void **state)
{
    const struct meeting *meeting = demo_of(*state);
    for (int language = 0; language < CONTRACT_LANGUAGES; language++) {
        assert_true(has_script(meeting->title[language], language));
        assert_true(has_script(meeting->body[language], language));
        for (uint32_t i = 0; i < meeting->delegations_count; i++) {
            assert_true(has_script(meeting->delegations[i].name[language], language));
        }
        for (uint32_t i = 0; i < meeting->agenda_count; i++) {
            assert_true(has_script(meeting->agenda[i].title[language], language));
        }
    }
    assert_string_equal(meeting->title[2], "Council 2026: demonstration sitting");
}

static void test_again_gives_fresh_links_for_the_same_people(void **state)
{
    struct world *world = *state;
    struct app_demo_link links[2][32];
    uint32_t count[2] = {0, 0};
    uint64_t before = 0;
    uint64_t after = 0;
    (void)app_meeting(world->app, "demo", &before);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(app_demo_prepare(world->store, world->wall, links[i], 32, &count[i]),
                         ERR_NONE);
    }
    assert_int_equal(count[0], 14 + 7);
    assert_int_equal(count[1], 14 + 7);
    for (uint32_t i = 0; i < count[0]; i++) {
        struct session sessions[2];
        assert_string_equal(links[0][i].title, links[1][i].title);
        assert_string_not_equal(links[0][i].token, links[1][i].token);
        assert_int_equal(strlen(links[0][i].token), 43);
        for (int j = 0; j < 2; j++) {
            assert_int_equal(world_sign_in_by(world, links[j][i].token, world->wall, &sessions[j]),
                             ERR_NONE);
        }
        assert_string_equal(sessions[0].participant, sessions[1].participant);
        assert_int_equal(sessions[0].capacity, links[0][i].capacity);
    }
    (void)app_meeting(world->app, "demo", &after);
    assert_int_equal(before, after);
}

static void test_there_is_a_room_to_rehearse_in(void **state)
{
    struct world *world = *state;
    uint64_t seq = 0;
    const struct meeting *room = app_meeting(world->app, "rehearsal", &seq);
    assert_non_null(room);
    assert_true(room->rehearsal);
    assert_false(demo_of(world)->rehearsal);
    assert_int_equal(room->participants_count, 15);
    assert_int_equal(room->booths_count, 6);
    assert_int_equal(room->sitting, SITTING_STATE_OPEN);
    for (uint32_t i = 0; i < room->participants_count; i++) {
        const struct participant *person = &room->participants[i];
        assert_int_equal(person->capacity, strcmp(person->id, "trainer") == 0
                                               ? CAPACITY_TECHNICIAN
                                               : CAPACITY_INTERPRETER);
    }
}

static void test_few_links_when_asked_for_few(void **state)
{
    struct world *world = *state;
    struct app_demo_link links[3];
    uint32_t count = 0;
    assert_int_equal(app_demo_prepare(world->store, world->wall, links, 3, &count), ERR_NONE);
    assert_int_equal(count, 3);
    assert_string_equal(links[0].title, "Chair");
}

// Whoever has a function has it in the reader's language.
static void test_every_function_has_its_script(void **state)
{
    const struct meeting *meeting = demo_of(*state);
    uint32_t functions = 0;
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        const struct participant *one = &meeting->participants[i];
        assert_int_equal(one->title[0] != '\0', one->office[0] != '\0');
        functions += one->office[0] != '\0';
    }
    assert_in_range(functions, 4, 20);
    assert_int_equal(meeting->offices_count, 5);
    for (uint32_t i = 0; i < meeting->offices_count; i++) {
        for (int language = 0; language < CONTRACT_LANGUAGES; language++) {
            assert_true(has_script(meeting->offices[i].name[language], language));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_meeting_is_complete, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_every_text_has_its_script, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_every_function_has_its_script, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_again_gives_fresh_links_for_the_same_people,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_there_is_a_room_to_rehearse_in, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_few_links_when_asked_for_few, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
