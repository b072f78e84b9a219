#include "app/throttle.h"

#include <string.h>

#include "base/text.h"

static struct throttle_account *find_account(struct throttle *throttle, const char *account)
{
    for (uint32_t i = 0; i < THROTTLE_ACCOUNTS_MAX; i++) {
        if (text_equal(throttle->accounts[i].account, account)) {
            return &throttle->accounts[i];
        }
    }
    return NULL;
}

static struct throttle_account *quietest_account(struct throttle *throttle)
{
    struct throttle_account *quietest = &throttle->accounts[0];
    for (uint32_t i = 0; i < THROTTLE_ACCOUNTS_MAX; i++) {
        struct throttle_account *account = &throttle->accounts[i];
        if (account->account[0] == '\0') {
            return account;
        }
        if (account->last_at < quietest->last_at) {
            quietest = account;
        }
    }
    return quietest;
}

static time_ms wait_after(uint32_t attempts)
{
    if (attempts < THROTTLE_FREE_ATTEMPTS) {
        return 0;
    }
    uint32_t doublings = attempts - THROTTLE_FREE_ATTEMPTS;
    time_ms wait_ms = doublings < 10 ? (time_ms)THROTTLE_WAIT_FIRST_MS << doublings
                                     : THROTTLE_WAIT_MAX_MS;
    return wait_ms < THROTTLE_WAIT_MAX_MS ? wait_ms : THROTTLE_WAIT_MAX_MS;
}

bool throttle_attempt(struct throttle *throttle, const char *account, time_ms now)
{
    struct throttle_account *found = find_account(throttle, account);
    if (found == NULL) {
        found = quietest_account(throttle);
        *found = (struct throttle_account){0};
        text_copy_cut(found->account, sizeof(found->account), account);
    }
    if (now < found->blocked_until) {
        return false;
    }
    if (now - found->last_at > THROTTLE_FORGET_MS) {
        found->attempts = 0;
    }
    found->attempts++;
    found->last_at = now;
    found->blocked_until = now + wait_after(found->attempts);
    return true;
}

void throttle_succeeded(struct throttle *throttle, const char *account)
{
    struct throttle_account *found = find_account(throttle, account);
    if (found != NULL) {
        *found = (struct throttle_account){0};
    }
}
