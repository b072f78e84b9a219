#include "http/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/list.h"
#include "http/place_persons.h"

// Who has just come has not had the time to say anything.
#define GRACE_US      (500 * TIME_US_PER_MS)
#define FEW_ANONYMOUS 2 // connections without a session that nobody is blamed for

struct place_address {
    struct client_address counted;
    bool trusted;
    uint32_t count;     // of all connections
    uint32_t anonymous; // of those without a session
    uint32_t fresh;     // of PLACE_NEW
    struct place_address *next_in_bucket;
    struct list_link link;
};

struct queue {
    struct place *oldest;
    struct place *newest;
};

struct places {
    struct places_config config;
    struct queue queues[PLACE_KIND_COUNT];
    struct place_address **buckets; // owned; `bucket_count`, a power of two
    uint32_t bucket_count;
    struct list addresses; // all of them
    struct place_persons persons;
    uint32_t count;
    struct places_figures figures;
};

enum err places_create(const struct places_config *config, struct places **ret_places)
{
    struct places *places = calloc(1, sizeof(*places));
    if (places == NULL) {
        return ERR_FULL;
    }
    places->config = *config;
    places->bucket_count = 64;
    while (places->bucket_count < config->max) {
        places->bucket_count *= 2;
    }
    places->buckets = calloc(places->bucket_count, sizeof(*places->buckets));
    if (places->buckets == NULL ||
        place_persons_init(&places->persons, places->bucket_count) != ERR_NONE) {
        places_destroy(places);
        return ERR_FULL;
    }
    *ret_places = places;
    return ERR_NONE;
}

void places_destroy(struct places *places)
{
    if (places == NULL) {
        return;
    }
    while (places->addresses.first != NULL) {
        struct list_link *link = places->addresses.first;
        list_remove(link);
        free(LIST_ITEM(link, struct place_address, link));
    }
    place_persons_finish(&places->persons);
    free(places->buckets);
    free(places);
}

// ---- Addresses ----

static struct place_address **bucket_of(struct places *places, const struct client_address *counted)
{
    uint64_t hash = hash_bytes(places->config.seed ^ HASH_BEGIN, counted->bytes,
                               sizeof(counted->bytes));
    return &places->buckets[(hash ^ hash >> 32) & (places->bucket_count - 1)];
}

static struct place_address *find_address(struct places *places,
                                          const struct client_address *counted)
{
    struct place_address *address = *bucket_of(places, counted);
    while (address != NULL && !client_address_equal(&address->counted, counted)) {
        address = address->next_in_bucket;
    }
    return address;
}

static struct place_address *take_address(struct places *places,
                                          const struct client_address *counted, bool trusted)
{
    struct place_address *address = find_address(places, counted);
    if (address != NULL) {
        return address;
    }
    address = calloc(1, sizeof(*address));
    if (address == NULL) {
        return NULL;
    }
    struct place_address **bucket = bucket_of(places, counted);
    address->counted = *counted;
    address->trusted = trusted;
    address->next_in_bucket = *bucket;
    *bucket = address;
    list_add(&places->addresses, &address->link);
    return address;
}

static void give_address(struct places *places, struct place_address *address)
{
    struct place_address **at = bucket_of(places, &address->counted);
    while (*at != address) {
        at = &(*at)->next_in_bucket;
    }
    *at = address->next_in_bucket;
    list_remove(&address->link);
    free(address);
}

// ---- Queues by kind, the oldest first ----

// Which of the person's figures this place counts in.
static uint32_t *figure_of(const struct place *place)
{
    struct place_person *person = place->person;
    return place->kind != PLACE_KNOWN ? &person->others
           : place->live              ? &person->lives
                                      : &person->known;
}

static void queue_add(struct places *places, struct place *place, enum place_kind kind, time_us now)
{
    struct queue *queue = &places->queues[kind];
    place->kind = kind;
    place->since = now;
    place->newer = NULL;
    place->older = queue->newest;
    if (queue->newest != NULL) {
        queue->newest->newer = place;
    } else {
        queue->oldest = place;
    }
    queue->newest = place;
    if (place->person != NULL) {
        ++*figure_of(place);
    }
    place->address->anonymous += kind != PLACE_KNOWN;
    place->address->fresh += kind == PLACE_NEW;
    places->figures.open[kind]++;
}

static void queue_remove(struct places *places, struct place *place)
{
    struct queue *queue = &places->queues[place->kind];
    if (place->older != NULL) {
        place->older->newer = place->newer;
    } else {
        queue->oldest = place->newer;
    }
    if (place->newer != NULL) {
        place->newer->older = place->older;
    } else {
        queue->newest = place->older;
    }
    if (place->person != NULL) {
        --*figure_of(place);
    }
    place->address->anonymous -= place->kind != PLACE_KNOWN;
    place->address->fresh -= place->kind == PLACE_NEW;
    places->figures.open[place->kind]--;
}

// ---- Giving way ----

static struct place *oldest_of(struct places *places, const struct place_address *address,
                               enum place_kind kind, time_us until)
{
    for (struct place *place = places->queues[kind].oldest; place != NULL && place->since <= until;
         place = place->newer) {
        if (place->address == address) {
            return place;
        }
    }
    return NULL;
}

// The address that has most without a session; a trusted proxy, behind which many are, comes last.
static const struct place_address *greediest(const struct places *places)
{
    const struct place_address *most = NULL;
    for (struct list_link *at = places->addresses.first; at != NULL; at = at->next) {
        const struct place_address *each = LIST_ITEM(at, struct place_address, link);
        if (each->anonymous > 0 &&
            (most == NULL || (most->trusted && !each->trusted) ||
             (most->trusted == each->trusted && each->anonymous > most->anonymous))) {
            most = each;
        }
    }
    return most;
}

// Of one address, who has waited longest: without a whole head first, then the idle, then whoever
// has a request at hand.
static struct place *victim_of(struct places *places, const struct place_address *address,
                               time_us until, time_us now)
{
    struct place *place = oldest_of(places, address, PLACE_NEW, until);
    if (place == NULL) {
        place = oldest_of(places, address, PLACE_IDLE, now);
    }
    if (place == NULL && !address->trusted) {
        place = oldest_of(places, address, PLACE_BUSY, until);
    }
    return place;
}

// Everybody has one or two: of all, who has waited longest.
static struct place *victim_of_all(struct places *places, time_us now)
{
    for (enum place_kind kind = PLACE_NEW; kind < PLACE_KNOWN; kind++) {
        time_us until = kind == PLACE_IDLE ? now : now - GRACE_US;
        for (struct place *place = places->queues[kind].oldest;
             place != NULL && place->since <= until; place = place->newer) {
            if (kind != PLACE_BUSY || !place->address->trusted) {
                return place;
            }
        }
    }
    return NULL;
}

static bool is_crowded(const struct places *places)
{
    return places->count >= places->config.max - places->config.kept;
}

// So many without a session that it is one of those who make the crowd.
static bool is_greedy(const struct places *places, const struct place_address *address)
{
    const struct place_address *most = greediest(places);
    return address != NULL && !address->trusted && address->anonymous > FEW_ANONYMOUS &&
           most != NULL && address->anonymous + 1 >= most->anonymous;
}

// One session is enough for a crowd, from however many addresses: who has waited longest of it.
static struct place *victim_of_a_person(struct places *places, time_us now)
{
    static const enum place_kind order[] = {PLACE_IDLE, PLACE_NEW, PLACE_BUSY};
    const struct place_person *most = place_persons_greediest(&places->persons);
    bool crowd = most != NULL && most->others > FEW_ANONYMOUS;
    for (size_t i = 0; crowd && i < sizeof(order) / sizeof(order[0]); i++) {
        for (struct place *place = places->queues[order[i]].oldest;
             place != NULL && place->since <= now; place = place->newer) {
            if (place->person == most && (order[i] != PLACE_BUSY || !place->address->trusted)) {
                return place;
            }
        }
    }
    return NULL;
}

// Who has less takes from who has most, however young that is: a crowd that comes again and again
// is always young. Who has most takes from itself.
static struct place *victim_in_a_crowd(struct places *places, const struct place_address *own,
                                       time_us now)
{
    struct place *persons = victim_of_a_person(places, now);
    if (persons != NULL) {
        return persons;
    }
    if (is_greedy(places, own)) {
        return victim_of(places, own, now - GRACE_US, now);
    }
    const struct place_address *most = greediest(places);
    struct place *victim = most != NULL && most->anonymous > FEW_ANONYMOUS
                               ? victim_of(places, most, now, now)
                               : NULL;
    return victim != NULL ? victim : victim_of_all(places, now);
}

struct place *places_victim(struct places *places, const struct client_address *counted,
                            bool trusted, time_us now)
{
    const struct place_address *own = find_address(places, counted);
    struct place *victim = NULL;
    if (own != NULL && !trusted && own->count >= places->config.per_address_max) {
        victim = oldest_of(places, own, PLACE_IDLE, now);
        victim = victim != NULL ? victim : oldest_of(places, own, PLACE_NEW, now - PLACES_HURRY_US);
    } else if (is_crowded(places)) {
        victim = victim_in_a_crowd(places, own, now);
    }
    places->figures.gave_way += victim != NULL;
    return victim;
}

bool places_claim(struct places *places, struct place *place)
{
    place->on_probation = place->on_probation && place->kind != PLACE_KNOWN &&
                          places->count > places->config.max - places->config.kept;
    return !place->on_probation;
}

// What is kept is not for those who make the crowd.
static bool may_enter(const struct places *places, const struct place_address *address,
                      bool trusted)
{
    if (places->count >= places->config.max) {
        return false;
    }
    return address == NULL || ((trusted || address->count < places->config.per_address_max) &&
                               !(is_crowded(places) && is_greedy(places, address)));
}

bool places_enter(struct places *places, struct place *place, const struct client_address *counted,
                  bool trusted, time_us now)
{
    *place = (struct place){0};
    struct place_address *address = NULL;
    if (may_enter(places, find_address(places, counted), trusted)) {
        address = take_address(places, counted, trusted);
    }
    if (address == NULL) {
        places->figures.refused++;
        return false;
    }
    place->address = address;
    place->on_probation = is_crowded(places);
    address->count++;
    places->count++;
    queue_add(places, place, PLACE_NEW, now);
    return true;
}

void places_leave(struct places *places, struct place *place)
{
    ASSERT(place->address != NULL);
    queue_remove(places, place);
    place_persons_release(&places->persons, place->person);
    place->person = NULL;
    places->count--;
    if (--place->address->count == 0) {
        give_address(places, place->address);
    }
    place->address = NULL;
}

void places_set_kind(struct places *places, struct place *place, enum place_kind kind, time_us now)
{
    if (place->kind == PLACE_KNOWN || place->kind == kind) {
        return;
    }
    queue_remove(places, place);
    queue_add(places, place, kind, now);
}

// ---- Persons ----

void places_forget(struct places *places, struct place *place, time_us now)
{
    queue_remove(places, place);
    place_persons_release(&places->persons, place->person);
    place->person = NULL;
    place->live = false;
    queue_add(places, place, place->kind == PLACE_KNOWN ? PLACE_IDLE : place->kind, now);
}

// The oldest of those who have no live connection there, the person's own first; at last the
// person's own that has one, which is about to be replaced.
static struct place *least_of_the_known(const struct places *places,
                                        const struct place_person *person)
{
    struct place *least = NULL;
    struct place *own = NULL;
    for (struct place *place = places->queues[PLACE_KNOWN].oldest; place != NULL;
         place = place->newer) {
        if (!place->live && place->person == person) {
            return place;
        }
        least = least == NULL && !place->live ? place : least;
        own = own == NULL && place->person == person ? place : own;
    }
    return least != NULL ? least : own;
}

// Some are never known: who comes without a session takes theirs.
static bool known_are_full(const struct places *places)
{
    uint32_t others = places->config.kept > 2 ? places->config.kept / 2 : 1;
    return places->figures.open[PLACE_KNOWN] >= places->config.max - others;
}

static bool has_room(struct places *places, const struct place *place,
                     const struct place_person *person, bool live, time_us now)
{
    if (live ? person->lives >= PLACES_LIVE : person->known >= PLACES_OF_A_PERSON) {
        return false;
    }
    struct place *least = NULL;
    if (place->kind != PLACE_KNOWN && known_are_full(places)) {
        least = live ? least_of_the_known(places, person) : NULL;
        if (least == NULL) {
            return false;
        }
        queue_remove(places, least);
        queue_add(places, least, PLACE_IDLE, now);
    }
    return true;
}

bool places_know(struct places *places, struct place *place, uint64_t person, bool live,
                 time_us now)
{
    if (place->kind == PLACE_KNOWN && (place->live || !live)) {
        return true;
    }
    struct place_person *former = place->person;
    struct place_person *found = place_persons_take(&places->persons, person);
    if (found == NULL) {
        return false;
    }
    bool room = has_room(places, place, found, live, now);
    if (room || place->kind != PLACE_KNOWN) {
        queue_remove(places, place);
        place->person = found;
        place->live = live && room;
        queue_add(places, place, room ? PLACE_KNOWN : place->kind, now);
    }
    if (former != found) {
        place_persons_release(&places->persons, former);
    }
    place_persons_release(&places->persons, found);
    return room;
}

void places_restart(struct places *places, struct place *place, time_us now)
{
    if (place->kind == PLACE_NEW) {
        queue_remove(places, place);
        queue_add(places, place, PLACE_NEW, now);
    }
}

struct place *places_overdue(struct places *places, time_us now)
{
    for (struct place *place = places->queues[PLACE_NEW].oldest;
         place != NULL && place->since <= now - PLACES_HURRY_US &&
         places->count > places->config.max / 2;
         place = place->newer) {
        if (place->address->fresh > PLACES_NEW_FEW && !place->address->trusted) {
            places->figures.overdue++;
            return place;
        }
    }
    return NULL;
}

const struct places_figures *places_figures(const struct places *places)
{
    return &places->figures;
}
