// What a cell holds as a number, as a text: integers without a point, fractions with at most 15
// digits, as a spreadsheet keeps them (a telephone number of twelve digits stays one); and by the
// cell's number format dates, times of day and lengths of time as ISO 8601.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum number_kind {
    NUMBER_PLAIN,
    NUMBER_DATE,         // 2026-11-30
    NUMBER_TIME,         // 09:30:00, of the day
    NUMBER_DATE_TIME,    // 2026-11-30T09:30:00
    NUMBER_ELAPSED,      // 26:30:00, hours beyond a day
    NUMBER_DATE_OR_TIME, // the format differs by language: by the value
};

#define NUMBER_SIZE 40

// By the format that has no text of its own (ECMA-376, part 1, 18.8.30).
enum number_kind number_kind_of_id(uint32_t format);
// By a format's code: "dd/mm/yyyy", "[h]:mm", "#,##0.00".
enum number_kind number_kind_of_code(const char *code);

// `value` as it stands in the file. A date that there is not (before 1900, the 29th of February
// 1900, after 9999) is the number. False: it is no number.
bool number_write(const char *value, size_t length, enum number_kind kind, bool from_1904,
                  char to[NUMBER_SIZE]);
