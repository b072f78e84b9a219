#include "server/takeover.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "server/inheritance.h"
#include "store/store.h"

#define PATIENCE_FACTOR 10 // of what the control that runs needed to begin
#define PATIENCE_LEAST  (8 * TIME_US_PER_S)
#define PROVEN_US       (2 * TIME_US_PER_S) // of beats, for one that cannot answer yet

void takeover_init(struct takeover *takeover)
{
    *takeover = (struct takeover){
        .candidate = {.fd = -1}, .next = {.fd = -1}, .rehearsal = {.fd = -1}};
}

void takeover_wish(struct takeover *takeover)
{
    takeover->wished = true;
}

void takeover_control_ready(struct takeover *takeover)
{
    takeover->proven = takeover->phase == TAKEOVER_BEGINNING;
}

bool takeover_process_ended(struct takeover *takeover, pid_t pid, int status)
{
    return rehearsal_ended(&takeover->rehearsal, pid, status);
}

static time_us patience(const struct child *control)
{
    time_us least = control->silence_max != 0 ? control->silence_max : PATIENCE_LEAST;
    time_us wanted = PATIENCE_FACTOR * control->began_after;
    if (control->began_after == 0 || wanted > control->begin_max) {
        return control->begin_max;
    }
    return wanted > least ? wanted : least;
}

static enum takeover_news refuse(struct takeover *takeover)
{
    log_event(LOG_ERROR, "takeover.refused", LOG_TEXT("program", takeover->path),
              LOG_TEXT("reason", takeover->words));
    vital_signs_taken_over(takeover->signs, true);
    program_close(&takeover->candidate);
    takeover->phase = TAKEOVER_IDLE;
    return TAKEOVER_REFUSED;
}

static enum takeover_news begin(struct takeover *takeover, time_us now)
{
    struct text_builder words = text_builder(takeover->words, sizeof(takeover->words));
    takeover->wished = false;
    takeover->patience = patience(takeover->control);
    log_event(LOG_INFO, "takeover.asked", LOG_TEXT("program", takeover->path));
    enum err err = program_open(takeover->path, &takeover->candidate);
    if (err != ERR_NONE) {
        text_append_format(&words, "%s", err == ERR_INVALID ? "it is no file" : strerror(errno));
        return refuse(takeover);
    }
    if (rehearsal_begin(&takeover->rehearsal, &takeover->candidate, now + takeover->patience) !=
        ERR_NONE) {
        text_append(&words, "there is no process to be had");
        return refuse(takeover);
    }
    takeover->phase = TAKEOVER_REHEARSING;
    return TAKEOVER_BEGAN;
}

// Nothing has been touched up to here.
static enum takeover_news stop_old(struct takeover *takeover, time_us now)
{
    char layout[TAKEOVER_LAYOUT_MAX + 1];
    struct child *media = takeover->media;
    inheritance_layout(layout);
    if (!text_equal(layout, takeover->facts.layout)) {
        struct text_builder words = text_builder(takeover->words, sizeof(takeover->words));
        text_append_format(&words,
                           "version %s shares its memory otherwise than this one: restart the "
                           "service when no sitting is open",
                           takeover->facts.version);
        return refuse(takeover);
    }
    program_close(&takeover->next);
    takeover->next = takeover->candidate;
    takeover->next.link = takeover->facts.link;
    takeover->candidate.fd = -1;
    uint32_t link = media->pid != 0 ? media->link : media->program->link;
    takeover->media_too = link != takeover->next.link;
    log_event(LOG_INFO, "takeover.begins", LOG_TEXT("version", takeover->facts.version),
              LOG_INT("tables", takeover->facts.tables), LOG_INT("makes", takeover->facts.makes));
    takeover->control->held = true;
    takeover->control->program = &takeover->next;
    child_tell_to_stop(takeover->control, now);
    if (takeover->media_too) {
        log_event(LOG_WARNING, "media.replaced_at_once",
                  LOG_TEXT("reason",
                           "the new control does not speak its language: sound is away "
                           "until it has begun anew"),
                  LOG_INT("link", link), LOG_INT("link_wanted", takeover->next.link));
        media->held = true;
        media->program = &takeover->next;
        child_tell_to_stop(media, now);
    }
    takeover->phase = TAKEOVER_STOPPING;
    return TAKEOVER_NOTHING;
}

static enum takeover_news judge(struct takeover *takeover, time_us now)
{
    bool ready = rehearsal_judge(&takeover->rehearsal, &takeover->facts, takeover->words,
                                 sizeof(takeover->words));
    rehearsal_abandon(&takeover->rehearsal);
    if (ready) {
        return stop_old(takeover, now);
    }
    // What the old one cannot read either is no reason.
    if (takeover->facts.unreadable > 0 && rehearsal_begin(&takeover->rehearsal, takeover->own,
                                                          now + takeover->patience) == ERR_NONE) {
        takeover->phase = TAKEOVER_COMPARING;
        return TAKEOVER_NOTHING;
    }
    return refuse(takeover);
}

static enum takeover_news compare(struct takeover *takeover, time_us now)
{
    struct takeover_facts own;
    char words[TAKEOVER_WORDS_MAX + 1] = "";
    (void)rehearsal_judge(&takeover->rehearsal, &own, words, sizeof(words));
    rehearsal_abandon(&takeover->rehearsal);
    if (takeover->facts.unreadable > own.unreadable) {
        return refuse(takeover);
    }
    log_event(LOG_WARNING, "takeover.unreadable", LOG_TEXT("reason", takeover->words),
              LOG_INT("meetings", takeover->facts.unreadable));
    return stop_old(takeover, now);
}

static bool is_stopped(const struct takeover *takeover)
{
    return takeover->control->pid == 0 && (!takeover->media_too || takeover->media->pid == 0);
}

static void start_new(struct takeover *takeover, time_us now)
{
    if (takeover->media_too) {
        takeover->media->held = false;
        child_start(takeover->media, takeover->signs, takeover->sockets, now);
    }
    sockets_forget_news(takeover->sockets); // the old one's
    takeover->proven = false;
    takeover->deadline = now + takeover->patience;
    takeover->phase = TAKEOVER_BEGINNING;
    child_start(takeover->control, takeover->signs, takeover->sockets, now);
}

static enum takeover_news undo(struct takeover *takeover, time_us now)
{
    struct text_builder words = text_builder(takeover->words, sizeof(takeover->words));
    int64_t tables = 0;
    bool migrated = store_version_of(STORE_FILE_NAME, &tables) == ERR_NONE &&
                    tables > store_version();
    text_append_format(&words, "version %s did not begin; ", takeover->facts.version);
    if (migrated) {
        text_append_format(&words,
                           "it has brought the database to version %lld, which the one before "
                           "(%lld) cannot open: the new one is tried on, nothing else can",
                           (long long)tables, (long long)store_version());
    } else {
        text_append(&words, "the one before goes on");
        takeover->control->program = takeover->own;
        if (takeover->media_too) {
            child_tell_to_stop(takeover->media, now);
            takeover->media->program = takeover->own;
        }
    }
    log_event(LOG_ERROR, "takeover.undone", LOG_TEXT("program", takeover->path),
              LOG_TEXT("reason", takeover->words));
    vital_signs_taken_over(takeover->signs, true);
    takeover->control->held = false;
    takeover->control->start_at = now;
    takeover->phase = TAKEOVER_IDLE;
    return TAKEOVER_UNDONE;
}

static enum takeover_news watch_new(struct takeover *takeover, time_us now)
{
    struct child *control = takeover->control;
    bool begun = control->began_after != 0;
    if (control->pid == 0) {
        return undo(takeover, now);
    }
    if (takeover->proven ||
        (begun && now - control->started_at >= control->began_after + PROVEN_US)) {
        control->held = false;
        takeover->phase = TAKEOVER_IDLE;
        vital_signs_taken_over(takeover->signs, false);
        log_event(LOG_INFO, "takeover.done", LOG_TEXT("version", takeover->facts.version),
                  LOG_INT("pid", control->pid));
        return TAKEOVER_DONE;
    }
    if (!begun && now >= takeover->deadline) {
        (void)kill(control->pid, SIGKILL);
        takeover->phase = TAKEOVER_FAILING;
    }
    return TAKEOVER_NOTHING;
}

enum takeover_news takeover_turn(struct takeover *takeover, time_us now)
{
    switch (takeover->phase) {
    case TAKEOVER_IDLE: return takeover->wished ? begin(takeover, now) : TAKEOVER_NOTHING;
    case TAKEOVER_REHEARSING:
        return rehearsal_look(&takeover->rehearsal, now) ? judge(takeover, now) : TAKEOVER_NOTHING;
    case TAKEOVER_COMPARING:
        return rehearsal_look(&takeover->rehearsal, now) ? compare(takeover, now)
                                                         : TAKEOVER_NOTHING;
    case TAKEOVER_STOPPING:
        if (is_stopped(takeover)) {
            start_new(takeover, now);
        }
        return TAKEOVER_NOTHING;
    case TAKEOVER_BEGINNING: return watch_new(takeover, now);
    case TAKEOVER_FAILING:
        return takeover->control->pid == 0 ? undo(takeover, now) : TAKEOVER_NOTHING;
    }
    return TAKEOVER_NOTHING;
}

void takeover_finish(struct takeover *takeover)
{
    rehearsal_abandon(&takeover->rehearsal);
    program_close(&takeover->candidate);
    program_close(&takeover->next);
}
