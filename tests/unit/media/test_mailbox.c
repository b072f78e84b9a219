#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>

#include "media/mailbox.h"

#define RECORDS 200000

static struct mailbox mailbox;

static bool readable(void)
{
    struct pollfd wait = {.fd = mailbox.event_fd, .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

static void test_wakes_only_a_sleeper(void **state)
{
    (void)state;
    assert_int_equal(mailbox_init(&mailbox, 2), ERR_NONE);
    assert_non_null(mailbox_begin(&mailbox, 1, MAIL_DATAGRAM, 5));
    mailbox_push(&mailbox, 1);
    mailbox_wake(&mailbox);
    assert_false(readable()); // nobody sleeps
    assert_false(mailbox_sleep(&mailbox));
    mailbox_awake(&mailbox, false);
    assert_int_equal(mailbox_peek(&mailbox, 1)->peer, 5);
    mailbox_pop(&mailbox, 1);
    assert_true(mailbox_sleep(&mailbox));
    mailbox_wake(&mailbox);
    mailbox_wake(&mailbox);
    assert_true(readable());
    mailbox_awake(&mailbox, true);
    assert_false(readable());
    mailbox_finish(&mailbox);
}

static void test_full_refuses(void **state)
{
    (void)state;
    assert_int_equal(mailbox_init(&mailbox, 1), ERR_NONE);
    for (unsigned i = 0; i < MAILBOX_CAPACITY; i++) {
        assert_non_null(mailbox_begin(&mailbox, MAILBOX_HANDSHAKE, MAIL_DTLS, i));
        mailbox_push(&mailbox, MAILBOX_HANDSHAKE);
    }
    assert_null(mailbox_begin(&mailbox, MAILBOX_HANDSHAKE, MAIL_DTLS, 0));
    assert_non_null(mailbox_begin(&mailbox, 0, MAIL_DTLS, 0)); // another writer's ring
    mailbox_pop(&mailbox, MAILBOX_HANDSHAKE);
    assert_non_null(mailbox_begin(&mailbox, MAILBOX_HANDSHAKE, MAIL_DTLS, 0));
    mailbox_finish(&mailbox);
}

static void *write_records(void *argument)
{
    unsigned writer = *(const unsigned *)argument;
    for (uint32_t i = 0; i < RECORDS; i++) {
        struct mail *mail = mailbox_begin_wait(&mailbox, writer, MAIL_SOURCE_PACKET, i);
        mail->data[0] = (uint8_t)i;
        mailbox_push(&mailbox, writer);
        mailbox_wake(&mailbox);
    }
    return NULL;
}

// No wake is lost: a reader that sleeps whenever it may gets every record of two writers.
static void test_a_sleepy_reader_gets_everything(void **state)
{
    (void)state;
    pthread_t threads[2];
    unsigned writers[2] = {0, MAILBOX_COORDINATOR};
    uint32_t next[2] = {0, 0};
    assert_int_equal(mailbox_init(&mailbox, 1), ERR_NONE);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_records, &writers[i]), 0);
    }
    while (next[0] < RECORDS || next[1] < RECORDS) {
        struct pollfd wait = {.fd = mailbox.event_fd, .events = POLLIN};
        if (mailbox_sleep(&mailbox)) {
            assert_int_equal(poll(&wait, 1, 10000), 1);
        }
        mailbox_awake(&mailbox, (wait.revents & POLLIN) != 0);
        for (unsigned i = 0; i < 2; i++) {
            struct mail *mail;
            while ((mail = mailbox_peek(&mailbox, writers[i])) != NULL) {
                assert_int_equal(mail->peer, next[i]);
                assert_int_equal(mail->data[0], (uint8_t)next[i]);
                next[i]++;
                mailbox_pop(&mailbox, writers[i]);
            }
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    mailbox_finish(&mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wakes_only_a_sleeper),
        cmocka_unit_test(test_full_refuses),
        cmocka_unit_test(test_a_sleepy_reader_gets_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
