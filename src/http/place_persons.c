#include "http/place_persons.h"

#include <stdlib.h>

enum err place_persons_init(struct place_persons *persons, uint32_t bucket_count)
{
    *persons = (struct place_persons){.bucket_count = bucket_count};
    persons->buckets = calloc(bucket_count, sizeof(struct place_person *));
    return persons->buckets != NULL ? ERR_NONE : ERR_FULL;
}

void place_persons_finish(struct place_persons *persons)
{
    while (persons->all.first != NULL) {
        struct list_link *link = persons->all.first;
        list_remove(link);
        free(LIST_ITEM(link, struct place_person, link));
    }
    free(persons->buckets);
    persons->buckets = NULL;
}

static struct place_person **bucket_of(const struct place_persons *persons, uint64_t number)
{
    return &persons->buckets[(number ^ number >> 32) & (persons->bucket_count - 1)];
}

struct place_person *place_persons_take(struct place_persons *persons, uint64_t number)
{
    struct place_person **bucket = bucket_of(persons, number);
    struct place_person *person = *bucket;
    while (person != NULL && person->number != number) {
        person = person->next_in_bucket;
    }
    if (person != NULL) {
        return person;
    }
    person = calloc(1, sizeof(*person));
    if (person == NULL) {
        return NULL;
    }
    person->number = number;
    person->next_in_bucket = *bucket;
    *bucket = person;
    list_add(&persons->all, &person->link);
    return person;
}

void place_persons_release(struct place_persons *persons, struct place_person *person)
{
    if (person == NULL || person->known + person->lives + person->others > 0) {
        return;
    }
    struct place_person **at = bucket_of(persons, person->number);
    while (*at != person) {
        at = &(*at)->next_in_bucket;
    }
    *at = person->next_in_bucket;
    list_remove(&person->link);
    free(person);
}

struct place_person *place_persons_greediest(const struct place_persons *persons)
{
    struct place_person *most = NULL;
    for (struct list_link *at = persons->all.first; at != NULL; at = at->next) {
        struct place_person *each = LIST_ITEM(at, struct place_person, link);
        if (each->others > 0 && (most == NULL || each->others > most->others)) {
            most = each;
        }
    }
    return most;
}
