// Who of this process writes to the database next. SQLite has one writer at a time and no order
// among those that wait: each looks again after a while, and whoever writes many pieces one after
// the other has nearly always begun the next by then. Private to src/store.
#pragma once

enum write_turn_rank {
    WRITE_TURN_JOURNAL, // before any piece that has not begun
    WRITE_TURN_PIECE,   // of contents that come or go
};

// Waits, for one piece at most when it is the journal's. Any thread, none twice; short: others wait
// until it is given back.
void write_turn_take(enum write_turn_rank rank);
void write_turn_give(void);
