// The interpreters' chats: who is a member of which. Pure; any thread.
#pragma once

#include <stdbool.h>

#include "contract/types.h"

// Whether this person reads a line of the room; `booth` is the line's language, `own` the person's.
bool chat_reads(enum chat_room room, enum language booth, enum capacity capacity,
                enum language own);
