// What was posted leaves once, as soon as it can be, and what became of it is known.
#include "world.h"

#include <stdlib.h>

#include "base/text.h"

#define MINUTE INT64_C(60000)
#define DAY    (1440 * MINUTE)

static int set_up(void **state)
{
    int result = world_setup(state);
    struct world *world = *state;
    world->mails = true;
    world_restart_control(world);
    return result;
}

static struct app_mail mail_to(const char *address)
{
    return (struct app_mail){.to = address,
                             .to_name = "Amina",
                             .language = LANGUAGE_FR,
                             .subject = "Votre place",
                             .text = "https://meet.example.org/m/c#LINK\n",
                             .secret = true};
}

static void post(struct world *world, const char *address)
{
    const struct app_mail mail = mail_to(address);
    uint32_t which = 0;
    assert_int_equal(app_mail_post(world->app, &mail, 1, &which), ERR_NONE);
}

// The wall clock goes on by so much, and the part looks.
static void pass(struct world *world, time_ms ms)
{
    world->wall += ms;
    world_advance(world, 5000);
}

struct found {
    const char *address;
    struct mail_row row;
    char error[MAIL_QUEUE_ERROR_MAX + 1];
};

static bool find_row(void *context, const struct mail_row *row)
{
    struct found *found = context;
    if (text_equal(row->address, found->address)) {
        found->row = *row;
        text_copy_cut(found->error, sizeof(found->error), row->error);
    }
    return true;
}

static struct found stored(struct world *world, const char *address)
{
    struct found found = {.address = address};
    assert_int_equal(mail_queue_list(world->store, find_row, &found), ERR_NONE);
    assert_true(found.row.id[0] != '\0');
    return found;
}

static uint64_t figure(struct world *world, const char *name)
{
    uint32_t count = 0;
    const struct app_figure *figures = app_figures(world->app, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(figures[i].name, name)) {
            return figures[i].value;
        }
    }
    fail_msg("%s", name);
    return 0;
}

static void one_after_the_other(void **state)
{
    struct world *world = *state;
    assert_true(app_mail_possible(world->app));
    post(world, "a@example.org");
    post(world, "b@example.org");
    assert_null(world->mail); // the loop goes on first
    world_advance(world, 0);
    assert_non_null(world->mail);
    assert_string_equal(world->mail->address, "a@example.org");
    assert_string_equal(world->mail->language, "fr");
    assert_int_equal(figure(world, "plenary_mails_waiting"), 2);
    world_mail_answer(world, MAIL_TAKEN, "250 Ok");
    assert_int_equal(stored(world, "a@example.org").row.state, MAIL_SENT);
    assert_non_null(world->mail);
    assert_string_equal(world->mail->address, "b@example.org");
    world_mail_answer(world, MAIL_REFUSED, "550 nobody");
    struct found found = stored(world, "b@example.org");
    assert_int_equal(found.row.state, MAIL_FAILED);
    assert_string_equal(found.error, "550 nobody");
    assert_null(world->mail);
    assert_int_equal(figure(world, "plenary_mails_waiting"), 0);
    assert_int_equal(figure(world, "plenary_mails_failed"), 1);
    assert_int_equal(figure(world, "plenary_mails_sent_total"), 1);
}

static void waits_grow(void **state)
{
    struct world *world = *state;
    static const int64_t minutes[] = {1, 5, 15, 60, 180, 360, 360};
    post(world, "a@example.org");
    world_advance(world, 0);
    for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
        assert_non_null(world->mail);
        time_ms tried_at = world->wall;
        world_mail_answer(world, MAIL_PUT_OFF, "451 later");
        struct found found = stored(world, "a@example.org");
        assert_int_equal(found.row.next_try_at, tried_at + minutes[i] * MINUTE);
        assert_int_equal(found.row.tries, i + 1);
        pass(world, minutes[i] * MINUTE - 10000);
        assert_null(world->mail);
        pass(world, 5000);
    }
    assert_int_equal(figure(world, "plenary_mails_put_off_total"), 7);
}

static void five_days_and_no_longer(void **state)
{
    struct world *world = *state;
    post(world, "a@example.org");
    world_advance(world, 0);
    world_mail_answer(world, MAIL_PUT_OFF, "451 later");
    pass(world, 5 * DAY - 1 * MINUTE);
    world_mail_answer(world, MAIL_PUT_OFF, "451 later still");
    assert_int_equal(stored(world, "a@example.org").row.state, MAIL_WAITING);
    pass(world, 6 * MINUTE);
    assert_null(world->mail); // what it says may be old by now
    struct found found = stored(world, "a@example.org");
    assert_int_equal(found.row.state, MAIL_FAILED);
    assert_string_equal(found.error, "451 later still");
}

static void a_server_that_is_away_is_no_mails_fault(void **state)
{
    struct world *world = *state;
    post(world, "a@example.org");
    post(world, "b@example.org");
    world_advance(world, 0);
    world_mail_answer(world, MAIL_UNREACHABLE, "Could not connect");
    assert_null(world->mail); // neither this one nor the next
    assert_int_equal(figure(world, "plenary_mail_server_answers"), 0);
    struct found found = stored(world, "a@example.org");
    assert_int_equal(found.row.tries, 0);
    assert_string_equal(found.error, "Could not connect");
    world_advance(world, 14000);
    assert_null(world->mail);
    world_advance(world, 6000);
    assert_string_equal(world->mail->address, "b@example.org"); // the other one's turn
    world_mail_answer(world, MAIL_UNREACHABLE, "Could not connect");
    world_advance(world, 29000);
    assert_null(world->mail);
    world_advance(world, 6000);
    world_mail_answer(world, MAIL_TAKEN, "250 Ok");
    assert_non_null(world->mail); // and all the others at once
    assert_int_equal(figure(world, "plenary_mail_server_answers"), 1);
    // Never longer than ten minutes.
    for (int i = 0; i < 12; i++) {
        world_mail_answer(world, MAIL_UNREACHABLE, "Could not connect");
        world_advance(world, 605000);
        assert_non_null(world->mail);
    }
}

static void a_new_process_goes_on(void **state)
{
    struct world *world = *state;
    post(world, "a@example.org");
    world_advance(world, 0);
    assert_non_null(world->mail); // on its way
    world_restart_control(world);
    world_advance(world, 0);
    assert_string_equal(world->mail->address, "a@example.org");
    char id[CONTRACT_ID_MAX + 1];
    text_copy_cut(id, sizeof(id), world->mail->id); // with the one Message-ID
    assert_string_equal(id, stored(world, "a@example.org").row.id);
    world_mail_answer(world, MAIL_TAKEN, "250 Ok");
    world_restart_control(world);
    world_advance(world, 10000);
    assert_null(world->mail);
    // What another process has put there is seen.
    const struct mail_row row = {.id = "mail-of-another",
                                 .address = "c@example.org",
                                 .name = "",
                                 .language = "en",
                                 .subject = "x",
                                 .text = "x",
                                 .calendar = "",
                                 .method = "",
                                 .created_at = world->wall};
    assert_int_equal(mail_queue_add(world->store, &row, 1), ERR_NONE);
    world_advance(world, 6000);
    assert_string_equal(world->mail->address, "c@example.org");
}

static void what_cannot_be_written_down_is_not_sent_again(void **state)
{
    struct world *world = *state;
    post(world, "a@example.org");
    post(world, "b@example.org");
    world_advance(world, 0);
    world_run_beside(world,
                     "CREATE TRIGGER disk_is_full BEFORE UPDATE ON mail"
                     " BEGIN SELECT RAISE(ABORT, 'full'); END");
    world_mail_answer(world, MAIL_TAKEN, "250 Ok");
    world_advance(world, 20000);
    assert_null(world->mail);
    world_run_beside(world, "DROP TRIGGER disk_is_full");
    world_advance(world, 6000);
    assert_int_equal(stored(world, "a@example.org").row.state, MAIL_SENT);
    assert_string_equal(world->mail->address, "b@example.org");
}

static void what_cannot_be_posted(void **state)
{
    struct world *world = *state;
    uint32_t which = 9;
    struct app_mail mails[3] = {mail_to("a@example.org"), mail_to("b@example.org"),
                                mail_to("nobody")};
    assert_int_equal(app_mail_post(world->app, mails, 3, &which), ERR_INVALID);
    assert_int_equal(which, 2);
    mails[2] = mail_to("c@example.org");
    mails[1].subject = "a\r\nBcc: all@example.org";
    assert_int_equal(app_mail_post(world->app, mails, 3, &which), ERR_INVALID);
    assert_int_equal(which, 1);
    world_advance(world, 0);
    assert_null(world->mail); // nothing of it
    assert_int_equal(app_mail_post(world->app, mails, APP_MAILS_MAX + 1, &which), ERR_FULL);
    world->mails = false;
    world_restart_control(world);
    assert_false(app_mail_possible(world->app));
    assert_int_equal(app_mail_post(world->app, mails, 1, &which), ERR_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_after_the_other, set_up, world_teardown),
        cmocka_unit_test_setup_teardown(waits_grow, set_up, world_teardown),
        cmocka_unit_test_setup_teardown(five_days_and_no_longer, set_up, world_teardown),
        cmocka_unit_test_setup_teardown(a_server_that_is_away_is_no_mails_fault, set_up,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_new_process_goes_on, set_up, world_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_down_is_not_sent_again, set_up,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_posted, set_up, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
