// The app's figures for /metrics, and what the media process counted.
#include <stdio.h>

#include "app/app_priv.h"
#include "base/assert.h"
#include "store/mail_queue.h"

struct figure_text {
    char name[48];
    char help[96];
};

// The names of commands' results, made once from the list of errors.
static struct figure_text result_texts[ERR_COUNT];

static void add_figure(struct app *app, uint32_t *count, const char *name, const char *help,
                       bool is_counter, uint64_t value)
{
    ASSERT(*count < APP_FIGURES_MAX);
    app->figures[(*count)++] = (struct app_figure){name, help, is_counter, value};
}

static void add_results(struct app *app, uint32_t *count)
{
    for (int err = 0; err < ERR_COUNT; err++) {
        struct figure_text *text = &result_texts[err];
        if (app->commands_by_result[err] == 0 && err != ERR_NONE && err != ERR_FORBIDDEN &&
            err != ERR_CONFLICT) {
            continue; // most errors never answer a command
        }
        const char *slug = err == ERR_NONE ? "carried_out" : err_slug((enum err)err);
        snprintf(text->name, sizeof(text->name), "plenary_commands_%s_total", slug);
        for (char *at = text->name; *at != '\0'; at++) {
            *at = *at == '-' ? '_' : *at;
        }
        snprintf(text->help, sizeof(text->help), "Commands answered: %s.",
                 err == ERR_NONE ? "carried out" : err_slug((enum err)err));
        add_figure(app, count, text->name, text->help, true, app->commands_by_result[err]);
    }
}

static void add_mails(struct app *app, uint32_t *count)
{
    const struct mailing *mailing = &app->mailing;
    struct mail_counts mails = {{0}};
    if (!app_mail_possible(app) || mail_queue_count(app->store, &mails) != ERR_NONE) {
        return;
    }
    add_figure(app, count, "plenary_mails_waiting", "Mails that the mail server has not taken yet.",
               false, mails.of[MAIL_WAITING]);
    add_figure(app, count, "plenary_mails_failed",
               "Mails of the last 90 days that will not arrive.", false, mails.of[MAIL_FAILED]);
    add_figure(app, count, "plenary_mails_sent_total", "Mails that the mail server has taken.",
               true, mailing->taken);
    add_figure(app, count, "plenary_mails_put_off_total", "Tries that the mail server put off.",
               true, mailing->put_off);
    add_figure(app, count, "plenary_mail_server_answers",
               "0 while the mail server cannot be reached or takes no mail.", false,
               mailing->pause == 0);
}

const struct app_figure *app_figures(struct app *app, uint32_t *ret_count)
{
    const struct outbox *outbox = &app->outbox;
    uint32_t count = 0;
    add_figure(app, &count, "plenary_meetings", "Meetings in memory.", false, app->meeting_count);
    add_figure(app, &count, "plenary_meetings_set_aside", "Meetings whose journals cannot be read.",
               false, app->set_aside_count);
    add_figure(app, &count, "plenary_live_connections", "Live connections of participants.", false,
               app->connections.used);
    add_figure(app, &count, "plenary_peers", "Media connections of participants.", false,
               app->peers.used);
    add_figure(app, &count, "plenary_door_sessions", "Sessions of WHIP and WHEP.", false,
               app->doors.used);
    add_figure(app, &count, "plenary_media_ready",
               "1 while the media process is connected and knows the whole wish.", false,
               app->link.phase == APP_LINK_READY);
    add_figure(app, &count, "plenary_media_messages_refused_total",
               "Messages that the link to the media process did not take.", true,
               app->link.messages_refused);
    add_figure(app, &count, "plenary_commits_total", "Batches of events committed.", true,
               outbox->committed_batches);
    add_figure(app, &count, "plenary_commit_microseconds_total",
               "Time from decision to acknowledgement, of all batches.", true,
               outbox->commit_us_total);
    add_figure(app, &count, "plenary_commit_longest_microseconds",
               "The longest of these since the start.", false, outbox->commit_us_longest);
    add_figure(app, &count, "plenary_commits_waiting", "Batches decided and not yet committed.",
               false, outbox->batches);
    add_figure(
        app, &count, "plenary_store_state",
        "What can be written: 0 all, 1 the disk will be full, 2 the last reserve, 3 nothing.",
        false, app->store_told);
    add_figure(app, &count, "plenary_store_free_bytes",
               "Free on the disk of the database, as looked up every second.", false,
               store_health(app->store).free_bytes);
    add_figure(app, &count, "plenary_store_closed_total",
               "How often the journal could not be written.", true, app->closings);
    add_mails(app, &count);
    add_results(app, &count);
    for (uint32_t i = 0; i < app->media_counter_count; i++) {
        add_figure(app, &count, app->media_counters[i].name, "As counted by the media process.",
                   true, app->media_counters[i].value);
    }
    *ret_count = count;
    return app->figures;
}
