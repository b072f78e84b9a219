// A state is mostly room: lists for a thousand delegations and two thousand papers in a meeting
// that has twenty. What is done with a whole state goes along what is filled, and leaves the rest
// of each long list alone, which is zero.
#include "meeting/state.h"

#include <string.h>

struct long_list {
    size_t at; // within struct meeting_state, in this order
    size_t count_at;
    size_t item_size;
    size_t max;
};

#define LONG_LIST(list, most)                                                             \
    {                                                                                     \
        offsetof(struct meeting_state, meeting.list),                                     \
            offsetof(struct meeting_state, meeting.list##_count),                         \
            sizeof(((const struct meeting_state *)NULL)->meeting.list[0]), (size_t)(most) \
    }

static const struct long_list long_lists[] = {
    LONG_LIST(delegations, MEETING_DELEGATIONS_MAX),
    LONG_LIST(participants, MEETING_PARTICIPANTS_MAX),
    LONG_LIST(agenda, MEETING_AGENDA_MAX),
    LONG_LIST(documents, MEETING_DOCUMENTS_MAX),
};
#define LONG_LISTS (sizeof long_lists / sizeof long_lists[0])

// A stretch of a state that is filled.
struct stretch {
    size_t at;
    size_t size;
};

static size_t filled(const struct long_list *list, const struct meeting_state *state)
{
    uint32_t count;
    memcpy(&count, (const char *)state + list->count_at, sizeof count);
    ASSERT(count <= list->max);
    return count * list->item_size;
}

// What is filled: up to the end of the first list's items, from the end of its room to the end of
// the second's items, and so on.
static void stretches_of(const struct meeting_state *state, struct stretch ret[LONG_LISTS + 1])
{
    size_t at = 0;
    for (size_t i = 0; i < LONG_LISTS; i++) {
        const struct long_list *list = &long_lists[i];
        ASSERT(list->at >= at);
        ret[i] = (struct stretch){at, list->at + filled(list, state) - at};
        at = list->at + list->max * list->item_size;
    }
    ret[LONG_LISTS] = (struct stretch){at, sizeof *state - at};
}

void state_clear(struct meeting_state *state)
{
    struct stretch filled_stretches[LONG_LISTS + 1];
    stretches_of(state, filled_stretches);
    for (size_t i = 0; i <= LONG_LISTS; i++) {
        memset((char *)state + filled_stretches[i].at, 0, filled_stretches[i].size);
    }
}

void meeting_state_copy(struct meeting_state *to, const struct meeting_state *from)
{
    struct stretch here[LONG_LISTS + 1];
    struct stretch there[LONG_LISTS + 1];
    stretches_of(from, there);
    stretches_of(to, here);
    for (size_t i = 0; i <= LONG_LISTS; i++) {
        size_t end = there[i].at + there[i].size;
        memcpy((char *)to + there[i].at, (const char *)from + there[i].at, there[i].size);
        if (here[i].size > there[i].size) { // of a list that was longer
            memset((char *)to + end, 0, here[i].size - there[i].size);
        }
    }
}

bool meeting_state_equal(const struct meeting_state *a, const struct meeting_state *b)
{
    struct stretch of_a[LONG_LISTS + 1];
    struct stretch of_b[LONG_LISTS + 1];
    stretches_of(a, of_a);
    stretches_of(b, of_b);
    for (size_t i = 0; i <= LONG_LISTS; i++) {
        if (of_a[i].size != of_b[i].size ||
            memcmp((const char *)a + of_a[i].at, (const char *)b + of_b[i].at, of_a[i].size) != 0) {
            return false;
        }
    }
    return true;
}
