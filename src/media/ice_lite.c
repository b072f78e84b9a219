#include "media/ice_lite.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "crypto/random.h"

enum err ice_credentials_init(struct ice_credentials *credentials, uint32_t index,
                              const char *remote_ufrag, size_t remote_ufrag_size)
{
    ASSERT(index < 1u << (4 * ICE_UFRAG_INDEX_DIGITS));
    memset(credentials, 0, sizeof(*credentials));
    if (remote_ufrag_size == 0 ||
        text_copy_n(credentials->remote_ufrag, sizeof(credentials->remote_ufrag), remote_ufrag,
                    remote_ufrag_size) != ERR_NONE) {
        return ERR_INVALID;
    }
    char digits[ICE_UFRAG_INDEX_DIGITS + 1];
    (void)snprintf(digits, sizeof(digits), "%05x", index & 0xfffffu);
    memcpy(credentials->ufrag, digits, ICE_UFRAG_INDEX_DIGITS);
    random_text(credentials->ufrag + ICE_UFRAG_INDEX_DIGITS,
                ICE_UFRAG_LENGTH - ICE_UFRAG_INDEX_DIGITS);
    random_text(credentials->password, ICE_PASSWORD_LENGTH);
    hmac_sha1_key_init(&credentials->key, credentials->password, ICE_PASSWORD_LENGTH);
    return ERR_NONE;
}

bool ice_username_index(const uint8_t *username, size_t size, uint32_t *ret_index)
{
    if (username == NULL || size < ICE_UFRAG_LENGTH + 2 || username[ICE_UFRAG_LENGTH] != ':') {
        return false;
    }
    uint32_t index = 0;
    for (size_t i = 0; i < ICE_UFRAG_INDEX_DIGITS; i++) {
        uint8_t c = username[i];
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'a' && c <= 'f')) {
            return false;
        }
        index = index << 4 | (uint32_t)(digit ? c - '0' : c - 'a' + 10);
    }
    *ret_index = index;
    return true;
}

bool ice_username_matches(const struct ice_credentials *credentials, const uint8_t *username,
                          size_t size)
{
    size_t remote_size = strlen(credentials->remote_ufrag);
    return username != NULL && size == ICE_UFRAG_LENGTH + 1 + remote_size &&
           memory_equal_constant_time(username, credentials->ufrag, ICE_UFRAG_LENGTH) &&
           username[ICE_UFRAG_LENGTH] == ':' &&
           memcmp(username + ICE_UFRAG_LENGTH + 1, credentials->remote_ufrag, remote_size) == 0;
}

const struct ice_credentials *ice_credentials_named(const struct ice_credentials *newest,
                                                    const uint8_t *username, size_t size)
{
    if (ice_username_matches(newest, username, size)) {
        return newest;
    }
    return newest->before != NULL && ice_username_matches(newest->before, username, size)
               ? newest->before
               : NULL;
}

bool ice_check_authentic(const struct ice_credentials *credentials,
                         const struct stun_message *check)
{
    return ice_username_matches(credentials, check->username, check->username_size) &&
           stun_integrity_ok(check, hmac_sha1_callback, &credentials->key);
}

void ice_lite_init(struct ice_lite *ice)
{
    memset(ice, 0, sizeof(*ice));
}

bool ice_lite_knows(const struct ice_lite *ice, const struct address *address)
{
    for (uint8_t i = 0; i < ice->address_count; i++) {
        if (address_equal(&ice->addresses[i], address)) {
            return true;
        }
    }
    return false;
}

static void address_validate(struct ice_lite *ice, const struct address *from,
                             struct ice_outcome *outcome)
{
    if (ice_lite_knows(ice, from)) {
        return;
    }
    outcome->learned = true;
    if (ice->address_count == ICE_ADDRESSES_MAX) {
        // The oldest goes, but never the one we send to.
        uint8_t oldest = address_equal(&ice->addresses[0], &ice->selected.remote) ? 1 : 0;
        outcome->forgotten = true;
        outcome->forgotten_address = ice->addresses[oldest];
        memmove(&ice->addresses[oldest], &ice->addresses[oldest + 1],
                (size_t)(ICE_ADDRESSES_MAX - 1 - oldest) * sizeof(ice->addresses[0]));
        ice->address_count--;
    }
    ice->addresses[ice->address_count++] = *from;
}

static bool path_take(struct ice_lite *ice, const struct path *path, time_us now)
{
    bool same = path_equal(&ice->selected, path);
    ice->selected = *path;
    ice->selected_heard_at = now;
    if (!same) {
        ice->media_heard_at = now;
        ice->media_heard = false;
    }
    return !same;
}

// The path before a guess is heard after all.
static bool guess_undo(struct ice_lite *ice, const struct path *path, time_us now)
{
    if (ice->guessed_from.remote.family == ADDRESS_NONE || !path_equal(&ice->guessed_from, path)) {
        return false;
    }
    ice->guessed_from.remote.family = ADDRESS_NONE;
    return path_take(ice, path, now);
}

// Whether a nomination may be a copy: media come by the path that was nominated before, by the same
// credentials.
static bool may_be_copied(const struct ice_lite *ice, const struct ice_credentials *credentials,
                          const struct path *path, time_us now)
{
    return ice->nominated && ice->nominated_by == credentials &&
           !path_equal(&ice->selected, path) && ice->media_heard &&
           now - ice->media_heard_at < ICE_NOMINATED_SILENT_US;
}

// The client nominates (RFC 8445 section 7.3.1.5), and may do so again.
static bool path_nominate(struct ice_lite *ice, const struct ice_credentials *credentials,
                          const struct path *path, time_us now)
{
    if (may_be_copied(ice, credentials, path, now)) {
        return false;
    }
    ice->guessed_from.remote.family = ADDRESS_NONE;
    bool again = ice->nominated && path_equal(&ice->selected, path);
    ice->nominated_at = again ? ice->nominated_at : now;
    ice->nominated_by = credentials;
    ice->nominated = true;
    return path_take(ice, path, now);
}

// What a check that nominates nothing says of the path in use.
static bool path_check(struct ice_lite *ice, const struct path *path, time_us now, bool new_address)
{
    time_us silent = now - ice->selected_heard_at;
    if (path_equal(&ice->selected, path) || ice->selected.remote.family == ADDRESS_NONE ||
        silent > ICE_SELECTED_SILENT_US) {
        return path_take(ice, path, now);
    }
    if (new_address && ice->nominated && now - ice->nominated_at > ICE_SETTLED_US &&
        silent >= ICE_GUESS_SILENT_US) {
        ice->guessed_from = ice->selected;
        return path_take(ice, path, now);
    }
    return guess_undo(ice, path, now);
}

struct ice_outcome ice_lite_heard_elsewhere(struct ice_lite *ice, const struct path *path,
                                            time_us now)
{
    struct ice_outcome outcome = {.answer_size = 0};
    if (now - ice->media_heard_at >= ICE_MEDIA_SILENT_US) {
        ice->guessed_from.remote.family = ADDRESS_NONE;
        address_validate(ice, &path->remote, &outcome);
        outcome.selected = path_take(ice, path, now);
        ice->media_heard = true;
    } else {
        outcome.selected = guess_undo(ice, path, now);
    }
    return outcome;
}

struct ice_outcome ice_lite_receive(struct ice_lite *ice, const struct ice_credentials *credentials,
                                    const struct stun_message *check, bool nominates,
                                    const struct path *path, time_us now,
                                    uint8_t answer[STUN_ANSWER_MAX])
{
    struct ice_outcome outcome = {.answer_size = 0};
    uint16_t problem = 0;
    if (check->unknown_count > 0) {
        problem = STUN_UNKNOWN_ATTRIBUTE;
    } else if (check->controlled) {
        // A lite agent is always controlled; the client must take the other role (RFC 8445
        // section 7.3.1.1).
        problem = STUN_ROLE_CONFLICT;
        outcome.conflict = true;
    }
    if (problem != 0) {
        outcome.answer_size = stun_write_error(check, problem, hmac_sha1_callback,
                                               &credentials->key, answer, STUN_ANSWER_MAX);
        return outcome;
    }
    ice->checked_at = now;
    outcome.accepted = true;
    address_validate(ice, &path->remote, &outcome);
    outcome.selected = nominates ? path_nominate(ice, credentials, path, now)
                                 : path_check(ice, path, now, outcome.learned);
    outcome.answer_size = stun_write_success(check, &path->remote, hmac_sha1_callback,
                                             &credentials->key, answer, STUN_ANSWER_MAX);
    return outcome;
}
