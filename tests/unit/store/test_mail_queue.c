// What waits is there after anything; what held a secret is gone from the disk.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "store/mail_queue.h"

#define SECRET "https://meet.example.org/m/c#A-PERSONAL-LINK"

static struct folder folder;
static struct store *store;

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

static struct mail_row mail(const char *id, time_ms at)
{
    struct mail_row row = {.address = "amina@example.org",
                           .name = "Amina",
                           .language = "fr",
                           .subject = "Votre place",
                           .text = SECRET,
                           .calendar = "",
                           .method = "",
                           .secret = true,
                           .created_at = at};
    snprintf(row.id, sizeof(row.id), "%s", id);
    return row;
}

static void add(const char *id, time_ms at)
{
    struct mail_row row = mail(id, at);
    assert_int_equal(mail_queue_add(store, &row, 1), ERR_NONE);
}

static void assert_next(time_ms now, const char *id)
{
    struct mail_row *row = NULL;
    enum err err = mail_queue_next(store, now, &row);
    assert_int_equal(err, id != NULL ? ERR_NONE : ERR_NOT_FOUND);
    if (id != NULL) {
        assert_string_equal(row->id, id);
    }
    mail_row_free(row);
}

static void a_row_comes_back_whole(void **state)
{
    (void)state;
    struct mail_row row = mail("a", 5);
    row.calendar = "BEGIN:VCALENDAR\r\n";
    row.method = "REQUEST";
    assert_int_equal(mail_queue_add(store, &row, 1), ERR_NONE);
    assert_int_equal(mail_queue_add(store, &row, 1), ERR_CONFLICT);
    struct mail_row *found = NULL;
    assert_int_equal(mail_queue_next(store, 5, &found), ERR_NONE);
    assert_string_equal(found->address, "amina@example.org");
    assert_string_equal(found->name, "Amina");
    assert_string_equal(found->language, "fr");
    assert_string_equal(found->subject, "Votre place");
    assert_string_equal(found->text, SECRET);
    assert_string_equal(found->calendar, "BEGIN:VCALENDAR\r\n");
    assert_string_equal(found->method, "REQUEST");
    assert_true(found->secret);
    assert_int_equal(found->created_at, 5);
    assert_int_equal(found->state, MAIL_WAITING);
    assert_int_equal(found->tries, 0);
    assert_string_equal(found->error, "");
    mail_row_free(found);
}

static void who_waits_longest_is_next(void **state)
{
    (void)state;
    add("b", 20);
    add("a", 10);
    assert_next(9, NULL);
    assert_next(15, "a");
    assert_int_equal(mail_queue_put_off(store, "a", true, 50, "451 later"), ERR_NONE);
    assert_next(20, "b");
    assert_int_equal(mail_queue_put_off(store, "b", false, 60, "no connection"), ERR_NONE);
    assert_next(49, NULL);
    store_close(store); // as after any end
    assert_int_equal(store_open(folder.file, &store), ERR_NONE);
    struct mail_row *row = NULL;
    assert_int_equal(mail_queue_next(store, 50, &row), ERR_NONE);
    assert_string_equal(row->id, "a");
    assert_int_equal(row->tries, 1);
    assert_string_equal(row->error, "451 later");
    mail_row_free(row);
    assert_int_equal(mail_queue_sent(store, "a", 51), ERR_NONE);
    assert_int_equal(mail_queue_next(store, 60, &row), ERR_NONE);
    assert_string_equal(row->id, "b");
    assert_int_equal(row->tries, 0); // that was none of its own
    mail_row_free(row);
    assert_int_equal(mail_queue_failed(store, "b", 61, "550 nobody"), ERR_NONE);
    assert_next(INT64_MAX, NULL);
    // What is finished stays so.
    assert_int_equal(mail_queue_sent(store, "b", 62), ERR_NOT_FOUND);
    assert_int_equal(mail_queue_put_off(store, "a", true, 62, ""), ERR_NOT_FOUND);
}

static bool file_has(const char *path, const char *text)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t size = file != NULL ? fread(bytes, 1, sizeof(bytes), file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

static bool disk_has(const char *text)
{
    char log[128];
    snprintf(log, sizeof(log), "%s-wal", folder.file);
    return file_has(folder.file, text) || file_has(log, text);
}

static void a_secret_goes_with_its_last_try(void **state)
{
    (void)state;
    struct mail_row open = mail("open", 1);
    open.secret = false;
    open.text = "The hall has changed.";
    add("sent", 1);
    add("failed", 1);
    assert_int_equal(mail_queue_add(store, &open, 1), ERR_NONE);
    assert_int_equal(mail_queue_put_off(store, "sent", true, 2, "451"), ERR_NONE);
    assert_true(disk_has(SECRET));
    assert_int_equal(mail_queue_sent(store, "sent", 3), ERR_NONE);
    assert_int_equal(mail_queue_failed(store, "failed", 3, "550"), ERR_NONE);
    assert_int_equal(mail_queue_sent(store, "open", 3), ERR_NONE);
    assert_int_equal(store_empty_log(store), ERR_NONE);
    assert_false(disk_has(SECRET));
    assert_true(disk_has("The hall has changed."));
    assert_true(disk_has("Votre place"));
}

static bool count_rows(void *context, const struct mail_row *row)
{
    uint32_t *count = context;
    assert_string_equal(row->text, "");
    return ++*count < 3;
}

static void the_maxima(void **state)
{
    (void)state;
    struct mail_row *rows = calloc(MAIL_QUEUE_WAITING_MAX, sizeof(*rows));
    struct mail_counts counts;
    uint32_t listed = 0;
    for (uint32_t i = 0; i < MAIL_QUEUE_WAITING_MAX; i++) {
        char id[16];
        snprintf(id, sizeof(id), "m%u", i);
        rows[i] = mail(id, i);
    }
    add("first", 0);
    assert_int_equal(mail_queue_add(store, rows, MAIL_QUEUE_WAITING_MAX), ERR_FULL); // none of them
    assert_int_equal(mail_queue_add(store, rows, MAIL_QUEUE_WAITING_MAX - 1), ERR_NONE);
    assert_int_equal(mail_queue_add(store, &rows[MAIL_QUEUE_WAITING_MAX - 1], 1), ERR_FULL);
    assert_int_equal(mail_queue_sent(store, "first", 7), ERR_NONE);
    assert_int_equal(mail_queue_add(store, &rows[MAIL_QUEUE_WAITING_MAX - 1], 1), ERR_NONE);
    assert_int_equal(mail_queue_count(store, &counts), ERR_NONE);
    assert_int_equal(counts.of[MAIL_WAITING], MAIL_QUEUE_WAITING_MAX);
    assert_int_equal(counts.of[MAIL_SENT], 1);
    assert_int_equal(mail_queue_list(store, count_rows, &listed), ERR_NONE);
    assert_int_equal(listed, 3);
    free(rows);
}

static void the_old_ones_go(void **state)
{
    (void)state;
    struct mail_counts counts;
    add("waits", 1);
    add("old", 1);
    add("young", 1);
    assert_int_equal(mail_queue_sent(store, "old", 10), ERR_NONE);
    assert_int_equal(mail_queue_failed(store, "young", 20, "550"), ERR_NONE);
    assert_int_equal(mail_queue_tidy(store, 15), ERR_NONE);
    assert_int_equal(mail_queue_count(store, &counts), ERR_NONE);
    assert_int_equal(counts.of[MAIL_WAITING], 1);
    assert_int_equal(counts.of[MAIL_SENT], 0);
    assert_int_equal(counts.of[MAIL_FAILED], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_comes_back_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_waits_longest_is_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_secret_goes_with_its_last_try, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_maxima, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_old_ones_go, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
