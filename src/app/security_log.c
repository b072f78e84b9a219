#include "app/security_log.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"

#define MILLI 1000

void security_log_init(struct security_log *log, time_ms now)
{
    *log = (struct security_log){.last_at = now, .milli = SECURITY_LOG_BURST * MILLI};
}

static bool take_line(struct security_log *log, time_ms now)
{
    int64_t passed = now > log->last_at ? now - log->last_at : 0;
    int64_t full = SECURITY_LOG_BURST * MILLI;
    log->last_at = now;
    log->milli = passed > full / SECURITY_LOG_PER_S ? full
                                                    : log->milli + passed * SECURITY_LOG_PER_S;
    log->milli = log->milli < full ? log->milli : full;
    if (log->milli < MILLI) {
        return false;
    }
    log->milli -= MILLI;
    return true;
}

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

void security_log_write(struct security_log *log, const struct security_event *event, time_ms now)
{
    if (!take_line(log, now)) {
        log->left_out++;
        return;
    }
    if (log->left_out > 0) {
        log_event(LOG_WARNING, "security.lines_left_out", LOG_INT("count", log->left_out));
        log->left_out = 0;
    }
    log_event(event->reason != NULL ? LOG_WARNING : LOG_INFO, event->event,
              LOG_TEXT("who", or_nothing(event->who)), LOG_TEXT("about", or_nothing(event->about)),
              LOG_TEXT("meeting", or_nothing(event->meeting)),
              LOG_TEXT("remote", or_nothing(event->remote)),
              LOG_TEXT("reason", or_nothing(event->reason)));
}
