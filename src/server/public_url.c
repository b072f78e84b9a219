#include "server/public_url.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

// Positions within http.url; of size 0 where there is none.
struct parts {
    bool tls;
    const char *host; // without brackets
    size_t host_size;
    const char *path; // with its first slash, without its last
    size_t path_size;
};

static const char *after_scheme(const char *url, bool *ret_tls)
{
    *ret_tls = text_starts_with(url, "https://");
    if (*ret_tls) {
        return url + strlen("https://");
    }
    return text_starts_with(url, "http://") ? url + strlen("http://") : NULL;
}

// To what follows the host, or NULL.
static const char *split_host(const char *at, struct parts *parts)
{
    bool bracketed = at[0] == '[';
    parts->host = at + bracketed;
    parts->host_size = strspn(parts->host, bracketed ? "0123456789abcdefABCDEF:."
                                                     : "abcdefghijklmnopqrstuvwxyz"
                                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    at = parts->host + parts->host_size;
    if (parts->host_size == 0 || (bracketed && at[0] != ']')) {
        return NULL;
    }
    return at + bracketed;
}

static const char *skip_port(const char *at)
{
    unsigned long long port = 0;
    if (at[0] != ':') {
        return at;
    }
    size_t digits = strspn(at + 1, "0123456789");
    return text_to_u64(at + 1, digits, 65535, &port) == ERR_NONE && port > 0 ? at + 1 + digits
                                                                             : NULL;
}

static bool path_is_plain(const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        if (!isalnum((unsigned char)*p) && strchr("/-._~", *p) == NULL) {
            return false;
        }
    }
    return (path[0] == '\0' || path[0] == '/') && strstr(path, "//") == NULL &&
           strstr(path, "/.") == NULL;
}

static bool split(const char *url, struct parts *ret_parts)
{
    *ret_parts = (struct parts){0};
    const char *at = after_scheme(url, &ret_parts->tls);
    at = at != NULL ? split_host(at, ret_parts) : NULL;
    at = at != NULL ? skip_port(at) : NULL;
    if (at == NULL || !path_is_plain(at)) {
        return false;
    }
    ret_parts->path = at;
    ret_parts->path_size = strlen(at);
    ret_parts->path_size -= ret_parts->path_size > 0 && at[ret_parts->path_size - 1] == '/';
    return true;
}

bool public_url_is_valid(const char *url)
{
    struct parts parts;
    return url[0] == '\0' || split(url, &parts);
}

void public_url(const struct config *config, char ret_url[PUBLIC_URL_MAX])
{
    struct parts parts;
    if (split(config->url, &parts)) {
        size_t size = (size_t)(parts.path - config->url) + parts.path_size;
        snprintf(ret_url, PUBLIC_URL_MAX, "%.*s", (int)size, config->url);
        return;
    }
    bool tls = config_tls_wanted(config);
    bool bare_v6 = strchr(config->host, ':') != NULL && config->host[0] != '[';
    char port[16] = "";
    if (config->port != (tls ? 443 : 80)) {
        snprintf(port, sizeof(port), ":%lld", (long long)config->port);
    }
    snprintf(ret_url, PUBLIC_URL_MAX, "%s://%s%s%s%s", tls ? "https" : "http", bare_v6 ? "[" : "",
             config->host, bare_v6 ? "]" : "", port);
}

void public_url_prefix(const struct config *config, char ret_prefix[CONFIG_TEXT_MAX + 1])
{
    struct parts parts;
    bool there = split(config->url, &parts);
    snprintf(ret_prefix, CONFIG_TEXT_MAX + 1, "%.*s", there ? (int)parts.path_size : 0,
             there ? parts.path : "");
}

void public_url_host(const struct config *config, char ret_host[CONFIG_TEXT_MAX + 1])
{
    struct parts parts;
    if (split(config->url, &parts)) {
        snprintf(ret_host, CONFIG_TEXT_MAX + 1, "%.*s", (int)parts.host_size, parts.host);
    } else {
        text_copy_cut(ret_host, CONFIG_TEXT_MAX + 1, config->host);
    }
}

bool public_url_is_https(const struct config *config)
{
    struct parts parts;
    return split(config->url, &parts) ? parts.tls : config_tls_wanted(config);
}
