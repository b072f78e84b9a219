#include "app/visits.h"

#include <sodium.h>
#include <string.h>

#include "base/text.h"

static void hash_of(const char *secret, uint8_t ret_hash[TOKEN_HASH_SIZE])
{
    crypto_hash_sha256(ret_hash, (const uint8_t *)secret, strlen(secret));
}

static bool is_same(const uint8_t a[TOKEN_HASH_SIZE], const uint8_t b[TOKEN_HASH_SIZE])
{
    return sodium_memcmp(a, b, TOKEN_HASH_SIZE) == 0;
}

// ---- Visits

// A free one; else the oldest of this network, when it has as many as it may, or of all.
static struct visit_place *place_for(struct visits *visits, const uint8_t network[NETWORK_SIZE],
                                     time_ms wall)
{
    struct visit_place *oldest = &visits->visits[0];
    struct visit_place *own = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < VISITS_MAX; i++) {
        struct visit_place *place = &visits->visits[i];
        if (place->until <= wall) {
            place->until = 0;
        } else if (memcmp(place->network, network, NETWORK_SIZE) == 0) {
            own = own == NULL || place->until < own->until ? place : own;
            count++;
        }
        oldest = place->until < oldest->until ? place : oldest;
    }
    return count >= VISITS_OF_NETWORK_MAX ? own : oldest;
}

void visits_keep(struct visits *visits, const struct app_provider_visit *visit, const char *browser,
                 const char *remote, time_ms wall)
{
    uint8_t network[NETWORK_SIZE];
    network_of_text(remote, network);
    struct visit_place *place = place_for(visits, network, wall);
    *place = (struct visit_place){.until = wall + VISIT_MS, .visit = *visit};
    memcpy(place->network, network, sizeof(place->network));
    hash_of(visit->state, place->state);
    hash_of(browser, place->browser);
}

enum err visits_take(struct visits *visits, const char *state, const char *browser, time_ms wall,
                     struct app_provider_visit *ret_visit)
{
    uint8_t wanted[TOKEN_HASH_SIZE];
    uint8_t from[TOKEN_HASH_SIZE];
    hash_of(state, wanted);
    hash_of(browser, from);
    for (uint32_t i = 0; i < VISITS_MAX; i++) {
        struct visit_place *place = &visits->visits[i];
        if (place->until > wall && is_same(place->state, wanted) && is_same(place->browser, from)) {
            *ret_visit = place->visit;
            sodium_memzero(place, sizeof(*place));
            return ERR_NONE;
        }
    }
    return ERR_NOT_FOUND;
}

// ---- Tickets

void visits_ticket(struct visits *visits, const uint8_t ticket[TOKEN_HASH_SIZE],
                   const char *browser, const char *account, const char *meeting, time_ms wall)
{
    struct ticket_place *place = &visits->tickets[0];
    for (uint32_t i = 0; i < TICKETS_MAX; i++) {
        place = visits->tickets[i].until < place->until ? &visits->tickets[i] : place;
    }
    *place = (struct ticket_place){.until = wall + TICKET_MS};
    memcpy(place->ticket, ticket, sizeof(place->ticket));
    hash_of(browser, place->browser);
    text_copy_cut(place->account, sizeof(place->account), account);
    text_copy_cut(place->meeting, sizeof(place->meeting), meeting);
}

enum err visits_redeem(struct visits *visits, const uint8_t ticket[TOKEN_HASH_SIZE],
                       const char *browser, time_ms wall, struct ticket_place *ret_ticket)
{
    uint8_t from[TOKEN_HASH_SIZE];
    hash_of(browser, from);
    for (uint32_t i = 0; i < TICKETS_MAX; i++) {
        struct ticket_place *place = &visits->tickets[i];
        if (place->until == 0 || !is_same(place->ticket, ticket)) {
            continue;
        }
        if (place->until <= wall || !is_same(place->browser, from)) {
            return ERR_UNAUTHENTICATED;
        }
        *ret_ticket = *place;
        sodium_memzero(place, sizeof(*place));
        return ERR_NONE;
    }
    return ERR_NOT_FOUND;
}
