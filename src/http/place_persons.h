// Private to places: who has how many of the places, by person. A person is a number that whoever
// knows people has given; it lives here as long as one of its places. One owning thread.
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/list.h"

struct place_person {
    uint64_t number;
    uint32_t known;  // of PLACE_KNOWN, without a live connection
    uint32_t lives;  // of PLACE_KNOWN, with one
    uint32_t others; // beyond these
    struct place_person *next_in_bucket;
    struct list_link link;
};

struct place_persons {
    struct place_person **buckets; // owned; a power of two
    uint32_t bucket_count;
    struct list all; // persons, by link
};

enum err CHECKED place_persons_init(struct place_persons *persons, uint32_t bucket_count);
void place_persons_finish(struct place_persons *persons);
// NULL when memory is short.
struct place_person *place_persons_take(struct place_persons *persons, uint64_t number);
// Forgets a person without places; NULL is none.
void place_persons_release(struct place_persons *persons, struct place_person *person);
// Who has most beyond what is kept; NULL when nobody has.
struct place_person *place_persons_greediest(const struct place_persons *persons);
