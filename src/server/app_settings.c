#include "server/app_settings.h"

#include <string.h>

#include "base/text.h"
#include "oidc/claims.h"
#include "server/account_key.h"
#include "server/clock_memory.h"
#include "server/public_url.h"

static enum err load_sign_in(const struct config *config, struct app_sign_in_config *ret_sign_in)
{
    char host[CONFIG_TEXT_MAX + 1];
    *ret_sign_in = (struct app_sign_in_config){
        .administrators_need_code = text_equal(config->totp, "required_for_administrators"),
        .creates_accounts = text_equal(config->oidc_create_accounts, "on"),
        .groups_say_administrators = config->oidc_administrator_groups[0] != '\0',
        .groups_say_secretariat = oidc_role_groups_name(config->oidc_role_groups, "secretariat")};
    public_url_host(config, host);
    // A colon would part it from the account (the address of an IPv6 host has some).
    text_copy_cut(ret_sign_in->house, sizeof(ret_sign_in->house),
                  strchr(host, ':') == NULL ? host : "Plenary");
    text_copy_cut(ret_sign_in->issuer, sizeof(ret_sign_in->issuer), config->oidc_issuer);
    return account_key_load(ret_sign_in->seal_key);
}

enum err app_settings_load(const struct config *config, struct app_config *ret_settings)
{
    struct app_clock_place *clocks = NULL;
    uint32_t clocks_count = 0;
    clock_memory_take((uint32_t)config->meetings_max, &clocks, &clocks_count);
    *ret_settings = (struct app_config){
        .clocks = clocks,
        .clocks_count = clocks_count,
        .session_lifetime_ms = config->session_hours * 3600 * 1000,
        .close_silent_ms = config->close_silent_s * 1000,
        .meetings_max = (uint32_t)config->meetings_max,
        .lives_max = (uint32_t)config->connections_max,
        .doors_max = (uint32_t)config->peers_max,
    };
    return load_sign_in(config, &ret_settings->sign_in);
}
