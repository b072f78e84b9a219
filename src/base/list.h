// A list of structures that hold their own links: no allocation, zeroed memory is an empty list and
// a link in no list. Adding puts in front; adding and removing take one step and walk over nothing.
// What is in a list must not move. One thread, or the lock of whoever owns the list.
//
// Walk by the links, `for (struct list_link *at = list.first; at != NULL; at = at->next)`, and take
// LIST_ITEM of each; who removes the one at hand reads `next` before.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/assert.h"

struct list_link {
    struct list_link *next;
    struct list_link **pointer; // the one that points here; NULL: in no list
};

struct list {
    struct list_link *first; // NULL: empty
};

// The structure of `type` whose `member` is this link, which is never NULL.
#define LIST_ITEM(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline bool list_has(const struct list_link *link)
{
    return link->pointer != NULL;
}

static inline void list_add(struct list *list, struct list_link *link)
{
    ASSERT(link->pointer == NULL);
    link->next = list->first;
    link->pointer = &list->first;
    if (link->next != NULL) {
        link->next->pointer = &link->next;
    }
    list->first = link;
}

// From whichever list it is in; nothing when it is in none.
static inline void list_remove(struct list_link *link)
{
    if (link->pointer == NULL) {
        return;
    }
    ASSERT(*link->pointer == link);
    *link->pointer = link->next;
    if (link->next != NULL) {
        link->next->pointer = link->pointer;
    }
    *link = (struct list_link){.next = NULL};
}
