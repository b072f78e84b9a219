// The report's persons by id: a hash table with open addressing. Who comes first has a place; the
// last ones are kept for whom a report is about.
#include "report/fold_priv.h"

#include <string.h>

#include "base/text.h"
#include "contract/permissions.h"

uint32_t fold_person_place(const struct report_fold *fold, const char *id)
{
    uint32_t place = text_hash(id) % FOLD_INDEX_SIZE;
    while (fold->index[place] != 0 &&
           !text_equal(fold->report.persons[fold->index[place] - 1].id, id)) {
        place = (place + 1) % FOLD_INDEX_SIZE;
    }
    return place;
}

uint16_t fold_person(const struct report_fold *fold, const char *id)
{
    if (id[0] == '\0') {
        return REPORT_NOBODY;
    }
    uint16_t position = fold->index[fold_person_place(fold, id)];
    return position != 0 ? (uint16_t)(position - 1) : REPORT_NOBODY;
}

static bool serves(enum capacity capacity)
{
    return capacity_can(capacity, ABILITY_SITS_ON_PODIUM) ||
           capacity_can(capacity, ABILITY_HAS_DESK) || capacity_can(capacity, ABILITY_RUNS_CONSOLE);
}

static bool has_room(const struct report_fold *fold, const struct participant *participant)
{
    uint32_t count = fold->report.person_count;
    if (participant->audience && fold->audience_count == REPORT_AUDIENCE_MAX) {
        return false;
    }
    return count < (serves(participant->capacity) ? REPORT_PERSONS_MAX : REPORT_ORDINARY_MAX);
}

static void name_person(const struct report_fold *fold, struct report_person *person,
                        const struct participant *participant)
{
    text_copy_cut(person->name, sizeof(person->name), participant->name);
    const struct delegation *delegation = meeting_find_delegation(&fold->state,
                                                                  participant->delegation);
    if (delegation != NULL) {
        memcpy(person->delegation, delegation->name, sizeof(person->delegation));
    } else {
        memset(person->delegation, 0, sizeof(person->delegation));
    }
}

// `place` is theirs, and free; there is room.
static void take_place(struct report_fold *fold, uint32_t place,
                       const struct participant *participant)
{
    struct report *report = &fold->report;
    struct report_person *person = &report->persons[report->person_count++];
    fold->index[place] = (uint16_t)report->person_count;
    fold->audience_count += participant->audience ? 1 : 0;
    text_copy_cut(person->id, sizeof(person->id), participant->id);
    person->capacity = participant->capacity;
    person->language = participant->language;
    name_person(fold, person, participant);
}

void fold_person_named(struct report_fold *fold, const char *id)
{
    uint16_t position = fold_person(fold, id);
    const struct participant *participant = meeting_find_participant(&fold->state, id);
    if (position != REPORT_NOBODY && participant != NULL) {
        name_person(fold, &fold->report.persons[position], participant);
    }
}

void fold_person_comes(struct report_fold *fold, const struct participant *participant)
{
    uint32_t place = fold_person_place(fold, participant->id);
    if (fold->index[place] != 0) {
        return;
    }
    if (has_room(fold, participant)) {
        take_place(fold, place, participant);
    } else {
        fold->report.persons_left_out++;
    }
}

void fold_person_speaks(struct report_fold *fold, const char *id)
{
    uint32_t place = fold_person_place(fold, id);
    const struct participant *participant = meeting_find_participant(&fold->state, id);
    if (fold->index[place] == 0 && participant != NULL &&
        fold->report.person_count < REPORT_PERSONS_MAX) {
        take_place(fold, place, participant);
        fold->report.persons_left_out--;
    }
}
