// The provider that people sign in at (src/oidc), as it is configured: for the api's ports.
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
// For api_ports; `service` is borrowed for their life.
struct api_provider_ports provider_service_ports(struct provider_service *service);
