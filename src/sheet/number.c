#include "sheet/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAY             86400
#define DAYS_1904       1462    // from one system to the other
#define DAY_THAT_IS_NOT 60      // 29 February 1900, kept from an older program
#define LAST_DAY        2958465 // 31 December 9999

// ---- Formats

enum number_kind number_kind_of_id(uint32_t format)
{
    switch (format) {
    case 14:
    case 15:
    case 16:
    case 17: return NUMBER_DATE;
    case 18:
    case 19:
    case 20:
    case 21:
    case 45:
    case 47: return NUMBER_TIME;
    case 22: return NUMBER_DATE_TIME;
    case 46: return NUMBER_ELAPSED;
    default:
        // Chinese, Japanese, Korean and Thai formats.
        return (format >= 27 && format <= 36) || (format >= 50 && format <= 58) ||
                       (format >= 71 && format <= 81)
                   ? NUMBER_DATE_OR_TIME
                   : NUMBER_PLAIN;
    }
}

// In brackets: a colour, a condition, a language, or hours, minutes and seconds that go on
// counting.
static bool is_elapsed(const char *code, size_t length)
{
    return length > 0 && (strspn(code, "hH") >= length || strspn(code, "mM") >= length ||
                          strspn(code, "sS") >= length);
}

// Where the sign that a code's piece ends with stands: what is quoted, escaped or in brackets says
// nothing of the kind.
static const char *pass_piece(const char *code)
{
    const char *end = NULL;
    switch (*code) {
    case '"': end = strchr(code + 1, '"'); break;
    case '[': end = strchr(code + 1, ']'); break;
    case '\\':
    case '_':
    case '*': end = code[1] != '\0' ? code + 1 : NULL; break;
    default: return code;
    }
    return end != NULL ? end : code + strlen(code) - 1;
}

enum number_kind number_kind_of_code(const char *code)
{
    bool date = false;
    bool month = false; // or minutes
    bool time = false;
    if (strncasecmp(code, "General", 7) == 0) {
        return NUMBER_PLAIN;
    }
    for (; *code != '\0' && *code != ';'; code++) {
        const char *end = pass_piece(code);
        if (*code == '[' && end > code && is_elapsed(code + 1, (size_t)(end - code - 1))) {
            return NUMBER_ELAPSED;
        }
        if (end == code) {
            date = date || strchr("yYdDgG", *code) != NULL ||
                   ((*code == 'e' || *code == 'E') && code[1] != '+' && code[1] != '-');
            month = month || *code == 'm' || *code == 'M';
            time = time || strchr("hHsS", *code) != NULL;
        }
        code = end;
    }
    date = date || (month && !time);
    return date && time ? NUMBER_DATE_TIME : date ? NUMBER_DATE : time ? NUMBER_TIME : NUMBER_PLAIN;
}

// ---- Values

struct civil {
    int64_t year;
    uint32_t month;
    uint32_t day;
};

// Howard Hinnant, "chrono-compatible low-level date algorithms": days from 1 March 0000.
static struct civil civil_from_days(int64_t days)
{
    int64_t era = days / 146097;
    uint32_t of_era = (uint32_t)(days - era * 146097);
    uint32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    uint32_t month = (5 * of_year + 2) / 153;
    return (struct civil){
        .year = (int64_t)year + era * 400 + (month >= 10 ? 1 : 0),
        .month = month < 10 ? month + 3 : month - 9,
        .day = of_year - (153 * month + 2) / 5 + 1,
    };
}

// Day 1 is 1 January 1900, day 61 the 1st of March. False: there is no such date.
static bool date_of(int64_t day, struct civil *ret_date)
{
    if (day < 1 || day > LAST_DAY || day == DAY_THAT_IS_NOT) {
        return false;
    }
    // 693900 days lie between 1 March 0000 and 31 December 1899.
    *ret_date = civil_from_days(693900 + day - (day > DAY_THAT_IS_NOT ? 1 : 0));
    return true;
}

static void write_clock(int64_t seconds, char *to, size_t size)
{
    snprintf(to, size, "%02lld:%02lld:%02lld", (long long)(seconds / 3600),
             (long long)(seconds / 60 % 60), (long long)(seconds % 60));
}

// False: the number says no more than it is.
static bool write_moment(double value, enum number_kind kind, bool from_1904, char to[NUMBER_SIZE])
{
    if (!(value >= 0) || value > LAST_DAY + 1) {
        return false;
    }
    int64_t seconds = llround(value * DAY);
    int64_t day = seconds / DAY;
    if (kind == NUMBER_DATE_OR_TIME) {
        kind = day == 0 ? NUMBER_TIME : seconds % DAY == 0 ? NUMBER_DATE : NUMBER_DATE_TIME;
    }
    if (kind == NUMBER_TIME || kind == NUMBER_ELAPSED) {
        write_clock(kind == NUMBER_TIME ? seconds % DAY : seconds, to, NUMBER_SIZE);
        return true;
    }
    struct civil date;
    if (!date_of(day + (from_1904 ? DAYS_1904 : 0), &date)) {
        return false;
    }
    int length = snprintf(to, NUMBER_SIZE, "%04lld-%02u-%02u", (long long)date.year,
                          (unsigned)date.month, (unsigned)date.day);
    if (kind == NUMBER_DATE_TIME) {
        to[length] = 'T';
        write_clock(seconds % DAY, to + length + 1, NUMBER_SIZE - (size_t)length - 1);
    }
    return true;
}

bool number_write(const char *value, size_t length, enum number_kind kind, bool from_1904,
                  char to[NUMBER_SIZE])
{
    char text[64];
    char *end = NULL;
    if (length == 0 || length >= sizeof(text)) {
        return false;
    }
    memcpy(text, value, length);
    text[length] = '\0';
    // strtod() takes more than a number: words, and numbers to the base 16.
    if (strspn(text, "0123456789+-.eE") != length) {
        return false;
    }
    double number = strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(number)) {
        return false;
    }
    if (kind == NUMBER_PLAIN || !write_moment(number, kind, from_1904, to)) {
        snprintf(to, NUMBER_SIZE, "%.15G", number == 0 ? 0.0 : number);
    }
    return true;
}
