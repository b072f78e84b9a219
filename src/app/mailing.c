// Gives the mails that are due to the mail server, one at a time, and writes down what came of
// each. A server that cannot be reached, or that takes no mail at all, is no fault of a mail's: all
// wait, and none of its tries is counted.
#include "app/mailing.h"

#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/part.h"
#include "app/secret.h"
#include "base/log.h"
#include "base/text.h"
#include "mail/message.h"
#include "store/mail_queue.h"

#define LOOK_EVERY_US (1 * TIME_US_PER_S) // another process may have put one there
#define TIDY_EVERY_US (INT64_C(3600) * TIME_US_PER_S)
#define HOLD_US       (15 * TIME_US_PER_S) // doubled at each failure
#define HOLD_MAX_US   (600 * TIME_US_PER_S)
#define MINUTE_MS     INT64_C(60000)
#define DAY_MS        (1440 * MINUTE_MS)
#define TRIED_FOR_MS  (5 * DAY_MS)  // RFC 5321 section 4.5.4.1
#define KEPT_FOR_MS   (90 * DAY_MS) // what became of it

// ---- Posting

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

// Whether the message can be written, which is found out before it is promised. From whom it is is
// not known here, and no matter.
static enum err check(const struct mail_row *row)
{
    const struct mail mail = {.id = row->id,
                              .from = "plenary@example.org",
                              .from_name = "",
                              .to = row->address,
                              .to_name = row->name,
                              .subject = row->subject,
                              .language = row->language,
                              .text = row->text,
                              .calendar = row->calendar[0] != '\0' ? row->calendar : NULL,
                              .method = row->method};
    return mail_check(&mail);
}

static void fill_row(struct mail_row *row, const struct app_mail *mail, time_ms wall)
{
    *row = (struct mail_row){.address = mail->to,
                             .name = or_empty(mail->to_name),
                             .language = language_text(mail->language),
                             .subject = mail->subject,
                             .text = mail->text,
                             .calendar = or_empty(mail->calendar),
                             .method = or_empty(mail->method),
                             .secret = mail->secret,
                             .created_at = wall};
    secret_make_id("mail-", row->id);
}

void app_mail_serve(struct app *app, const struct app_mail_port *port)
{
    app->mailing.port = *port;
    app_wake_at(app, app->now);
}

bool app_mail_possible(const struct app *app)
{
    return app->mailing.port.give != NULL;
}

enum err app_mail_post(struct app *app, const struct app_mail *mails, uint32_t count,
                       uint32_t *ret_which)
{
    *ret_which = 0;
    if (!app_mail_possible(app)) {
        return ERR_UNAVAILABLE;
    }
    struct mail_row *rows = count <= APP_MAILS_MAX ? calloc(count + 1, sizeof(*rows)) : NULL;
    enum err err = rows != NULL ? ERR_NONE : ERR_FULL;
    for (uint32_t i = 0; i < count && err == ERR_NONE; i++) {
        *ret_which = i;
        fill_row(&rows[i], &mails[i], app->wall);
        err = check(&rows[i]);
    }
    if (err == ERR_NONE) {
        err = mail_queue_add(app->store, rows, count);
    }
    free(rows);
    if (err == ERR_NONE) {
        app->mailing.look_at = app->now;
        app_wake_at(app, app->now);
    }
    return err;
}

// ---- What came of one

// Before the next try, when there were so many.
static time_ms wait_after(uint32_t tries)
{
    static const int64_t minutes[] = {1, 5, 15, 60, 180, 360};
    const uint32_t last = sizeof(minutes) / sizeof(minutes[0]) - 1;
    return minutes[tries < last ? tries : last] * MINUTE_MS;
}

static void hold(struct app *app)
{
    struct mailing *mailing = &app->mailing;
    if (mailing->pause == 0) {
        log_event(LOG_WARNING, "mail.server_takes_nothing",
                  LOG_TEXT("words", mailing->answer.words));
    }
    mailing->pause = mailing->pause == 0                ? HOLD_US
                     : mailing->pause * 2 < HOLD_MAX_US ? mailing->pause * 2
                                                        : HOLD_MAX_US;
    mailing->held_until = app->now + mailing->pause;
}

static enum err note_later(struct app *app)
{
    struct mailing *mailing = &app->mailing;
    bool reached = mailing->answer.outcome != MAIL_UNREACHABLE;
    if (app->wall - mailing->created_at >= TRIED_FOR_MS) {
        return mail_queue_failed(app->store, mailing->id, app->wall, mailing->answer.words);
    }
    // Where none was seen, it goes behind all others that are due.
    return mail_queue_put_off(app->store, mailing->id, reached,
                              app->wall + (reached ? wait_after(mailing->tries) : 1),
                              mailing->answer.words);
}

static enum err note_outcome(struct app *app)
{
    const struct mailing *mailing = &app->mailing;
    switch (mailing->answer.outcome) {
    case MAIL_TAKEN: return mail_queue_sent(app->store, mailing->id, app->wall);
    case MAIL_REFUSED:
        return mail_queue_failed(app->store, mailing->id, app->wall, mailing->answer.words);
    case MAIL_PUT_OFF:
    case MAIL_UNREACHABLE: return note_later(app);
    }
    return ERR_INTERNAL;
}

static void count_outcome(struct mailing *mailing)
{
    mailing->taken += mailing->answer.outcome == MAIL_TAKEN;
    mailing->put_off += mailing->answer.outcome == MAIL_PUT_OFF;
    if (mailing->answer.outcome != MAIL_TAKEN && mailing->answer.outcome != MAIL_UNREACHABLE) {
        log_event(LOG_WARNING, "mail.not_taken", LOG_TEXT("mail", mailing->id),
                  LOG_TEXT("words", mailing->answer.words));
    }
}

// False while it cannot be written: nothing else is sent then, or it would go out again.
static bool write_down(struct app *app)
{
    struct mailing *mailing = &app->mailing;
    enum err err = note_outcome(app);
    if (err != ERR_NONE && err != ERR_NOT_FOUND) {
        return false;
    }
    if (mailing->answer.outcome == MAIL_UNREACHABLE) {
        hold(app);
    } else if (mailing->pause > 0) {
        mailing->pause = 0;
        log_event(LOG_INFO, "mail.server_answers", LOG_TEXT("mail", mailing->id));
    }
    count_outcome(mailing);
    mailing->log_has_secret = mailing->log_has_secret || mailing->secret;
    mailing->answered = false;
    return true;
}

void app_mail_done(struct app *app, const struct mail_answer *answer, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    app->mailing.under_way = false;
    app->mailing.answered = true;
    app->mailing.answer = *answer;
    app->mailing.look_at = now;
    app_wake_at(app, now);
}

// ---- The next one

static void give(struct app *app, struct mail_row *row)
{
    struct mailing *mailing = &app->mailing;
    text_copy_cut(mailing->id, sizeof(mailing->id), row->id);
    mailing->tries = row->tries;
    mailing->created_at = row->created_at;
    mailing->secret = row->secret;
    mailing->under_way = mailing->port.give(mailing->port.context, row);
    if (!mailing->under_way) {
        mail_row_free(row);
    }
}

// What the log of the database holds of texts that were erased goes when there is nothing else to
// do.
static void forget_texts(struct app *app)
{
    struct mailing *mailing = &app->mailing;
    if (mailing->log_has_secret && store_empty_log(app->store) == ERR_NONE) {
        mailing->log_has_secret = false;
    }
}

static void give_next(struct app *app)
{
    struct mail_row *row = NULL;
    enum err err = mail_queue_next(app->store, app->wall, &row);
    if (err == ERR_NOT_FOUND) {
        return;
    }
    if (err != ERR_NONE) {
        log_event(LOG_WARNING, "mail.not_read", LOG_TEXT("error", err_slug(err)));
        return;
    }
    if (app->wall - row->created_at < TRIED_FOR_MS) {
        give(app, row);
        return;
    }
    // Nobody asked for it in time: what it says may not be so any more.
    err = mail_queue_failed(app->store, row->id, app->wall,
                            row->error[0] != '\0' ? row->error : "not sent within five days");
    app->mailing.log_has_secret = app->mailing.log_has_secret || row->secret;
    app->mailing.look_at = err == ERR_NONE ? app->now : app->mailing.look_at;
    mail_row_free(row);
}

static void tidy(struct app *app)
{
    if (app->mailing.tidy_at <= app->now) {
        app->mailing.tidy_at = app->now + TIDY_EVERY_US;
        (void)!mail_queue_tidy(app->store, app->wall - KEPT_FOR_MS); // an hour later again
    }
}

static void mailing_on_deadline(struct app *app)
{
    struct mailing *mailing = &app->mailing;
    if (!app_mail_possible(app) || mailing->look_at > app->now) {
        return;
    }
    mailing->look_at = app->now + LOOK_EVERY_US;
    if (app->store_closed || app->stopping || (mailing->answered && !write_down(app))) {
        return;
    }
    if (!mailing->under_way && mailing->held_until <= app->now) {
        give_next(app);
    }
    if (!mailing->under_way) {
        forget_texts(app);
    }
    tidy(app);
}

static time_us mailing_next_deadline(const struct app *app)
{
    return app_mail_possible(app) ? app->mailing.look_at : TIME_US_NEVER;
}

const struct app_part mailing_part = {.on_deadline = mailing_on_deadline,
                                      .next_deadline = mailing_next_deadline};
