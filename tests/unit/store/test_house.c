// What the secretariat keeps: bodies, plans, addresses, links, and who did what.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "store/house.h"
#include "store/people.h"

static struct folder folder;
static struct store *store;
static const struct house_act act = {
    .at = 5, .by = "sec", .act = "tried", .meeting = "", .subject = "it"};

static int set_up(void **state)
{
    (void)state;
    folder_init(&folder);
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store_close(store);
    folder_finish(&folder);
    return 0;
}

static bool count_act(void *context, const struct house_act *row)
{
    assert_string_equal(row->by, "sec");
    assert_int_equal(row->at, 5);
    ++*(uint32_t *)context;
    return true;
}

static uint32_t acts(void)
{
    uint32_t count = 0;
    assert_int_equal(house_acts(store, count_act, &count), ERR_NONE);
    return count;
}

static struct body body_called(const char *id, const char *code)
{
    struct body body = {0};
    strcpy(body.id, id);
    strcpy(body.code, code);
    strcpy(body.name[0], "\u0627\u0644\u0645\u062c\u0644\u0633");
    return body;
}

static struct plan plan_called(const char *id, const char *last_day)
{
    struct plan plan = {.form = MEETING_FORM_REMOTE, .life = MEETING_LIFE_PLANNED};
    strcpy(plan.id, id);
    strcpy(plan.title[0], "T");
    strcpy(plan.last_day, last_day);
    return plan;
}

static void a_change_and_its_act_are_one(void **state)
{
    (void)state;
    struct body body = body_called("c", "C");
    struct body read;
    assert_int_equal(body_add(store, &body, &act), ERR_NONE);
    assert_int_equal(body_add(store, &body, &act), ERR_CONFLICT);
    strcpy(body.code, "COUNCIL");
    assert_int_equal(body_update(store, &body, &act), ERR_NONE);
    assert_int_equal(body_get(store, "c", &read), ERR_NONE);
    assert_string_equal(read.code, "COUNCIL");
    assert_string_equal(read.name[0], body.name[0]);
    assert_int_equal(acts(), 2);
    body = body_called("none", "N");
    assert_int_equal(body_update(store, &body, &act), ERR_NOT_FOUND);
    assert_int_equal(body_delete(store, "none", &act), ERR_NOT_FOUND);
    assert_int_equal(acts(), 2);
    assert_int_equal(body_delete(store, "c", &act), ERR_NONE);
    assert_int_equal(body_get(store, "c", &read), ERR_NOT_FOUND);
    assert_int_equal(acts(), 3);
}

static bool note_id(void *context, const struct plan *plan)
{
    strcat(context, plan->id);
    return true;
}

static void plans_come_the_latest_first(void **state)
{
    (void)state;
    char ids[16] = "";
    struct body body = body_called("c", "C");
    assert_int_equal(body_add(store, &body, &act), ERR_NONE);
    static const char *const days[][2] = {
        {"a", "2027-01-01"}, {"b", "2027-03-01"}, {"c", ""}, {"d", "2027-03-01"}};
    for (size_t i = 0; i < 4; i++) {
        struct plan plan = plan_called(days[i][0], days[i][1]);
        strcpy(plan.body, "c");
        assert_int_equal(plan_add(store, &plan, &act), ERR_NONE);
    }
    assert_int_equal(plan_list(store, "", note_id, ids), ERR_NONE);
    assert_string_equal(ids, "dbac");
    ids[0] = '\0';
    assert_int_equal(plan_list(store, "b", note_id, ids), ERR_NONE);
    assert_string_equal(ids, "ac");
    ids[0] = '\0';
    assert_int_equal(plan_list(store, "gone", note_id, ids), ERR_NONE);
    assert_string_equal(ids, "");
    assert_int_equal(body_get(store, "c", &body), ERR_NONE);
    assert_int_equal(body.meetings, 4);
    struct plan plan = plan_called("a", "2027-12-31");
    plan.people = 12;
    assert_int_equal(plan_count(store, &plan), ERR_NONE);
    assert_int_equal(plan_get(store, "a", &plan), ERR_NONE);
    assert_int_equal(plan.people, 12);
}

static void add_link(const char *participant, char first, time_ms created_at, time_ms expires_at)
{
    struct token_row row = {.hash = {(uint8_t)first},
                            .meeting = "m",
                            .capacity = CAPACITY_DELEGATE,
                            .created_at = created_at,
                            .expires_at = expires_at,
                            .uses_left = TOKEN_USES_UNLIMITED};
    strcpy(row.participant, participant);
    assert_int_equal(token_add(store, &row), ERR_NONE);
}

static bool note_contact(void *context, const struct contact_row *row)
{
    struct contact_row **next = context;
    *(*next)++ = *row;
    return true;
}

static void what_is_known_of_people_is_found(void **state)
{
    (void)state;
    struct contact_row rows[8];
    struct contact_row *next = rows;
    const struct account_row account = {.name = "marie", .created_at = 1};
    assert_int_equal(account_add(store, &account), ERR_NONE);
    assert_int_equal(account_set_participant(store, "marie", "m", "p1"), ERR_NONE);
    assert_int_equal(address_set(store, "m", "p2", "ana@example.org"), ERR_NONE);
    assert_int_equal(address_set(store, "other", "p9", "no@example.org"), ERR_NONE);
    add_link("p2", 1, 10, 100);
    add_link("p3", 2, 10, 100);
    assert_int_equal(token_revoke_participant(store, "m", "p3"), ERR_NONE);
    add_link("p4", 3, 10, 20);
    add_link("p5", 4, 10, 20);
    add_link("p5", 5, 11, 100); // the newest counts
    assert_int_equal(contact_list(store, "m", 50, note_contact, &next), ERR_NONE);
    assert_int_equal(next - rows, 5);
    assert_string_equal(rows[0].account, "marie");
    assert_int_equal(rows[0].link, LINK_STATE_NONE);
    assert_string_equal(rows[1].address, "ana@example.org");
    assert_int_equal(rows[1].link, LINK_STATE_GOOD);
    assert_int_equal(rows[2].link, LINK_STATE_REVOKED);
    assert_int_equal(rows[3].link, LINK_STATE_EXPIRED);
    assert_int_equal(rows[4].link, LINK_STATE_GOOD);
    assert_int_equal(rows[4].link_expires_at, 100);
    assert_int_equal(contact_get(store, "m", "p2", 50, &rows[0]), ERR_NONE);
    assert_string_equal(rows[0].address, "ana@example.org");
    assert_int_equal(address_set(store, "m", "p2", ""), ERR_NONE);
    assert_int_equal(contact_get(store, "m", "p2", 50, &rows[0]), ERR_NONE);
    assert_string_equal(rows[0].address, "");
    assert_int_equal(contact_get(store, "m", "stranger", 50, &rows[0]), ERR_NONE);
    assert_int_equal(rows[0].link, LINK_STATE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_change_and_its_act_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plans_come_the_latest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_known_of_people_is_found, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
