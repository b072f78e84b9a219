// Memory that the supervisor shares with the processes it starts: the board on which each process's
// loops beat (base/heartbeat.h), and what the supervisor had to replace, for control to tell. Each
// process is given only what it needs: media its own board; control its own, media's and the
// record.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/heartbeat.h"
#include "base/time.h"

enum face { FACE_MEDIA, FACE_CONTROL, FACE_COUNT };

const char *face_name(enum face face); // "media", "control"
// The name of a part of the process's board, for the log.
const char *face_part_name(enum face face, unsigned part);
// Parts whose threads give way to others, as bits (struct heartbeat_watch).
uint64_t face_yielding_parts(enum face face);

enum ending { ENDING_DIED, ENDING_HUNG };

struct replacement {
    enum face face;
    enum ending cause;
    time_ms at;
};

#define REPLACEMENTS_KEPT 8

struct replacement_record;

struct vital_signs {
    struct heartbeat_board *boards[FACE_COUNT]; // NULL: not given to this process
    struct replacement_record *record;
    int fds[FACE_COUNT + 1]; // supervisor only
};

// Supervisor. ERR_IO when the kernel gives no shared memory.
enum err CHECKED vital_signs_open(struct vital_signs *ret_signs);
// The same, of a supervisor before this one: ERR_IO when these are not its memories.
enum err CHECKED vital_signs_adopt(const int fds[FACE_COUNT + 1], struct vital_signs *ret_signs);
void vital_signs_close(struct vital_signs *signs);
// Before `face` is started: its board shows nobody.
void vital_signs_wipe(struct vital_signs *signs, enum face face);
// In the child, before its program begins: what this face may have outlives exec.
enum err CHECKED vital_signs_pass(const struct vital_signs *signs, enum face face);
void vital_signs_replaced(struct vital_signs *signs, const struct replacement *replacement);

// A new version took over, or was refused.
void vital_signs_taken_over(struct vital_signs *signs, bool refused);
// Media is of another version than control and stays until nobody needs it.
void vital_signs_media_waits(struct vital_signs *signs, bool waits);
// Of the record, for whoever compares two versions of it.
size_t vital_signs_record_size(void);

// In the process that was started. ERR_NOT_FOUND when nobody passed anything.
enum err CHECKED vital_signs_take(enum face face, struct vital_signs *ret_signs);
// How many replacements there ever were; at most REPLACEMENTS_KEPT are written, newest first.
uint64_t vital_signs_replacements(const struct vital_signs *signs,
                                  struct replacement ret_list[REPLACEMENTS_KEPT],
                                  uint32_t *ret_count);
struct takeover_signs {
    uint64_t done;
    uint64_t refused;
    bool media_waits;
};
struct takeover_signs vital_signs_takeovers(const struct vital_signs *signs);
// Of one face alone, for the figures.
uint64_t vital_signs_replacement_total(const struct vital_signs *signs, enum face face);
