// The texts of the live protocol, from server to client (docs/protocol.md). New strings from
// malloc; NULL when memory is short. Private to src/api.
#pragma once

#include "api/live_table.h"
#include "api/problem.h"
#include "app/app.h"

#define LIVE_PROTOCOL 1

char *live_message_hello(const struct live_connection *entry, bool resumed, time_ms wall);
char *live_message_snapshot(const struct live_connection *entry, const struct meeting *meeting);
char *live_message_notice(const struct notice *notice);
char *live_message_reply(uint64_t id, const struct app_reply *reply);
char *live_message_problem(uint64_t id, const struct problem *problem);
char *live_message_ping(time_ms wall);
