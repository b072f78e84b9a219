// Names for files that somebody else named, safe on every system that may unpack them: a number in
// front, which keeps them apart and in order where large and small letters are one and where forms
// of a letter are, and which makes none of them hidden or a device's. Pure: any thread.
#pragma once

#include <stddef.h>

// "012 Title.pdf" in `to`. `title` is UTF-8; what some system takes for a part of a path, and what
// is not seen or turns the line around, becomes a hyphen or goes; cut between two characters.
// `digits` of the number are written at least. `ending` begins with a dot. `size` has room for
// number, ending and 16 bytes at least.
void file_name_of(size_t number, int digits, const char *title, const char *ending, char *to,
                  size_t size);
