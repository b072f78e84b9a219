// The operator's configuration: one table of keys, each settable in the YAML file (section: {key:
// value}), by the environment (PLENARY_SECTION_KEY) and by --set section.key=value, later ones
// winning in this order. Read once at start.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

#define CONFIG_TEXT_MAX 255

struct config {
    char data[CONFIG_TEXT_MAX + 1];      // folder of the database, certificates and the link socket
    char log_level[CONFIG_TEXT_MAX + 1]; // debug, info, warning, error
    char confinement[CONFIG_TEXT_MAX + 1]; // on, off
    char host[CONFIG_TEXT_MAX + 1]; // the name or address under which people reach the server
    char listen[CONFIG_TEXT_MAX +
                1]; // address to bind; "auto": loopback for a loopback host, else all
    char url[CONFIG_TEXT_MAX + 1]; // under which people reach the server when a proxy is in front
    char trusted_proxies[CONFIG_TEXT_MAX + 1]; // addresses and networks whose word is taken
    char proxy_field[CONFIG_TEXT_MAX + 1];     // x-forwarded-for or forwarded
    char metrics_token[CONFIG_TEXT_MAX + 1];   // empty: /metrics answers this machine alone
    char media_listen[CONFIG_TEXT_MAX + 1];    // address to bind for media; "auto": all
    char tls[CONFIG_TEXT_MAX + 1];             // auto (off for a loopback host), on, off
    char certificate[CONFIG_TEXT_MAX + 1];     // PEM chain; empty: a local one is made in data/
    char key[CONFIG_TEXT_MAX + 1];
    char web_root[CONFIG_TEXT_MAX + 1]; // the page's files; empty: beside the binary
    char candidates[CONFIG_TEXT_MAX +
                    1]; // addresses announced for media, comma-separated; empty: from host
    char transmit[CONFIG_TEXT_MAX + 1];              // sendmmsg or af_xdp:INTERFACE
    char listen_only_variant[CONFIG_TEXT_MAX + 1];   // auto, plain, long, red, red2
    char sound_without_picture[CONFIG_TEXT_MAX + 1]; // on, off
    int64_t port;
    int64_t media_port;
    int64_t media_threads; // 0: one per core
    int64_t connections_max;
    int64_t connections_per_address_max;
    int64_t peers_max;
    int64_t meetings_max;
    int64_t close_silent_s;
    int64_t session_hours;
    int64_t media_silence_ms;               // 0: never replaced for hanging
    int64_t control_silence_ms;             // the same
    int64_t reserve_mib;                    // kept aside on the disk of the data folder; 0: nothing
    int64_t low_mib;                        // a warning with less than that free
    int64_t hsts_days;                      // 0: browsers are not told to come over TLS alone
    char anchors_file[CONFIG_TEXT_MAX + 1]; // signed heads of journals go there; empty: nowhere
    char anchors_webhook[CONFIG_TEXT_MAX + 1]; // and are posted there
    int64_t anchors_minutes;
    char mail_server[CONFIG_TEXT_MAX + 1]; // smtp://HOST:PORT, smtps://HOST:PORT; empty: no mail
    char mail_from[CONFIG_TEXT_MAX + 1];   // address
    char mail_from_name[CONFIG_TEXT_MAX + 1];
    char mail_user[CONFIG_TEXT_MAX + 1]; // empty: nobody signs in
    char mail_password_file[CONFIG_TEXT_MAX + 1];
    char mail_tls[CONFIG_TEXT_MAX + 1];         // required, opportunistic, none
    char mail_authorities[CONFIG_TEXT_MAX + 1]; // PEM file; empty: the system's
    char totp[CONFIG_TEXT_MAX + 1];             // optional, required_for_administrators
    char oidc_issuer[CONFIG_TEXT_MAX + 1];      // empty: nobody signs in at a provider
    char oidc_name[CONFIG_TEXT_MAX + 1];        // on the page; empty: the issuer's host
    char oidc_client_id[CONFIG_TEXT_MAX + 1];
    char oidc_client_secret[CONFIG_TEXT_MAX + 1];         // empty: a public client
    char oidc_client_authentication[CONFIG_TEXT_MAX + 1]; // basic, post
    char oidc_scopes[CONFIG_TEXT_MAX + 1];                // beside openid, profile and email
    char oidc_groups_claim[CONFIG_TEXT_MAX + 1];
    char oidc_administrator_groups[CONFIG_TEXT_MAX + 1]; // "g1,g2"
    char oidc_role_groups[CONFIG_TEXT_MAX + 1];          // "secretariat=g1,g2;documents=g3"
    char oidc_create_accounts[CONFIG_TEXT_MAX + 1];      // on, off
};

void config_default(struct config *config);
// ERR_NOT_FOUND for an unknown key, ERR_INVALID for a value out of range.
enum err CHECKED config_set(struct config *config, const char *key, const char *value);
// "section.key=value".
enum err CHECKED config_set_assignment(struct config *config, const char *assignment);
// Two levels of mappings, nothing else. `ret_problem` names the line or key.
enum err CHECKED config_read_file(struct config *config, const char *path, char *ret_problem,
                                  size_t problem_size);
enum err CHECKED config_read_environment(struct config *config, char *ret_problem,
                                         size_t problem_size);
// Puts every key into the environment, so that the processes started next read the same.
enum err CHECKED config_write_environment(const struct config *config);
// Every key with its value, default and meaning; for --help and `plenary doctor`.
void config_print(const struct config *config, FILE *to);

bool config_confined(const struct config *config);
bool config_name_is_loopback(const char *host);
bool config_host_is_loopback(const struct config *config);
bool config_tls_wanted(const struct config *config);
// Why no mail can be sent as it is configured; NULL when it can, or when no server is named.
const char *config_mail_problem(const struct config *config);
