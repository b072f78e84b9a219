// The generated matrix against contract/, read by other code; and what must never change unnoticed,
// written by hand.
#include "../test.h"

#include "contract/permissions.h"
#include "contract/visibility.h"
#include "contract_sample.h"

static bool names(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), name) == 0) {
            return true;
        }
    }
    return false;
}

// Whether somebody of this capacity has one of the abilities; "everyone" is whoever there is.
static bool has_one(const json_t *abilities, enum capacity capacity)
{
    if (json_is_string(abilities)) {
        return strcmp(json_string_value(abilities), "everyone") == 0;
    }
    json_t *file = contract_read("capacities.json");
    const json_t *can = json_object_get(json_object_get(file, "capacities"),
                                        capacity_text(capacity));
    bool has = false;
    for (size_t i = 0; i < json_array_size(can) && !has; i++) {
        has = names(abilities, json_string_value(json_array_get(can, i)));
    }
    json_decref(file);
    return has;
}

static void check_command(const json_t *shape, void *context)
{
    enum command_type type = COMMAND_COUNT;
    assert_true(command_from_name(json_string_value(json_object_get(shape, "name")), &type));
    for (int capacity = 0; capacity < CAPACITY_COUNT; capacity++) {
        enum permission_grant wanted = PERMISSION_NONE;
        if (has_one(json_object_get(shape, "by"), (enum capacity)capacity)) {
            wanted = PERMISSION_OWN;
        } else if (has_one(json_object_get(shape, "on_behalf_of_chair"), (enum capacity)capacity)) {
            wanted = PERMISSION_ON_BEHALF_OF_CHAIR;
        }
        assert_int_equal(permission_grant(type, (enum capacity)capacity), wanted);
    }
    const char *handler = json_string_value(json_object_get(shape, "handler"));
    assert_int_equal(command_is_meeting(type), strcmp(handler, "meeting") == 0);
    (*(int *)context)++;
}

static void the_matrix_is_the_contract(void **state)
{
    (void)state;
    int count = 0;
    contract_each("commands", check_command, &count);
    assert_int_equal(count, COMMAND_COUNT);
}

static void check_event(const json_t *shape, void *context)
{
    enum event_type type = EVENT_COUNT;
    assert_true(event_from_name(json_string_value(json_object_get(shape, "name")), &type));
    const json_t *audience = json_object_get(shape, "visible_to");
    const struct event event = {.type = type}; // about nobody
    for (int capacity = 0; capacity < CAPACITY_COUNT; capacity++) {
        const struct viewer viewer = {.capacity = (enum capacity)capacity, .participant = "p"};
        bool wanted = audience == NULL || has_one(audience, (enum capacity)capacity);
        if (json_object_get(shape, "reader") == NULL) {
            assert_int_equal(event_told(&event, &viewer), wanted);
        }
    }
    (*(int *)context)++;
}

static void visibility_is_the_contract(void **state)
{
    (void)state;
    int count = 0;
    contract_each("events", check_event, &count);
    assert_int_equal(count, EVENT_COUNT);
}

static void a_capacity_can_what_contract_says(void **state)
{
    (void)state;
    json_t *file = contract_read("capacities.json");
    const json_t *capacities = json_object_get(file, "capacities");
    assert_int_equal(json_object_size(capacities), CAPACITY_COUNT);
    unsigned int bit = 1;
    const char *ability;
    json_t *doc;
    json_object_foreach(json_object_get(file, "abilities"), ability, doc)
    {
        for (int capacity = 0; capacity < CAPACITY_COUNT; capacity++) {
            const json_t *can = json_object_get(capacities, capacity_text((enum capacity)capacity));
            assert_int_equal(capacity_can((enum capacity)capacity, bit), names(can, ability));
        }
        bit <<= 1;
    }
    json_decref(file);
    assert_true(capacity_can(CAPACITY_TECHNICIAN, ABILITY_PRESIDES | ABILITY_ROUTES_SOUND));
    assert_false(capacity_can(CAPACITY_TECHNICIAN, ABILITY_PRESIDES | ABILITY_HAS_DESK));
    assert_false(capacity_can(CAPACITY_CHAIR, 0));
}

static bool tells(enum event_type type, enum capacity capacity)
{
    const struct event event = {.type = type};
    const struct viewer viewer = {.capacity = capacity, .participant = "p"};
    return event_told(&event, &viewer);
}

static void the_cornerstones_stand(void **state)
{
    (void)state;
    assert_int_equal(permission_grant(COMMAND_FLOOR_GIVE, CAPACITY_CHAIR), PERMISSION_OWN);
    assert_int_equal(permission_grant(COMMAND_FLOOR_GIVE, CAPACITY_MODERATOR),
                     PERMISSION_ON_BEHALF_OF_CHAIR);
    assert_int_equal(permission_grant(COMMAND_FLOOR_GIVE, CAPACITY_DELEGATE), PERMISSION_NONE);
    assert_int_equal(permission_grant(COMMAND_DESK_MICROPHONE, CAPACITY_INTERPRETER),
                     PERMISSION_OWN);
    assert_int_equal(permission_grant(COMMAND_DESK_MICROPHONE, CAPACITY_CHAIR), PERMISSION_NONE);
    assert_int_equal(permission_grant(COMMAND_PARTICIPANT_REMOVE, CAPACITY_DELEGATE),
                     PERMISSION_NONE);
    assert_int_equal(permission_grant(COMMAND_FLOOR_REQUEST, CAPACITY_LISTENER), PERMISSION_NONE);
    assert_false(tells(EVENT_HELP_CHANGED, CAPACITY_DELEGATE));
    assert_true(tells(EVENT_HELP_CHANGED, CAPACITY_MODERATOR));
    assert_true(tells(EVENT_MICROPHONE_OPENED, CAPACITY_LISTENER));
    assert_false(tells(EVENT_CHAT_SAID, CAPACITY_CHAIR));
}

static void the_subject_is_the_participant_named(void **state)
{
    (void)state;
    struct event event = {.type = EVENT_HELP_CHANGED};
    strcpy(event.as.help_changed.participant, "p1");
    assert_string_equal(event_subject(&event), "p1");
    event = (struct event){.type = EVENT_PARTICIPANT_ADDED};
    strcpy(event.as.participant_added.participant.id, "p2");
    assert_string_equal(event_subject(&event), "p2");
    event = (struct event){.type = EVENT_SITTING_CHANGED};
    assert_null(event_subject(&event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matrix_is_the_contract),
        cmocka_unit_test(visibility_is_the_contract),
        cmocka_unit_test(a_capacity_can_what_contract_says),
        cmocka_unit_test(the_cornerstones_stand),
        cmocka_unit_test(the_subject_is_the_participant_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
