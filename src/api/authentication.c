#include "api/authentication.h"

#include <string.h>

#include "api/problem.h"
#include "base/hash.h"
#include "base/text.h"

enum err query_value(const char *query, const char *name, char *to, size_t size)
{
    size_t name_length = strlen(name);
    to[0] = '\0';
    while (query != NULL && *query != '\0') {
        size_t length = strcspn(query, "&");
        if (length > name_length && query[name_length] == '=' &&
            strncmp(query, name, name_length) == 0) {
            const char *value = query + name_length + 1;
            return text_copy_n(to, size, value, length - name_length - 1) == ERR_NONE ? ERR_NONE
                                                                                      : ERR_INVALID;
        }
        query += length + (query[length] == '&' ? 1 : 0);
    }
    return ERR_NOT_FOUND;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash_bytes(hash, text, strlen(text)), "/", 1);
}

uint64_t person_number(const char *account, const char *meeting, const char *participant)
{
    bool by_account = account[0] != '\0';
    uint64_t hash = hash_text(HASH_BEGIN, by_account ? account : meeting);
    hash = hash_text(hash, by_account ? "" : participant);
    return hash != 0 ? hash : 1;
}

uint64_t identity_number(const struct app_identity *identity)
{
    return person_number(identity->account, identity->meeting,
                         identity->who[0] != '\0' ? identity->who : identity->participant);
}

#define BEARER_SIZE 128 // more than any token has

enum err identify(struct api *api, const char *bearer, const char *meeting, time_ms wall,
                  struct app_identity *ret_identity)
{
    char token[BEARER_SIZE];
    size_t length = bearer != NULL ? strlen(bearer) : 0;
    while (length > 0 && strchr(" \t", *bearer) != NULL) {
        bearer++;
        length--;
    }
    while (length > 0 && strchr(" \t", bearer[length - 1]) != NULL) {
        length--;
    }
    if (text_copy_n(token, sizeof(token), length > 0 ? bearer : "", length) != ERR_NONE) {
        token[0] = '\0'; // nobody's
    }
    return app_identify_in(api->app, token, meeting, wall, ret_identity);
}

enum err authenticate(struct api *api, const struct api_request *in, const char *bearer,
                      const char *meeting, time_ms wall, struct app_identity *ret_identity,
                      struct api_response *ret_response)
{
    enum err result = identify(api, bearer, meeting, wall, ret_identity);
    if (result == ERR_NONE) {
        return ERR_NONE;
    }
    struct problem problem = {.err = result, .instance = in->path};
    int wait_s = 0;
    if (bearer != NULL) {
        api->counters.bearers_refused++;
        if (remote_limits_take(api->limits, REMOTE_LIMIT_BEARER, in->remote,
                               api->now / TIME_US_PER_MS, &wait_s) != ERR_NONE) {
            problem.err = ERR_TOO_MANY;
            api->counters.rate_limited++;
        }
    }
    problem_respond(&problem, ret_response);
    ret_response->retry_after_s = wait_s;
    api->counters.problems++;
    return problem.err;
}
