#include "server/config.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "http/client_address.h"
#include "link/link.h"
#include "mail/address.h"
#include "mail/header.h"
#include "mail/sender.h"
#include "oidc/address.h"
#include "oidc/claims.h"
#include "server/public_url.h"

struct config_key {
    const char *name;
    size_t offset;
    bool is_text;
    int64_t least;
    int64_t most;
    const char *initial;
    const char *meaning;
    bool (*allows)(const char *value); // text: NULL allows any
};

#define TEXT_KEY(name, field, initial, meaning) CHECKED_KEY(name, field, initial, meaning, NULL)
#define CHECKED_KEY(name, field, initial, meaning, allows)                         \
    {                                                                              \
        name, offsetof(struct config, field), true, 0, 0, initial, meaning, allows \
    }
#define NUMBER_KEY(name, field, least, most, initial, meaning)                           \
    {                                                                                    \
        name, offsetof(struct config, field), false, least, most, initial, meaning, NULL \
    }

static bool variant_allowed(const char *value)
{
    enum link_variant variant;
    return link_variant_from_text(value, &variant);
}

static bool switch_allowed(const char *value)
{
    return text_equal(value, "on") || text_equal(value, "off");
}

static bool networks_allowed(const char *value)
{
    struct client_networks networks;
    return client_networks_read(value, &networks) == ERR_NONE;
}

static bool proxy_field_allowed(const char *value)
{
    return text_equal(value, "x-forwarded-for") || text_equal(value, "forwarded");
}

static bool webhook_allowed(const char *value)
{
    return value[0] == '\0' || text_starts_with(value, "https://") ||
           text_starts_with(value, "http://");
}

static bool mail_server_allowed(const char *value)
{
    return value[0] == '\0' || mail_server_is_valid(value);
}

static bool mail_address_allowed(const char *value)
{
    return value[0] == '\0' || mail_address_check(value, NULL) == ERR_NONE;
}

static bool mail_tls_allowed(const char *value)
{
    enum mail_tls tls;
    return mail_tls_from_text(value, &tls);
}

static bool totp_allowed(const char *value)
{
    return text_equal(value, "optional") || text_equal(value, "required_for_administrators");
}

static bool issuer_allowed(const char *value)
{
    return value[0] == '\0' || oidc_issuer_is_fit(value);
}

static bool client_authentication_allowed(const char *value)
{
    return text_equal(value, "basic") || text_equal(value, "post");
}

static const struct config_key keys[] = {
    TEXT_KEY("server.data", data, "data", "folder of the database, certificates and sockets"),
    TEXT_KEY("server.log_level", log_level, "info", "debug, info, warning or error"),
    NUMBER_KEY("server.media_silence_ms", media_silence_ms, 0, 600000, "2000",
               "a media process whose loops do not turn for so long is replaced; 0: never"),
    NUMBER_KEY("server.control_silence_ms", control_silence_ms, 0, 600000, "8000",
               "the same of the control process"),
    CHECKED_KEY("server.confinement", confinement, "on",
                "on, or off: no walls around the processes, for a debugger", switch_allowed),
    TEXT_KEY("http.host", host, "127.0.0.1", "name or address under which people reach the server"),
    CHECKED_KEY("http.url", url, "",
                "address of the page when a proxy is in front: https://HOST[/PATH]; empty: from "
                "http.host",
                public_url_is_valid),
    TEXT_KEY("http.listen", listen, "auto",
             "address to bind; auto: loopback on a loopback host, else all"),
    NUMBER_KEY("http.port", port, 1, 65535, "8443", "TCP port of the page and the API"),
    TEXT_KEY("http.tls", tls, "auto", "on, off, or auto: off for a loopback host only"),
    TEXT_KEY("http.certificate", certificate, "",
             "PEM certificate chain; empty: a local one is made"),
    TEXT_KEY("http.key", key, "", "PEM private key of the certificate"),
    NUMBER_KEY("http.hsts_days", hsts_days, 0, 730, "180",
               "how long browsers come over TLS alone once they did; 0: they are not told to"),
    CHECKED_KEY("http.trusted_proxies", trusted_proxies, "",
                "addresses and networks of proxies whose word on a client's address is taken",
                networks_allowed),
    CHECKED_KEY("http.proxy_field", proxy_field, "x-forwarded-for",
                "where these proxies say it: x-forwarded-for or forwarded", proxy_field_allowed),
    TEXT_KEY("http.metrics_token", metrics_token, "",
             "bearer token for /metrics; empty: it answers this machine alone"),
    TEXT_KEY("http.web_root", web_root, "", "folder of the page; empty: beside the binary"),
    NUMBER_KEY("http.connections_max", connections_max, 8, 65536, "8192",
               "TCP connections at once"),
    NUMBER_KEY("http.connections_per_address_max", connections_per_address_max, 1, 65536, "2048",
               "TCP connections at once from one address (of IPv6: one /64)"),
    TEXT_KEY("media.listen", media_listen, "auto", "address to bind for media; auto: all"),
    NUMBER_KEY("media.port", media_port, 1, 65535, "8443", "UDP port of all media"),
    NUMBER_KEY("media.threads", media_threads, 0, 32, "0", "media threads; 0: one per core"),
    TEXT_KEY("media.candidates", candidates, "",
             "addresses announced for media, comma-separated; empty: from http.url or http.host"),
    TEXT_KEY("media.transmit", transmit, "sendmmsg",
             "how datagrams leave: sendmmsg, or af_xdp:INTERFACE (needs CAP_NET_RAW)"),
    NUMBER_KEY("media.peers_max", peers_max, 1, 65536, "8192", "participants with media at once"),
    CHECKED_KEY("media.listen_only_variant", listen_only_variant, "auto",
                "sound of those who only listen: auto, plain, long (60 ms packets), red or red2",
                variant_allowed),
    CHECKED_KEY("media.sound_without_picture", sound_without_picture, "off",
                "on: encoders whose pictures nobody here can take are taken for their sound; off: "
                "they are refused",
                switch_allowed),
    NUMBER_KEY("store.low_mib", low_mib, 1, 1048576, "1024",
               "MiB free on the data folder's disk under which people are warned"),
    NUMBER_KEY("store.reserve_mib", reserve_mib, 0, 65536, "64",
               "MiB kept aside there, so that a sitting comes to its end on a full disk; 0: none"),
    TEXT_KEY("anchors.file", anchors_file, "",
             "file outside this machine to which the journal's signed heads are appended"),
    CHECKED_KEY("anchors.webhook", anchors_webhook, "",
                "https: address to which the journal's signed heads are posted", webhook_allowed),
    NUMBER_KEY("anchors.minutes", anchors_minutes, 1, 1440, "10",
               "minutes between signed heads of a journal that goes on"),
    NUMBER_KEY("meeting.meetings_max", meetings_max, 1, 1024, "16",
               "meetings in memory at once; any other is read when somebody comes"),
    NUMBER_KEY(
        "meeting.close_silent_s", close_silent_s, 0, 3600, "15",
        "a floor microphone that delivers nothing is closed after so many seconds; 0: never"),
    CHECKED_KEY(
        "mail.server", mail_server, "",
        "mail server that takes our mails: smtp://HOST:587 or smtps://HOST:465; empty: none "
        "are sent",
        mail_server_allowed),
    CHECKED_KEY("mail.from", mail_from, "", "address that mails come from", mail_address_allowed),
    CHECKED_KEY("mail.from_name", mail_from_name, "", "name that stands beside it",
                mail_header_is_safe),
    TEXT_KEY("mail.user", mail_user, "", "name to sign in with there; empty: without"),
    TEXT_KEY("mail.password_file", mail_password_file, "",
             "file whose first line is the password for it"),
    CHECKED_KEY(
        "mail.tls", mail_tls, "required",
        "required: TLS and a good certificate; opportunistic: TLS where it is offered; none",
        mail_tls_allowed),
    TEXT_KEY("mail.authorities", mail_authorities, "",
             "PEM file of those who vouch for that server; empty: the system's"),
    NUMBER_KEY("people.session_hours", session_hours, 1, 8760, "24", "how long a sign-in lasts"),
    CHECKED_KEY("sign_in.totp", totp, "optional",
                "second factor of accounts: optional, or required_for_administrators",
                totp_allowed),
    CHECKED_KEY("oidc.issuer", oidc_issuer, "",
                "https: address of the organisation's provider (OpenID Connect); empty: none",
                issuer_allowed),
    TEXT_KEY("oidc.name", oidc_name, "", "what the page calls it; empty: its host"),
    TEXT_KEY("oidc.client_id", oidc_client_id, "", "what the provider calls this server"),
    TEXT_KEY("oidc.client_secret", oidc_client_secret, "", "empty: a public client"),
    CHECKED_KEY("oidc.client_authentication", oidc_client_authentication, "basic",
                "how the secret is shown: basic or post", client_authentication_allowed),
    TEXT_KEY("oidc.scopes", oidc_scopes, "",
             "asked for beside openid, profile and email: groups, where the provider has it"),
    TEXT_KEY("oidc.groups_claim", oidc_groups_claim, "groups", "the claim that names groups"),
    TEXT_KEY("oidc.administrator_groups", oidc_administrator_groups, "",
             "groups of administrators, comma-separated; empty: they are named here"),
    CHECKED_KEY("oidc.role_groups", oidc_role_groups, "",
                "groups of further roles: ROLE=GROUP,GROUP;ROLE=GROUP", oidc_role_groups_are_fit),
    CHECKED_KEY("oidc.create_accounts", oidc_create_accounts, "off",
                "on: who comes from the provider for the first time gets an account",
                switch_allowed),
};

#define KEY_COUNT    (sizeof(keys) / sizeof(keys[0]))
#define KEY_NAME_MAX 64

static void key_environment_name(const struct config_key *key, char name[KEY_NAME_MAX])
{
    struct text_builder text = text_builder(name, KEY_NAME_MAX);
    text_append(&text, "PLENARY_");
    for (const char *p = key->name; *p != '\0'; p++) {
        char c = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
        text_append_n(&text, &c, 1);
    }
}

static enum err key_store(struct config *config, const struct config_key *key, const char *value)
{
    char *field = (char *)config + key->offset;
    if (key->is_text) {
        char copy[CONFIG_TEXT_MAX + 1] = "";
        if (text_copy(copy, sizeof(copy), value) != ERR_NONE ||
            (key->allows != NULL && !key->allows(value))) {
            return ERR_INVALID;
        }
        memcpy(field, copy, sizeof(copy));
        return ERR_NONE;
    }
    unsigned long long number = 0;
    if (text_to_u64(value, strlen(value), (unsigned long long)key->most, &number) != ERR_NONE ||
        (int64_t)number < key->least) {
        return ERR_INVALID;
    }
    *(int64_t *)(void *)field = (int64_t)number;
    return ERR_NONE;
}

static void key_value(const struct config *config, const struct config_key *key,
                      char value[CONFIG_TEXT_MAX + 1])
{
    const char *field = (const char *)config + key->offset;
    if (key->is_text) {
        text_copy_cut(value, CONFIG_TEXT_MAX + 1, field);
    } else {
        snprintf(value, CONFIG_TEXT_MAX + 1, "%lld",
                 (long long)*(const int64_t *)(const void *)field);
    }
}

void config_default(struct config *config)
{
    memset(config, 0, sizeof(*config));
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (key_store(config, &keys[i], keys[i].initial) != ERR_NONE) {
            abort(); // the table above contradicts itself
        }
    }
}

enum err config_set(struct config *config, const char *key, const char *value)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (text_equal(keys[i].name, key)) {
            return key_store(config, &keys[i], value);
        }
    }
    return ERR_NOT_FOUND;
}

enum err config_set_assignment(struct config *config, const char *assignment)
{
    const char *equals = strchr(assignment, '=');
    char name[KEY_NAME_MAX];
    if (equals == NULL ||
        text_copy_n(name, sizeof(name), assignment, (size_t)(equals - assignment)) != ERR_NONE) {
        return ERR_MALFORMED;
    }
    return config_set(config, name, equals + 1);
}

// Reads `section:` and `key: value` scalars from the event stream; anything else ends with
// ERR_MALFORMED.
struct yaml_reading {
    struct config *config;
    char section[KEY_NAME_MAX];
    char key[KEY_NAME_MAX];
    int depth;
    struct text_builder problem;
};

static enum err yaml_scalar(struct yaml_reading *reading, const char *value)
{
    if (reading->depth == 1 && reading->section[0] == '\0') {
        return text_copy(reading->section, sizeof(reading->section), value);
    }
    if (reading->depth == 2 && reading->key[0] == '\0') {
        return text_copy(reading->key, sizeof(reading->key), value);
    }
    if (reading->depth != 2) {
        return ERR_MALFORMED;
    }
    char name[2 * KEY_NAME_MAX];
    snprintf(name, sizeof(name), "%s.%s", reading->section, reading->key);
    enum err result = config_set(reading->config, name, value);
    if (result != ERR_NONE) {
        text_append_format(&reading->problem, "%s: %s", name,
                           result == ERR_NOT_FOUND ? "there is no such key"
                                                   : "the value is not allowed");
    }
    reading->key[0] = '\0';
    return result;
}

static enum err yaml_event(struct yaml_reading *reading, const yaml_event_t *event)
{
    switch ((int)event->type) {
    case YAML_MAPPING_START_EVENT:
        reading->depth++;
        return reading->depth <= 2 ? ERR_NONE : ERR_MALFORMED;
    case YAML_MAPPING_END_EVENT:
        reading->depth--;
        reading->section[0] = '\0';
        return ERR_NONE;
    case YAML_SCALAR_EVENT: return yaml_scalar(reading, (const char *)event->data.scalar.value);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_ALIAS_EVENT: return ERR_MALFORMED;
    default: return ERR_NONE;
    }
}

enum err config_read_file(struct config *config, const char *path, char *ret_problem,
                          size_t problem_size)
{
    struct yaml_reading reading = {.config = config,
                                   .problem = text_builder(ret_problem, problem_size)};
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        text_append_format(&reading.problem, "%s: cannot be opened", path);
        return ERR_NOT_FOUND;
    }
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) {
        fclose(file);
        return ERR_FULL;
    }
    yaml_parser_set_input_file(&parser, file);
    enum err result = ERR_NONE;
    for (bool done = false; !done && result == ERR_NONE;) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0) {
            result = ERR_MALFORMED;
            break;
        }
        result = yaml_event(&reading, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    if (result != ERR_NONE && reading.problem.length == 0) {
        text_append_format(&reading.problem,
                           "%s: line %zu is not of the form section: {key: value}", path,
                           parser.mark.line + 1);
    }
    yaml_parser_delete(&parser);
    fclose(file);
    return result;
}

enum err config_read_environment(struct config *config, char *ret_problem, size_t problem_size)
{
    struct text_builder problem = text_builder(ret_problem, problem_size);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        char name[KEY_NAME_MAX];
        key_environment_name(&keys[i], name);
        const char *value = getenv(name);
        if (value != NULL && key_store(config, &keys[i], value) != ERR_NONE) {
            text_append_format(&problem, "%s: the value is not allowed", name);
            return ERR_INVALID;
        }
    }
    return ERR_NONE;
}

enum err config_write_environment(const struct config *config)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        char name[KEY_NAME_MAX];
        char value[CONFIG_TEXT_MAX + 1];
        key_environment_name(&keys[i], name);
        key_value(config, &keys[i], value);
        if (setenv(name, value, 1) != 0) {
            return ERR_FULL;
        }
    }
    return ERR_NONE;
}

static bool key_is_secret(const struct config_key *key)
{
    size_t length = strlen(key->name);
    return length > 7 && text_equal(key->name + length - 7, "_secret");
}

void config_print(const struct config *config, FILE *to)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        char value[CONFIG_TEXT_MAX + 1];
        key_value(config, &keys[i], value);
        if (key_is_secret(&keys[i]) && value[0] != '\0') {
            text_copy_cut(value, sizeof(value), "(set)");
        }
        fprintf(to, "  %-34s %-16s %s\n", keys[i].name, value[0] == '\0' ? "(empty)" : value,
                keys[i].meaning);
    }
}
