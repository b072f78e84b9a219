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

// What has been emitted is applied already: nobody decides something and refuses then.
static struct refusal *outcome_refusal(struct outcome *outcome)
{
    ASSERT(outcome->events == NULL || (outcome->events->count == 0 && !outcome->drafted));
    return &outcome->refusal;
}

enum err outcome_refuse(struct outcome *outcome, enum refusal_reason reason)
{
    return refuse(outcome_refusal(outcome), reason);
}

enum err outcome_refuse_most(struct outcome *outcome, enum refusal_reason reason, int64_t most)
{
    return refuse_most(outcome_refusal(outcome), reason, most);
}

enum err outcome_refuse_naming(struct outcome *outcome, enum refusal_reason reason,
                               const char *participant)
{
    struct refusal *refusal = outcome_refusal(outcome);
    enum err err = refuse(refusal, reason);
    id_copy(refusal->participant, participant);
    return err;
}
