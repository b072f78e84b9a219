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

const char *config_mail_problem(const struct config *config)
{
    if (config->mail_server[0] == '\0') {
        return NULL;
    }
    if (config->mail_from[0] == '\0') {
        return "mail.from is empty: set the address that mails come from";
    }
    if (config->mail_user[0] != '\0' && !text_equal(config->mail_tls, "required")) {
        return "mail.user needs mail.tls=required: its password would go to whoever answers";
    }
    if (config->mail_user[0] != '\0' && config->mail_password_file[0] == '\0') {
        return "mail.user needs mail.password_file";
    }
    return NULL;
}
