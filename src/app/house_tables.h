// People, delegations and agendas as tables for spreadsheets, as part of app/house.h: taken in,
// whole or not at all, and given out. Control thread only, but for the sheets themselves, which are
// read and written on a worker (sheet/csv.h, sheet/xlsx.h).
#pragma once

#include "app/house.h"
#include "sheet/sheet.h"

enum house_table {
    HOUSE_TABLE_PEOPLE,
    HOUSE_TABLE_DELEGATIONS,
    HOUSE_TABLE_AGENDA,
    HOUSE_TABLE_COUNT
};
// By its name in an address: "people", "delegations", "agenda".
bool house_table_from_text(const char *text, enum house_table *ret_table);

// What a worker found wrong with the file as a whole is a report too.
void app_table_unread(const struct sheet_refusal *why, struct import_report *ret_report);
// Every row is tried on a copy of the meeting first, by the rules that it would be added by. When
// there is no fault, and it is not `dry`, all of it is added; else nothing is. ERR_NONE with a
// report in both cases.
enum err CHECKED app_table_import(struct app *app, struct house *house, const char *meeting,
                                  enum house_table table, const struct sheet *sheet, bool dry,
                                  struct import_report *ret_report);
// With the headings in this language. The sheet is the caller's.
enum err CHECKED app_table_export(struct app *app, struct house *house, const char *meeting,
                                  enum house_table table, enum language language,
                                  struct sheet **ret_sheet);
// Links for those who have none that works and no account.
enum err CHECKED app_links_make(struct app *app, struct house *house, const char *meeting,
                                int64_t days, struct new_links *ret_links);
