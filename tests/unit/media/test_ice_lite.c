#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "media/ice_lite.h"

#define NOW (100 * (time_us)TIME_US_PER_S)

static struct ice_credentials credentials;
static struct ice_lite ice;
static uint8_t answer[STUN_ANSWER_MAX];

static struct path path_of(const char *remote, uint16_t port, const char *local)
{
    struct path path = {.local = {.family = ADDRESS_NONE}};
    assert_int_equal(address_from_text(remote, port, &path.remote), ERR_NONE);
    assert_int_equal(address_from_text(local, 0, &path.local), ERR_NONE);
    return path;
}

static int setup(void **state)
{
    (void)state;
    ice_lite_init(&ice);
    return ice_credentials_init(&credentials, 0x1a2b3, "theirs", 6) == ERR_NONE ? 0 : -1;
}

struct check {
    struct stun_message message;
    uint8_t data[256];
};

static void check_make(struct check *check, const char *remote_ufrag, bool controlling,
                       bool nominates)
{
    char username[64];
    (void)snprintf(username, sizeof(username), "%s:%s", credentials.ufrag, remote_ufrag);
    struct stun_request request = {
        .username = username,
        .transaction = "transaction",
        .priority = 1,
        .controlling = controlling,
        .use_candidate = nominates,
        .tie_breaker = 5,
    };
    size_t size = stun_write_request(&request, hmac_sha1_callback, &credentials.key, check->data,
                                     sizeof(check->data));
    assert_int_equal(stun_parse(check->data, size, &check->message), ERR_NONE);
}

static struct ice_outcome receive(bool nominates, struct path path, time_us now)
{
    struct check check;
    check_make(&check, "theirs", true, nominates);
    assert_true(ice_check_authentic(&credentials, &check.message));
    return ice_lite_receive(&ice, &credentials, &check.message, nominates, &path, now, answer);
}

static void test_credentials_name_the_peer(void **state)
{
    (void)state;
    char username[64];
    uint32_t index = 0;
    (void)snprintf(username, sizeof(username), "%s:theirs", credentials.ufrag);
    assert_int_equal(strlen(credentials.ufrag), ICE_UFRAG_LENGTH);
    assert_int_equal(strlen(credentials.password), ICE_PASSWORD_LENGTH);
    assert_true(ice_username_index((uint8_t *)username, strlen(username), &index));
    assert_int_equal(index, 0x1a2b3);
    assert_false(ice_username_index((uint8_t *)username, ICE_UFRAG_LENGTH, &index));
    assert_false(ice_username_index(NULL, 0, &index));
    username[0] = 'G';
    assert_false(ice_username_index((uint8_t *)username, strlen(username), &index));
    struct ice_credentials other;
    assert_int_equal(ice_credentials_init(&other, 0x1a2b3, "theirs", 6), ERR_NONE);
    assert_string_not_equal(other.ufrag, credentials.ufrag);
    assert_string_not_equal(other.password, credentials.password);
    char longest[ICE_REMOTE_UFRAG_MAX + 1];
    memset(longest, 'x', sizeof(longest));
    assert_int_equal(ice_credentials_init(&other, 1, longest, sizeof(longest)), ERR_INVALID);
    assert_int_equal(ice_credentials_init(&other, 1, longest, 0), ERR_INVALID);
    assert_int_equal(ice_credentials_init(&other, 1, longest, sizeof(longest) - 1), ERR_NONE);
}

static void test_forged_checks_are_not_authentic(void **state)
{
    (void)state;
    struct check check;
    check_make(&check, "theirs", true, true);
    assert_true(ice_check_authentic(&credentials, &check.message));
    check_make(&check, "another", true, true);
    assert_false(ice_check_authentic(&credentials, &check.message));
    check_make(&check, "theirs", true, true);
    struct ice_credentials other = credentials;
    hmac_sha1_key_init(&other.key, "wrong", 5);
    assert_false(ice_check_authentic(&other, &check.message));
    other = credentials;
    other.ufrag[ICE_UFRAG_LENGTH - 1] ^= 1;
    assert_false(ice_check_authentic(&other, &check.message));
}

static void test_a_restart_leaves_the_ones_before_good(void **state)
{
    (void)state;
    struct ice_credentials newest;
    struct ice_credentials third;
    struct check check;
    check_make(&check, "theirs", true, true);
    assert_int_equal(ice_credentials_init(&newest, 0x1a2b3, "theirs2", 7), ERR_NONE);
    assert_null(
        ice_credentials_named(&newest, check.message.username, check.message.username_size));
    newest.before = &credentials;
    assert_ptr_equal(
        ice_credentials_named(&newest, check.message.username, check.message.username_size),
        &credentials);
    // They are not mixed: one's name with the other's password.
    assert_true(ice_check_authentic(&credentials, &check.message));
    assert_false(ice_check_authentic(&newest, &check.message));
    char username[64];
    (void)snprintf(username, sizeof(username), "%s:theirs2", newest.ufrag);
    assert_ptr_equal(ice_credentials_named(&newest, (const uint8_t *)username, strlen(username)),
                     &newest);
    // After another restart they are good no more.
    assert_int_equal(ice_credentials_init(&third, 0x1a2b3, "theirs3", 7), ERR_NONE);
    third.before = &newest;
    assert_null(ice_credentials_named(&third, check.message.username, check.message.username_size));
}

static void test_the_answer_tells_the_address(void **state)
{
    (void)state;
    struct stun_message message;
    struct path path = path_of("2001:db8::7", 4711, "2001:db8::1");
    struct ice_outcome outcome = receive(false, path, NOW);
    assert_true(outcome.accepted && outcome.selected);
    assert_int_equal(stun_parse(answer, outcome.answer_size, &message), ERR_NONE);
    assert_int_equal(message.class, STUN_SUCCESS);
    assert_true(address_equal(&message.mapped, &path.remote));
    assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &credentials.key));
    assert_int_equal(ice.checked_at, NOW);
}

static void test_nomination_selects_and_moves(void **state)
{
    (void)state;
    struct path first = path_of("192.0.2.1", 1000, "198.51.100.1");
    struct path second = path_of("192.0.2.1", 2000, "198.51.100.1");
    struct path same_remote = path_of("192.0.2.1", 2000, "198.51.100.2");
    assert_true(receive(false, first, NOW).selected);
    assert_false(receive(false, second, NOW).selected); // validated, not nominated
    assert_true(ice_lite_knows(&ice, &second.remote));
    assert_true(path_equal(&ice.selected, &first));
    assert_true(receive(true, second, NOW).selected);
    assert_true(ice.nominated);
    assert_false(receive(true, second, NOW).selected);     // again: nothing changes
    assert_true(receive(true, same_remote, NOW).selected); // another address of ours
    assert_true(path_equal(&ice.selected, &same_remote));
}

static void test_a_silent_path_loses(void **state)
{
    (void)state;
    struct path first = path_of("192.0.2.1", 1000, "198.51.100.1");
    struct path second = path_of("192.0.2.1", 2000, "198.51.100.1");
    assert_true(receive(true, first, NOW).selected);
    assert_false(receive(false, second, NOW).selected); // another candidate of the client's
    assert_false(receive(false, second, NOW + ICE_SELECTED_SILENT_US).selected);
    assert_false(receive(false, first, NOW + ICE_SELECTED_SILENT_US).selected);
    assert_false(receive(false, second, NOW + 2 * ICE_SELECTED_SILENT_US).selected);
    assert_true(receive(false, second, NOW + 2 * ICE_SELECTED_SILENT_US + 1).selected);
}

static struct ice_outcome heard(const struct path *path, time_us now)
{
    static const struct ice_outcome nothing = {.answer_size = 0};
    return ice_lite_heard(&ice, path, now) ? nothing : ice_lite_heard_elsewhere(&ice, path, now);
}

// A NAT that forgot its binding: the client sends its media from another port and nominates
// nothing.
static void test_media_tell_a_new_address(void **state)
{
    (void)state;
    struct path first = path_of("192.0.2.1", 1000, "198.51.100.1");
    struct path second = path_of("192.0.2.1", 2000, "198.51.100.1");
    time_us now = NOW;
    assert_true(receive(true, first, now).selected);
    for (unsigned i = 0; i < 50; i++) {
        now += 20 * TIME_US_PER_MS;
        assert_false(heard(&first, now).selected);
    }
    // While the first is heard the second is not believed, whatever comes by it, and not even
    // known.
    struct ice_outcome outcome = heard(&second, now + ICE_MEDIA_SILENT_US - 1);
    assert_false(outcome.selected || outcome.learned);
    assert_false(ice_lite_knows(&ice, &second.remote));
    outcome = heard(&second, now + ICE_MEDIA_SILENT_US);
    assert_true(outcome.selected && outcome.learned);
    assert_true(path_equal(&ice.selected, &second));
    assert_true(ice_lite_knows(&ice, &second.remote));
    // And back, should that have been a copy from elsewhere.
    now += 2 * ICE_MEDIA_SILENT_US;
    outcome = heard(&first, now);
    assert_true(outcome.selected && !outcome.learned);
}

// A copy of the client's nomination, sent from elsewhere by whoever saw it pass.
static void test_a_copied_nomination_draws_nothing(void **state)
{
    (void)state;
    struct path first = path_of("192.0.2.1", 1000, "198.51.100.1");
    struct path second = path_of("203.0.113.9", 2000, "198.51.100.1");
    time_us now = NOW;
    assert_true(receive(true, first, now).selected);
    for (unsigned i = 0; i < 20; i++) { // the client's reports, about once a second
        now += 1400 * TIME_US_PER_MS;
        assert_false(heard(&first, now).selected);
        assert_false(receive(true, second, now + 1).selected);
        assert_false(receive(true, second, now + ICE_NOMINATED_SILENT_US - 1).selected);
    }
    assert_true(path_equal(&ice.selected, &first));
    // Nothing by the first any more: now it is believed.
    assert_true(receive(true, second, now + ICE_NOMINATED_SILENT_US).selected);
    // But not for longer than until the client is heard, however often the copies come.
    now += ICE_NOMINATED_SILENT_US;
    for (unsigned i = 0; i < 10; i++) {
        now += 25 * TIME_US_PER_MS;
        assert_false(receive(i % 2 == 0, second, now).selected);
    }
    assert_true(heard(&first, now).selected);
    assert_true(path_equal(&ice.selected, &first));
    // What came back with its media is held by them: the next copy draws nothing at once.
    assert_false(receive(true, second, now + 1).selected);
    assert_false(receive(true, second, now + ICE_NOMINATED_SILENT_US - 1).selected);
    assert_true(path_equal(&ice.selected, &first));
}

// The client itself goes over to another path: what it sends by it says so.
static void test_a_nomination_is_believed_with_media(void **state)
{
    (void)state;
    struct path first = path_of("192.0.2.1", 1000, "198.51.100.1");
    struct path second = path_of("192.0.2.1", 2000, "198.51.100.1");
    assert_true(receive(true, first, NOW).selected);
    assert_false(heard(&first, NOW + 1).selected);
    assert_false(receive(true, second, NOW + 2).selected);
    assert_false(heard(&second, NOW + ICE_MEDIA_SILENT_US).selected);
    assert_true(heard(&second, NOW + 1 + ICE_MEDIA_SILENT_US).selected);
    // After an ICE restart it means a new path, whatever came by the one before.
    struct ice_credentials again;
    assert_int_equal(ice_credentials_init(&again, 0x1a2b3, "theirs", 6), ERR_NONE);
    assert_false(heard(&second, NOW + 2 * ICE_MEDIA_SILENT_US).selected);
    struct check check;
    check_make(&check, "theirs", true, true);
    assert_true(ice_lite_receive(&ice, &again, &check.message, true, &first,
                                 NOW + 2 * ICE_MEDIA_SILENT_US + 1, answer)
                    .selected);
}

static void test_a_check_from_a_new_address_is_a_guess(void **state)
{
    (void)state;
    struct path first = path_of("192.0.2.1", 1000, "198.51.100.1");
    struct path second = path_of("192.0.2.1", 2000, "198.51.100.1");
    struct path third = path_of("192.0.2.1", 3000, "198.51.100.1");
    time_us now = NOW;
    assert_true(receive(true, first, now).selected);
    // While candidates are still being tried, and while the path in use is heard, it means nothing.
    assert_false(receive(false, second, now + ICE_SETTLED_US).selected);
    now += ICE_SETTLED_US + 1;
    (void)heard(&first, now);
    assert_false(receive(false, third, now + ICE_GUESS_SILENT_US - 1).selected);
    struct path fourth = path_of("192.0.2.1", 4000, "198.51.100.1");
    assert_true(receive(false, fourth, now + ICE_GUESS_SILENT_US).selected);
    // The one before is heard: it was no change, and that address is not guessed again.
    now += ICE_GUESS_SILENT_US;
    assert_true(receive(false, first, now + 1).selected);
    assert_false(receive(false, fourth, now + 1 + ICE_GUESS_SILENT_US).selected);
    // Media by the new one make it certain.
    now += 10 * ICE_GUESS_SILENT_US;
    (void)heard(&first, now);
    struct path fifth = path_of("192.0.2.1", 5000, "198.51.100.1");
    assert_true(receive(false, fifth, now + ICE_GUESS_SILENT_US).selected);
    assert_false(heard(&fifth, now + ICE_GUESS_SILENT_US + 1).selected);
    assert_false(receive(false, first, now + ICE_GUESS_SILENT_US + 2).selected);
}

static void test_role_conflict_and_unknown_attributes(void **state)
{
    (void)state;
    struct check check;
    struct stun_message message;
    struct path path = path_of("192.0.2.1", 1000, "198.51.100.1");
    check_make(&check, "theirs", false, false);
    struct ice_outcome outcome = ice_lite_receive(&ice, &credentials, &check.message, false, &path,
                                                  NOW, answer);
    assert_false(outcome.accepted);
    assert_true(outcome.conflict);
    assert_int_equal(stun_parse(answer, outcome.answer_size, &message), ERR_NONE);
    assert_int_equal(message.class, STUN_ERROR);
    assert_int_equal(message.error_code, STUN_ROLE_CONFLICT);
    check_make(&check, "theirs", true, true);
    check.message.unknown_count = 1;
    check.message.unknown[0] = 0x7777;
    outcome = ice_lite_receive(&ice, &credentials, &check.message, true, &path, NOW, answer);
    assert_false(outcome.accepted);
    assert_int_equal(stun_parse(answer, outcome.answer_size, &message), ERR_NONE);
    assert_int_equal(message.error_code, STUN_UNKNOWN_ATTRIBUTE);
    assert_int_equal(ice.address_count, 0);
    assert_int_equal(ice.selected.remote.family, ADDRESS_NONE);
}

static void test_addresses_are_bounded(void **state)
{
    (void)state;
    struct path selected = path_of("192.0.2.1", 1, "198.51.100.1");
    assert_true(receive(true, selected, NOW).selected);
    for (uint16_t port = 2; port <= 100; port++) {
        struct path path = path_of("192.0.2.1", port, "198.51.100.1");
        struct ice_outcome outcome = receive(false, path, NOW);
        assert_true(outcome.accepted);
        assert_true(ice.address_count <= ICE_ADDRESSES_MAX);
        assert_true(ice_lite_knows(&ice, &path.remote));
        assert_true(ice_lite_knows(&ice, &selected.remote)); // never the one we send to
    }
    struct path forgotten = path_of("192.0.2.1", 50, "198.51.100.1");
    assert_false(ice_lite_knows(&ice, &forgotten.remote));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_credentials_name_the_peer, setup),
        cmocka_unit_test_setup(test_forged_checks_are_not_authentic, setup),
        cmocka_unit_test_setup(test_a_restart_leaves_the_ones_before_good, setup),
        cmocka_unit_test_setup(test_the_answer_tells_the_address, setup),
        cmocka_unit_test_setup(test_nomination_selects_and_moves, setup),
        cmocka_unit_test_setup(test_a_silent_path_loses, setup),
        cmocka_unit_test_setup(test_media_tell_a_new_address, setup),
        cmocka_unit_test_setup(test_a_copied_nomination_draws_nothing, setup),
        cmocka_unit_test_setup(test_a_nomination_is_believed_with_media, setup),
        cmocka_unit_test_setup(test_a_check_from_a_new_address_is_a_guess, setup),
        cmocka_unit_test_setup(test_role_conflict_and_unknown_attributes, setup),
        cmocka_unit_test_setup(test_addresses_are_bounded, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
