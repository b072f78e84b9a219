#include "server/sign_in_config.h"

#include <string.h>

#include "base/text.h"
#include "server/account_key.h"
#include "server/public_url.h"

enum err sign_in_config_load(const struct config *config, struct app_sign_in_config *ret_sign_in)
{
    char host[CONFIG_TEXT_MAX + 1];
    *ret_sign_in = (struct app_sign_in_config){
        .administrators_need_code = text_equal(config->totp, "required_for_administrators"),
        .creates_accounts = text_equal(config->oidc_create_accounts, "on"),
        .groups_say_administrators = config->oidc_administrator_groups[0] != '\0'};
    public_url_host(config, host);
    // A colon would part it from the account (the address of an IPv6 host has some).
    text_copy_cut(ret_sign_in->house, sizeof(ret_sign_in->house),
                  strchr(host, ':') == NULL ? host : "Plenary");
    text_copy_cut(ret_sign_in->issuer, sizeof(ret_sign_in->issuer), config->oidc_issuer);
    return account_key_load(ret_sign_in->seal_key);
}
