#include "server/mail_service.h"

#include <stdlib.h>
#include <string.h>

#include "app/mailing.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "mail/message.h"
#include "server/public_url.h"
#include "store/mail_queue.h"

struct mail_service {
    char url[PUBLIC_URL_MAX];
    const struct config *config; // borrowed
    struct worker *worker;       // borrowed
    struct app *app;             // borrowed
    struct mail_sender *sender;  // the worker's while a job is under way
    char name[CONFIG_TEXT_MAX + 1];
    // The one job.
    struct mail_row *row; // owned
    struct mail_answer answer;
};

// ---- The job

// On the worker.
static void work(void *argument)
{
    struct mail_service *service = argument;
    const struct mail_row *row = service->row;
    const struct mail mail = {.id = row->id,
                              .at = row->created_at,
                              .from = service->config->mail_from,
                              .from_name = service->config->mail_from_name,
                              .to = row->address,
                              .to_name = row->name,
                              .subject = row->subject,
                              .language = row->language,
                              .text = row->text,
                              .calendar = row->calendar[0] != '\0' ? row->calendar : NULL,
                              .method = row->method};
    char *message = NULL;
    size_t size = 0;
    enum err err = mail_write(&mail, &message, &size);
    if (err == ERR_NONE) {
        mail_send(service->sender, mail.from, mail.to, message, size, &service->answer);
        explicit_bzero(message, size); // a personal link
        free(message);
        return;
    }
    service->answer.outcome = err == ERR_INVALID ? MAIL_REFUSED : MAIL_PUT_OFF;
    text_copy_cut(service->answer.words, sizeof(service->answer.words), err_title(err));
}

static void done(void *argument)
{
    struct mail_service *service = argument;
    mail_row_free(service->row);
    service->row = NULL;
    app_mail_done(service->app, &service->answer, time_monotonic_us(), time_wall_ms());
}

static bool give(void *context, struct mail_row *row)
{
    struct mail_service *service = context;
    if (service->row != NULL) {
        return false;
    }
    service->row = row;
    if (!worker_run(service->worker, work, done, service)) {
        service->row = NULL;
        return false;
    }
    return true;
}

// ---- Life

void mail_service_server(const struct config *config, char *ret_name, size_t size,
                         struct mail_server *ret_server)
{
    char host[CONFIG_TEXT_MAX + 1];
    public_url_host(config, host);
    // RFC 5321 section 4.1.1.1: the name of this machine, where people know one.
    bool named = !config_name_is_loopback(host) && strchr(host, ':') == NULL &&
                 host[strspn(host, "0123456789.")] != '\0';
    text_copy_cut(ret_name, size, named ? host : "localhost");
    *ret_server = (struct mail_server){.url = config->mail_server,
                                       .name = ret_name,
                                       .user = config->mail_user,
                                       .password_file = config->mail_password_file,
                                       .authorities = config->mail_authorities};
    (void)mail_tls_from_text(config->mail_tls, &ret_server->tls);
}

enum err mail_service_create(const struct config *config, struct worker *worker,
                             struct mail_service **ret_service)
{
    struct mail_server server;
    const char *problem = config_mail_problem(config);
    *ret_service = NULL;
    if (problem != NULL) {
        log_event(LOG_WARNING, "mail.not_configured", LOG_TEXT("words", problem));
    }
    if (problem != NULL || config->mail_server[0] == '\0') {
        return ERR_NONE;
    }
    struct mail_service *service = calloc(1, sizeof(*service));
    if (service == NULL) {
        return ERR_FULL;
    }
    service->config = config;
    service->worker = worker;
    mail_service_server(config, service->name, sizeof(service->name), &server);
    enum err err = mail_sender_create(&server, &service->sender);
    if (err != ERR_NONE) {
        free(service);
        return err;
    }
    *ret_service = service;
    return ERR_NONE;
}

void mail_service_stop(struct mail_service *service)
{
    if (service != NULL) {
        mail_sender_stop(service->sender);
    }
}

void mail_service_destroy(struct mail_service *service)
{
    if (service != NULL) {
        mail_sender_destroy(service->sender);
        mail_row_free(service->row);
        free(service);
    }
}

void mail_service_begin(struct mail_service *service, struct app *app)
{
    if (service != NULL) {
        const struct app_mail_port port = {.give = give,
                                           .context = service,
                                           .from = service->config->mail_from,
                                           .url = service->url};
        public_url(service->config, service->url);
        service->app = app;
        app_mail_serve(app, &port);
    }
}
