#include "server/supervisor_line.h"

#include <unistd.h>

#include "app/media_idle.h"
#include "server/sockets.h"

#define LOOK_EVERY_US TIME_US_PER_S

static void say(const struct supervisor_line *line, char news)
{
    (void)!write(line->fd, &news, 1); // who does not read it, has ended
}

bool supervisor_line_ready(struct supervisor_line *line)
{
    if (line->announced) {
        return false;
    }
    line->announced = true;
    say(line, SOCKETS_NEWS_READY);
    return true;
}

void supervisor_line_look(struct supervisor_line *line, const struct vital_signs *signs,
                          const struct app *app, time_us now)
{
    if (now - line->looked_at < LOOK_EVERY_US || !vital_signs_takeovers(signs).media_waits) {
        return;
    }
    line->looked_at = now;
    if (app_media_idle(app)) {
        say(line, SOCKETS_NEWS_MEDIA_IDLE);
    }
}
