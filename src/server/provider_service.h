// The provider that people sign in at (src/oidc), as it is configured: for the api's ports. But for
// provider_service_name() and provider_service_stop() all of it is for one worker.
#pragma once

#include "api/api.h"
#include "base/err.h"
#include "server/config.h"

struct provider_service;

// `ret_service` is NULL when no provider is configured. `config` is borrowed. ERR_INVALID, told in
// the log, when what is configured cannot be.
enum err CHECKED provider_service_create(const struct config *config,
                                         struct provider_service **ret_service);
// What is being asked is given up. Any thread. NULL is allowed here and below.
void provider_service_stop(struct provider_service *service);
void provider_service_destroy(struct provider_service *service);
// The api's ports of these names; `context` is the service, or NULL.
const char *provider_service_name(void *context);
const char *provider_service_address(void *context, const struct app_provider_visit *visit,
                                     char **ret_address);
const char *provider_service_person(void *context, const struct app_provider_visit *visit,
                                    const struct api_provider_answer *answer,
                                    struct app_provider_person *ret_person, bool *ret_silent);
