// Tables as comma-separated values (RFC 4180), and what people really send.
//
// Read: UTF-8 and UTF-16 (sheet/encoding.h); lines that end with CR LF, LF or CR; comma, semicolon
// or tab between the cells: the one of which the heading's line has most outside quotes, and of two
// with as many tab before semicolon before comma. The heading's line is the first one with anything
// but these three and blanks. A quoted cell may have line ends and doubled quotes in it; a
// quote within a cell that is not quoted is itself. Empty rows count, trailing ones are dropped.
// The guard against formulas is taken away (sheet/guard.h).
//
// Written: UTF-8 with its mark, without which Excel takes it for Windows-1252; commas; CR LF;
// quotes where a cell has a separator of any kind, a quote or a line's end; every row with all
// columns; guarded. Read again it is the same table.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "sheet/sheet.h"

// ERR_INVALID: `ret_refusal` says why; ERR_FULL: without memory. The sheet is the caller's.
enum err CHECKED sheet_read_csv(const void *bytes, size_t size, struct sheet **ret_sheet,
                                struct sheet_refusal *ret_refusal);
// The bytes are malloc's. ERR_FULL: without memory.
enum err CHECKED sheet_write_csv(const struct sheet *sheet, char **ret_bytes, size_t *ret_size);
