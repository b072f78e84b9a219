#include "sheet/refusal.h"

#include "base/assert.h"

static const struct {
    const char *slug;
    const char *title;
} reasons[SHEET_REASON_COUNT] = {
#define SHEET_REASON_ROW(symbol, slug, title) [symbol] = {slug, title},
    SHEET_REASON_LIST(SHEET_REASON_ROW)
#undef SHEET_REASON_ROW
};

const char *sheet_reason_slug(enum sheet_reason reason)
{
    ASSERT(reason < SHEET_REASON_COUNT);
    return reasons[reason].slug;
}

const char *sheet_reason_title(enum sheet_reason reason)
{
    ASSERT(reason < SHEET_REASON_COUNT);
    return reasons[reason].title;
}

enum err sheet_refuse(struct sheet_refusal *refusal, enum sheet_reason reason, uint32_t row,
                      uint32_t column)
{
    *refusal = (struct sheet_refusal){.reason = reason, .row = row, .column = column};
    return ERR_INVALID;
}

// Letters are digits without a zero: behind Z comes AA.
void sheet_column_letters(uint32_t column, char to[SHEET_LETTERS_SIZE])
{
    char letters[SHEET_LETTERS_SIZE];
    uint32_t count = 0;
    for (; column > 0; column = (column - 1) / 26) {
        ASSERT(count < SHEET_LETTERS_SIZE - 1);
        letters[count++] = (char)('A' + (column - 1) % 26);
    }
    for (uint32_t i = 0; i < count; i++) {
        to[i] = letters[count - 1 - i];
    }
    to[count] = '\0';
}
