#include "api/authentication.h"

#include <string.h>

#include "api/problem.h"
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

enum err authenticate(struct api *api, const struct api_request *in, const char *bearer,
                      time_ms wall, struct app_identity *ret_identity,
                      struct api_response *ret_response)
{
    // An absent token takes the same way as a wrong one: no shortcut tells them apart by time.
    enum err result = app_identify(api->app, bearer != NULL ? bearer : "", wall, ret_identity);
    if (result == ERR_NONE) {
        return ERR_NONE;
    }
    struct problem problem = {.err = result, .instance = in->path};
    int wait_s = 0;
    if (bearer != NULL) {
        api->counters.bearers_refused++;
        if (remote_limits_take(api->limits, REMOTE_LIMIT_BEARER, in->remote, wall, &wait_s) !=
            ERR_NONE) {
            problem.err = ERR_TOO_MANY;
            api->counters.rate_limited++;
        }
    }
    problem_respond(&problem, ret_response);
    ret_response->retry_after_s = wait_s;
    api->counters.problems++;
    return problem.err;
}
