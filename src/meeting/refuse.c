#include "meeting/meeting_priv.h"

enum err refuse_most(struct refusal *ret_refusal, enum refusal_reason reason, int64_t most)
{
    *ret_refusal = (struct refusal){.reason = reason, .most = most};
    return refusal_reason_err(reason);
}

enum err refuse(struct refusal *ret_refusal, enum refusal_reason reason)
{
    return refuse_most(ret_refusal, reason, 0);
}

enum err outcome_refuse(struct outcome *outcome, enum refusal_reason reason)
{
    return refuse(&outcome->refusal, reason);
}

enum err outcome_refuse_most(struct outcome *outcome, enum refusal_reason reason, int64_t most)
{
    return refuse_most(&outcome->refusal, reason, most);
}

enum err outcome_refuse_naming(struct outcome *outcome, enum refusal_reason reason,
                               const char *participant)
{
    enum err err = refuse(&outcome->refusal, reason);
    id_copy(outcome->refusal.participant, participant);
    return err;
}
