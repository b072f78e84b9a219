// Where the meetings' clocks are kept while the control process is started again: a piece of memory
// that belongs to the supervisor and that control alone is given. On disk it would be of no use:
// the monotonic time that it is measured from ends with the machine.
#pragma once

#include "app/app.h"
#include "base/err.h"

// Supervisor: room for so many meetings' clocks. Not inherited as it stands.
enum err CHECKED clock_memory_create(uint32_t count);
// Supervisor: the descriptor of it, for the one that comes after, and what that one does with it.
int clock_memory_fd(void);
void clock_memory_adopt(int fd);
// In the child that becomes control, before it does: it inherits the memory.
void clock_memory_pass(void);
// Control: *ret_clocks is NULL, and *ret_count 0, when there is none; valid as long as the process.
void clock_memory_take(uint32_t count, struct app_clock_place **ret_clocks, uint32_t *ret_count);
