// The texts of the live protocol, from server to client (docs/protocol.md). New strings from
// malloc; NULL when memory is short. Private to src/api.
#pragma once

#include "api/live_table.h"
#include "api/problem.h"
#include "api/snapshot.h"
#include "app/app.h"

#define LIVE_PROTOCOL 1

// Those of a further stream name it; `of` is the subscription that a message belongs to.
// `audience`: oneself, for one of the audience; else NULL.
char *live_message_hello(const struct live_subscription *of, const struct participant *audience,
                         bool resumed, time_ms wall);
char *live_message_snapshot(const struct live_subscription *of, const struct snapshot *snapshot);
char *live_message_notice(const struct live_subscription *of, const struct notice *notice);
char *live_message_reply(const struct live_subscription *of, uint64_t id,
                         const struct app_reply *reply);
// `of` may be NULL: it is about none.
char *live_message_problem(const struct live_subscription *of, uint64_t id,
                           const struct problem *problem);
// With the time of each further stream that the connection follows.
char *live_message_ping(const struct live_connection *entry, const struct app *app, time_ms wall);
