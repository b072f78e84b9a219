// Where a cell of a spreadsheet stands, as its file says it: "C17".
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PLACE_ROWS    1048576u // of a spreadsheet, from 1
#define PLACE_COLUMNS 16384u   // "XFD"

struct place {
    uint32_t row; // from 0
    uint32_t column;
};

// False: there is no such place.
bool place_read(const char *text, struct place *ret_place);
// A row's number, from 1 in the text and from 0 in `ret_row`.
bool place_read_row(const char *text, uint32_t *ret_row);
