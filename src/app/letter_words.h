// Inside src/app only: the words of letters (house_letters.c), which are read where no page is.
#pragma once

#include "contract/types.h"

enum letter_word {
    LETTER_LINK_SUBJECT, // the meeting's title
    LETTER_LINK_TEXT,
    LETTER_GOOD_UNTIL, // a day
    LETTER_PLANNED,
    LETTER_POSTPONED,
    LETTER_CANCELLED,
    LETTER_REMOTE,
    LETTER_HYBRID,
    LETTER_HALL,
    LETTER_WORD_COUNT
};

// Static. `language` is one of the six.
const char *letter_word(enum letter_word word, enum language language);
