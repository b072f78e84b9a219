// The report's persons by id: a hash table with open addressing.
#include "base/text.h"
#include "report/fold_priv.h"

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
