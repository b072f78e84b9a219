#include "sheet/place.h"

#include <string.h>

#include "base/text.h"

bool place_read_row(const char *text, uint32_t *ret_row)
{
    unsigned long long row = 0;
    if (text_to_u64(text, strlen(text), PLACE_ROWS, &row) != ERR_NONE || row == 0) {
        return false;
    }
    *ret_row = (uint32_t)row - 1;
    return true;
}

bool place_read(const char *text, struct place *ret_place)
{
    uint32_t column = 0;
    for (; *text >= 'A' && *text <= 'Z' && column <= PLACE_COLUMNS; text++) {
        column = column * 26 + (uint32_t)(*text - 'A') + 1;
    }
    if (column == 0 || column > PLACE_COLUMNS) {
        return false;
    }
    ret_place->column = column - 1;
    return place_read_row(text, &ret_place->row);
}
