// A folder of one's own as the working directory, removed with all it holds.
#pragma once

int place_enter(void **state);
int place_leave(void **state);
// Writes a file there.
void place_put(const char *name, const char *text);
