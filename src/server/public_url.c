#include "server/public_url.h"

#include <stdio.h>
#include <string.h>

void public_url(const struct config *config, char ret_url[PUBLIC_URL_MAX])
{
    bool tls = config_tls_wanted(config);
    bool bare_v6 = strchr(config->host, ':') != NULL && config->host[0] != '[';
    char port[16] = "";
    if (config->port != (tls ? 443 : 80)) {
        snprintf(port, sizeof(port), ":%lld", (long long)config->port);
    }
    snprintf(ret_url, PUBLIC_URL_MAX, "%s://%s%s%s%s", tls ? "https" : "http", bare_v6 ? "[" : "",
             config->host, bare_v6 ? "]" : "", port);
}
