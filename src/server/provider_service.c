#include "server/provider_service.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "oidc/client.h"
#include "server/public_url.h"
#include "words/words.h"

#define BACK_PATH "/api/v1/sign-in/oidc/return"

struct provider_service {
    struct oidc_client *client; // owned
    char name[CONFIG_TEXT_MAX + 1];
    char back[PUBLIC_URL_MAX + sizeof(BACK_PATH)];
};

_Static_assert(sizeof(((struct app_provider_person *)NULL)->roles) ==
                   sizeof(((struct oidc_person *)NULL)->roles),
               "roles are handed on whole");
_Static_assert(APP_SUBJECT_MAX == OIDC_SUBJECT_MAX, "so are subjects");

// ---- Life

// "login.example.org" of "https://login.example.org/realm".
static void name_of(const struct config *config, char ret_name[CONFIG_TEXT_MAX + 1])
{
    const char *host = strstr(config->oidc_issuer, "://");
    host = host != NULL ? host + 3 : config->oidc_issuer;
    if (config->oidc_name[0] != '\0') {
        text_copy_cut(ret_name, CONFIG_TEXT_MAX + 1, config->oidc_name);
    } else {
        struct text_builder name = text_builder(ret_name, CONFIG_TEXT_MAX + 1);
        text_append_n(&name, host, strcspn(host, "/"));
    }
}

// What looking up a name loads, is loaded now.
static void warm_names(void)
{
    struct addrinfo *found = NULL;
    if (getaddrinfo("localhost", "443", NULL, &found) == 0) {
        freeaddrinfo(found);
    }
}

static enum err create_client(const struct config *config, struct provider_service *service)
{
    char address[PUBLIC_URL_MAX];
    public_url(config, address);
    struct text_builder back = text_builder(service->back, sizeof(service->back));
    text_append_format(&back, "%s" BACK_PATH, address);
    const struct oidc_config oidc = {
        .issuer = config->oidc_issuer,
        .client = {.client = config->oidc_client_id,
                   .secret = config->oidc_client_secret,
                   .secret_in_body = text_equal(config->oidc_client_authentication, "post"),
                   .scopes = config->oidc_scopes,
                   .back = service->back},
        .mapping = {.groups_claim = config->oidc_groups_claim,
                    .administrator_groups = config->oidc_administrator_groups,
                    .role_groups = config->oidc_role_groups}};
    return config->oidc_client_id[0] != '\0' ? oidc_client_create(&oidc, &service->client)
                                             : ERR_INVALID;
}

enum err provider_service_create(const struct config *config, struct provider_service **ret_service)
{
    *ret_service = NULL;
    if (config->oidc_issuer[0] == '\0') {
        return ERR_NONE;
    }
    struct provider_service *service = calloc(1, sizeof(*service));
    if (service == NULL) {
        return ERR_FULL;
    }
    name_of(config, service->name);
    warm_names();
    enum err err = create_client(config, service);
    if (err != ERR_NONE) {
        log_event(LOG_ERROR, "provider.unfit", LOG_TEXT("issuer", config->oidc_issuer),
                  LOG_TEXT("client_id", config->oidc_client_id), LOG_TEXT("error", err_slug(err)));
        provider_service_destroy(service);
        return err;
    }
    *ret_service = service;
    return ERR_NONE;
}

void provider_service_stop(struct provider_service *service)
{
    if (service != NULL) {
        oidc_client_stop(service->client);
    }
}

void provider_service_destroy(struct provider_service *service)
{
    if (service != NULL) {
        oidc_client_destroy(service->client);
    }
    free(service);
}

static const char *port_name(void *context)
{
    const struct provider_service *service = context;
    return service != NULL ? service->name : NULL;
}

// ---- Asking

static struct oidc_visit visit_of(const struct app_provider_visit *visit)
{
    return (struct oidc_visit){
        .state = visit->state, .nonce = visit->nonce, .verifier = visit->verifier};
}

static const char *port_address(void *context, const struct app_provider_visit *visit,
                                char **ret_address)
{
    struct provider_service *service = context;
    const struct oidc_visit away = visit_of(visit);
    enum oidc_verdict verdict = oidc_client_address(service->client, &away, time_monotonic_us(),
                                                    ret_address);
    return verdict == OIDC_BELIEVED ? NULL : oidc_verdict_name(verdict);
}

// Other people's text: cleaned where it comes in; what cannot be, is left out.
static void take_name(const char *name, char *to, size_t size)
{
    char cleaned[WORDS_SIZE(PARTICIPANT_NAME_MAX)];
    uint32_t came = 0;
    enum err err = words_take(name, strlen(name), PARTICIPANT_NAME_MAX, cleaned, &came);
    text_copy_cut(to, size, err == ERR_NONE ? cleaned : "");
}

static const char *port_person(void *context, const struct app_provider_visit *visit,
                               const struct api_provider_answer *answer,
                               struct app_provider_person *ret_person, bool *ret_silent)
{
    struct provider_service *service = context;
    const struct oidc_visit away = visit_of(visit);
    const struct oidc_return back = {.code = answer->code, .issuer = answer->issuer};
    struct oidc_person person;
    enum oidc_verdict verdict = oidc_client_person(service->client, &away, &back,
                                                   time_monotonic_us(), time_wall_ms(), &person);
    *ret_person = (struct app_provider_person){.subject = ""};
    *ret_silent = verdict == OIDC_UNREACHABLE;
    if (verdict != OIDC_BELIEVED) {
        return oidc_verdict_name(verdict);
    }
    memcpy(ret_person->subject, person.subject, sizeof(ret_person->subject));
    memcpy(ret_person->roles, person.roles, sizeof(ret_person->roles));
    text_copy_cut(ret_person->account, sizeof(ret_person->account), person.account);
    take_name(person.name, ret_person->name, sizeof(ret_person->name));
    return NULL;
}

struct api_provider_ports provider_service_ports(struct provider_service *service)
{
    return (struct api_provider_ports){
        .context = service, .name = port_name, .address = port_address, .person = port_person};
}
