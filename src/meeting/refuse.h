// Inside src/meeting only: refusing, by a reason of contract/refusals.json. Control thread only.
#pragma once

#include "base/err.h"
#include "contract/refusal.h"

struct outcome;

// Why it is refused, with what the reason's words name; return the reason's err.
enum err CHECKED outcome_refuse(struct outcome *outcome, enum refusal_reason reason);
enum err CHECKED outcome_refuse_most(struct outcome *outcome, enum refusal_reason reason,
                                     int64_t most);
enum err CHECKED outcome_refuse_naming(struct outcome *outcome, enum refusal_reason reason,
                                       const char *participant);
// The same where there is no outcome yet.
enum err CHECKED refuse(struct refusal *ret_refusal, enum refusal_reason reason);
enum err CHECKED refuse_most(struct refusal *ret_refusal, enum refusal_reason reason, int64_t most);
