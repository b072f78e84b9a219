// What every job on the worker of passwords begins with: its place in their queue
// (api/password_queue.h), which says who is next. Private to src/api; control thread only.
#pragma once

#include "api/job.h"
#include "api/password_queue.h"

struct password_job {
    struct job job; // its kind's size is that of the whole, whose first member this is
    struct password_place place;
};

extern const struct job_order password_order;

// It waits, or is at work, or its call is refused already. `known`: has signed in from there, or is
// in: it waits for no stranger. `remote`: the address; may be NULL.
void password_job_begin(struct password_job *job, const char *account, const char *remote,
                        bool known);
