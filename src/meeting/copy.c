// A state is mostly room: lists for a thousand delegations and two thousand papers in a meeting
// that has twenty. What is done with a whole state goes along what is filled, and leaves the rest
// of each list alone, which is zero.
#include "contract/sections.h"
#include "meeting/state.h"

#include <string.h>

#define STRETCHES (MEETING_LISTS + 1)
// A state begins with its meeting, so that what lies somewhere in the one lies there in the other.
_Static_assert(offsetof(struct meeting_state, meeting) == 0, "the meeting stands first");

// A stretch of a state that is filled.
struct stretch {
    size_t at;
    size_t size;
};

static size_t filled(const struct meeting_list *list, const struct meeting_state *state)
{
    uint32_t count;
    memcpy(&count, (const char *)state + list->count_at, sizeof count);
    ASSERT(count <= list->max);
    return count * list->item_size;
}

// What is filled: up to the end of the first list's items, from the end of its room to the end of
// the second's items, and so on.
static void stretches_of(const struct meeting_state *state, struct stretch ret[STRETCHES])
{
    size_t at = 0;
    for (size_t i = 0; i < MEETING_LISTS; i++) {
        const struct meeting_list *list = &meeting_lists[i];
        ASSERT(list->at >= at);
        ret[i] = (struct stretch){at, list->at + filled(list, state) - at};
        at = list->at + list->max * list->item_size;
    }
    ret[MEETING_LISTS] = (struct stretch){at, sizeof *state - at};
}

void state_clear(struct meeting_state *state)
{
    struct stretch filled_stretches[STRETCHES];
    stretches_of(state, filled_stretches);
    for (size_t i = 0; i < STRETCHES; i++) {
        memset((char *)state + filled_stretches[i].at, 0, filled_stretches[i].size);
    }
}

void meeting_state_copy(struct meeting_state *to, const struct meeting_state *from)
{
    struct stretch here[STRETCHES];
    struct stretch there[STRETCHES];
    stretches_of(from, there);
    stretches_of(to, here);
    for (size_t i = 0; i < STRETCHES; i++) {
        size_t end = there[i].at + there[i].size;
        memcpy((char *)to + there[i].at, (const char *)from + there[i].at, there[i].size);
        if (here[i].size > there[i].size) { // of a list that was longer
            memset((char *)to + end, 0, here[i].size - there[i].size);
        }
    }
}

bool meeting_state_equal(const struct meeting_state *a, const struct meeting_state *b)
{
    struct stretch of_a[STRETCHES];
    struct stretch of_b[STRETCHES];
    stretches_of(a, of_a);
    stretches_of(b, of_b);
    for (size_t i = 0; i < STRETCHES; i++) {
        if (of_a[i].size != of_b[i].size ||
            memcmp((const char *)a + of_a[i].at, (const char *)b + of_b[i].at, of_a[i].size) != 0) {
            return false;
        }
    }
    return true;
}
