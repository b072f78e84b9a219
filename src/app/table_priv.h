// Inside src/app only: the columns of the secretariat's tables.
#pragma once

#include "app/house_tables.h"
#include "sheet/table.h"

enum people_column {
    PEOPLE_NAME,
    PEOPLE_CAPACITY,
    PEOPLE_DELEGATION,
    PEOPLE_LANGUAGE,
    PEOPLE_TITLE,
    PEOPLE_ADDRESS,
    PEOPLE_ACCOUNT
};
enum delegations_column {
    DELEGATIONS_ID,
    DELEGATIONS_CODE,
    DELEGATIONS_KIND,
    DELEGATIONS_NAME // and five more, in the order of the languages
};
enum agenda_column {
    AGENDA_NUMBER,
    AGENDA_DOCUMENT,
    AGENDA_PURPOSE,
    AGENDA_MINUTES,
    AGENDA_TITLE // and five more
};

extern const struct table_description table_descriptions[HOUSE_TABLE_COUNT];
// As the contract calls it, or the page in any of its languages.
bool table_capacity(const char *text, enum capacity *ret_capacity);
