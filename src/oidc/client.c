#include "oidc/client.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "oidc/address.h"
#include "oidc/fetch.h"
#include "oidc/id_token.h"
#include "oidc/key_set.h"

#define DISCOVERY   "/.well-known/openid-configuration"
#define KEPT_US     (INT64_C(3600) * TIME_US_PER_S)
#define KEYS_ASK_US (60 * TIME_US_PER_S)
#define REST_US     (15 * TIME_US_PER_S)

struct oidc_client {
    struct oidc_config config;
    CURL *curl;
    _Atomic bool stopping;
    struct oidc_provider provider;
    bool known;
    time_us known_at;
    time_us failed_at; // the last question about itself; TIME_US_NEVER: it was answered
    struct oidc_key_set keys;
    time_us keys_at; // asked for last; TIME_US_NEVER: never
};

// ---- Life

enum err oidc_client_create(const struct oidc_config *config, struct oidc_client **ret_client)
{
    if (!oidc_issuer_is_fit(config->issuer)) {
        return ERR_INVALID;
    }
    struct oidc_client *client = calloc(1, sizeof(*client));
    if (client == NULL) {
        return ERR_FULL;
    }
    client->config = *config;
    client->failed_at = TIME_US_NEVER;
    client->keys_at = TIME_US_NEVER;
    client->curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (client->curl == NULL) {
        oidc_client_destroy(client);
        return ERR_FULL;
    }
    *ret_client = client;
    return ERR_NONE;
}

void oidc_client_stop(struct oidc_client *client)
{
    atomic_store(&client->stopping, true);
}

void oidc_client_destroy(struct oidc_client *client)
{
    if (client == NULL) {
        return;
    }
    if (client->curl != NULL) {
        curl_easy_cleanup(client->curl);
    }
    key_set_finish(&client->keys);
    free(client);
}

// ---- What the provider says of itself

static enum oidc_verdict ask(struct oidc_client *client, const struct fetch_wish *wish,
                             struct fetch_answer *ret_answer)
{
    *ret_answer = (struct fetch_answer){.text = NULL};
    return atomic_load(&client->stopping)
               ? OIDC_UNREACHABLE
               : fetch(client->curl, &client->stopping, wish, ret_answer);
}

// A document that everybody may read: nothing in the question is refused.
static enum oidc_verdict ask_openly(struct oidc_client *client, const char *address,
                                    struct fetch_answer *ret_answer)
{
    const struct fetch_wish wish = {.address = address};
    enum oidc_verdict verdict = ask(client, &wish, ret_answer);
    return verdict == OIDC_CODE_REFUSED ? OIDC_UNREACHABLE : verdict;
}

static enum oidc_verdict discover(struct oidc_client *client)
{
    char address[OIDC_ADDRESS_MAX + sizeof(DISCOVERY)];
    struct fetch_answer answer;
    struct oidc_provider provider;
    const char *issuer = client->config.issuer;
    size_t length = strlen(issuer);
    // Section 4.1: a slash at the issuer's end is taken away.
    struct text_builder text = text_builder(address, sizeof(address));
    text_append_n(&text, issuer, length - (issuer[length - 1] == '/' ? 1 : 0));
    text_append(&text, DISCOVERY);
    enum oidc_verdict verdict = ask_openly(client, address, &answer);
    if (verdict == OIDC_BELIEVED) {
        verdict = provider_read(answer.text, answer.size, issuer, &provider);
        free(answer.text);
    }
    if (verdict == OIDC_BELIEVED) {
        client->provider = provider;
    }
    return verdict;
}

// What is known goes on to be used while the provider cannot say it again.
static enum oidc_verdict know_provider(struct oidc_client *client, time_us now)
{
    if (client->known && now - client->known_at < KEPT_US) {
        return OIDC_BELIEVED;
    }
    if (client->failed_at != TIME_US_NEVER && now - client->failed_at < REST_US) {
        return client->known ? OIDC_BELIEVED : OIDC_UNREACHABLE;
    }
    enum oidc_verdict verdict = discover(client);
    client->failed_at = verdict == OIDC_BELIEVED ? TIME_US_NEVER : now;
    if (verdict == OIDC_BELIEVED) {
        client->known = true;
        client->known_at = now;
    }
    return client->known ? OIDC_BELIEVED : verdict;
}

static enum oidc_verdict ask_for_keys(struct oidc_client *client, time_us now)
{
    struct fetch_answer answer;
    client->keys_at = now;
    enum oidc_verdict verdict = ask_openly(client, client->provider.keys, &answer);
    if (verdict == OIDC_BELIEVED) {
        verdict = key_set_read(&client->keys, answer.text, answer.size);
        free(answer.text);
    }
    return verdict;
}

static enum oidc_verdict know_key(struct oidc_client *client, const struct id_token_head *head,
                                  time_us now, const cjose_jwk_t **ret_key)
{
    const char *id = head->names_key ? head->key : NULL;
    bool old = client->keys_at == TIME_US_NEVER || now - client->keys_at >= KEPT_US;
    enum oidc_verdict verdict = old ? ask_for_keys(client, now) : OIDC_BELIEVED;
    *ret_key = key_set_find(&client->keys, id, head->algorithm);
    if (*ret_key == NULL && !old && now - client->keys_at >= KEYS_ASK_US) {
        verdict = ask_for_keys(client, now); // they may have changed
        *ret_key = key_set_find(&client->keys, id, head->algorithm);
    }
    if (*ret_key != NULL) {
        return OIDC_BELIEVED;
    }
    return verdict != OIDC_BELIEVED ? verdict : OIDC_KEY_UNKNOWN;
}

enum oidc_verdict oidc_client_address(struct oidc_client *client, const struct oidc_visit *visit,
                                      time_us now, char **ret_address)
{
    *ret_address = NULL;
    enum oidc_verdict verdict = know_provider(client, now);
    if (verdict != OIDC_BELIEVED) {
        return verdict;
    }
    *ret_address = visit_address(&client->provider, &client->config.client, visit);
    return *ret_address != NULL ? OIDC_BELIEVED : OIDC_UNREACHABLE;
}

// ---- Who has come back

// By HTTP Basic both are encoded as in a form (RFC 6749, section 2.3.1).
static enum oidc_verdict post_code(struct oidc_client *client, char *form,
                                   struct fetch_answer *ret_answer)
{
    const struct oidc_client_facts *facts = &client->config.client;
    bool basic = facts->secret[0] != '\0' && !facts->secret_in_body;
    char *user = basic ? curl_easy_escape(client->curl, facts->client, 0) : NULL;
    char *password = basic ? curl_easy_escape(client->curl, facts->secret, 0) : NULL;
    const struct fetch_wish wish = {
        .address = client->provider.token, .form = form, .user = user, .password = password};
    bool ready = form != NULL && (!basic || (user != NULL && password != NULL));
    *ret_answer = (struct fetch_answer){.text = NULL};
    enum oidc_verdict verdict = ready ? ask(client, &wish, ret_answer) : OIDC_UNREACHABLE;
    if (password != NULL) {
        explicit_bzero(password, strlen(password));
    }
    curl_free(user);
    curl_free(password);
    return verdict;
}

static enum oidc_verdict exchange(struct oidc_client *client, const struct oidc_visit *visit,
                                  const char *code, json_t **ret_tokens)
{
    struct fetch_answer answer;
    char *form = visit_form(&client->config.client, visit, code);
    enum oidc_verdict verdict = post_code(client, form, &answer);
    if (form != NULL) {
        explicit_bzero(form, strlen(form));
    }
    free(form);
    *ret_tokens = NULL;
    if (verdict == OIDC_BELIEVED) {
        *ret_tokens = json_loadb(answer.text, answer.size, JSON_REJECT_DUPLICATES, NULL);
        explicit_bzero(answer.text, answer.size);
        free(answer.text);
        verdict = json_is_object(*ret_tokens) ? OIDC_BELIEVED : OIDC_ANSWER_UNREADABLE;
    }
    return verdict;
}

static enum oidc_verdict believe(struct oidc_client *client, const json_t *tokens,
                                 const struct oidc_visit *visit, time_us now, time_ms wall,
                                 json_t **ret_claims)
{
    const char *token = json_string_value(json_object_get(tokens, "id_token"));
    struct id_token_head head;
    const cjose_jwk_t *key = NULL;
    const struct id_token_wish wish = {
        .issuer = client->config.issuer,
        .client = client->config.client.client,
        .nonce = visit->nonce,
        .access_token = json_string_value(json_object_get(tokens, "access_token")),
        .wall = wall};
    *ret_claims = NULL;
    if (token == NULL) {
        return OIDC_TOKEN_MISSING;
    }
    enum oidc_verdict verdict = id_token_head(token, &head);
    if (verdict == OIDC_BELIEVED) {
        verdict = know_key(client, &head, now, &key);
    }
    return verdict == OIDC_BELIEVED ? id_token_check(token, key, &wish, ret_claims) : verdict;
}

// What the ID token does not say (OpenID Connect Core 1.0, section 5.4), of the same subject
// (section 5.3.2). It says nothing that the token has said otherwise.
static enum oidc_verdict complete(struct oidc_client *client, const json_t *tokens, json_t *claims)
{
    const char *bearer = json_string_value(json_object_get(tokens, "access_token"));
    const struct fetch_wish wish = {.address = client->provider.person, .bearer = bearer};
    struct fetch_answer answer;
    if (wish.address[0] == '\0' || bearer == NULL ||
        !claims_lack(claims, &client->config.mapping)) {
        return OIDC_BELIEVED;
    }
    enum oidc_verdict verdict = ask(client, &wish, &answer);
    if (verdict != OIDC_BELIEVED) {
        return verdict;
    }
    json_t *more = json_loadb(answer.text, answer.size, JSON_REJECT_DUPLICATES, NULL);
    free(answer.text);
    const char *subject = json_string_value(json_object_get(more, "sub"));
    bool same = subject != NULL &&
                text_equal(subject, json_string_value(json_object_get(claims, "sub")));
    verdict = same ? OIDC_BELIEVED : more == NULL ? OIDC_ANSWER_UNREADABLE : OIDC_OTHER_SUBJECT;
    if (same && json_object_update_missing(claims, more) != 0) {
        verdict = OIDC_UNREACHABLE;
    }
    json_decref(more);
    return verdict;
}

// RFC 9207, section 2.4: who mixes providers up sends the code of one to another.
static bool issuer_is_right(const struct oidc_client *client, const char *issuer)
{
    return issuer != NULL ? text_equal(issuer, client->config.issuer)
                          : !client->provider.names_itself;
}

enum oidc_verdict oidc_client_person(struct oidc_client *client, const struct oidc_visit *visit,
                                     const struct oidc_return *back, time_us now, time_ms wall,
                                     struct oidc_person *ret_person)
{
    json_t *tokens = NULL;
    json_t *claims = NULL;
    enum oidc_verdict verdict = know_provider(client, now);
    if (verdict == OIDC_BELIEVED && !issuer_is_right(client, back->issuer)) {
        verdict = OIDC_OTHER_ISSUER;
    }
    if (verdict == OIDC_BELIEVED) {
        verdict = exchange(client, visit, back->code, &tokens);
    }
    if (verdict == OIDC_BELIEVED) {
        verdict = believe(client, tokens, visit, now, wall, &claims);
    }
    if (verdict == OIDC_BELIEVED) {
        verdict = complete(client, tokens, claims);
    }
    if (verdict == OIDC_BELIEVED && !claims_person(claims, &client->config.mapping, ret_person)) {
        verdict = OIDC_NO_SUBJECT;
    }
    json_decref(tokens);
    json_decref(claims);
    return verdict;
}
