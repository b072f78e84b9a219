// What follows from what is configured.
#include <string.h>

#include "base/text.h"
#include "server/config.h"

bool config_confined(const struct config *config)
{
    return text_equal(config->confinement, "on");
}

bool config_name_is_loopback(const char *host)
{
    return (text_starts_with(host, "127.") && host[strspn(host, "0123456789.")] == '\0') ||
           text_equal(host, "localhost") || text_equal(host, "::1") || text_equal(host, "[::1]");
}

bool config_host_is_loopback(const struct config *config)
{
    return config_name_is_loopback(config->host);
}

bool config_tls_wanted(const struct config *config)
{
    if (text_equal(config->tls, "auto")) {
        return !config_host_is_loopback(config);
    }
    return !text_equal(config->tls, "off");
}
