// Mails on their way from the app's queue to the operator's mail server: written as messages and
// sent by the worker "mails", so that no loop waits for that server. Control thread, but for the
// work itself.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "mail/sender.h"
#include "server/config.h"
#include "server/worker.h"

struct app;
struct mail_service;

// `config` and `worker` are borrowed. NULL in `ret_service`, and no error, when no mail server is
// configured, or cannot be as it is (config_mail_problem()), which is logged.
enum err CHECKED mail_service_create(const struct config *config, struct worker *worker,
                                     struct mail_service **ret_service);
// What is under way ends at once; before the worker is destroyed. NULL is allowed.
void mail_service_stop(struct mail_service *service);
// After the worker. NULL is allowed.
void mail_service_destroy(struct mail_service *service);
// Begins: the app's mails go out. Nothing for NULL.
void mail_service_begin(struct mail_service *service, struct app *app);

// The mail server as this configuration names it. `ret_name` of `size` bytes is for its name of
// this machine.
void mail_service_server(const struct config *config, char *ret_name, size_t size,
                         struct mail_server *ret_server);
