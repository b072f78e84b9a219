#include "oidc/fetch.h"

#include <stdlib.h>
#include <string.h>

struct collecting {
    char *text; // owned
    size_t size;
    bool too_large;
};

static size_t collect(char *data, size_t one, size_t count, void *context)
{
    struct collecting *body = context;
    size_t size = one * count;
    body->too_large = size > FETCH_BODY_MAX - body->size;
    char *grown = body->too_large ? NULL : realloc(body->text, body->size + size + 1);
    if (grown == NULL) {
        return 0; // ends it
    }
    body->text = grown;
    memcpy(body->text + body->size, data, size);
    body->size += size;
    body->text[body->size] = '\0';
    return size;
}

static int look_for_the_end(void *context, curl_off_t down_total, curl_off_t down,
                            curl_off_t up_total, curl_off_t up)
{
    const _Atomic bool *stopping = context;
    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return atomic_load(stopping) ? 1 : 0;
}

static void set_up(CURL *curl, const _Atomic bool *stopping, const struct fetch_wish *wish,
                   struct collecting *body)
{
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, wish->address);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "plenary");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, FETCH_CONNECT_MAX_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, FETCH_MAX_MS);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_for_the_end);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)stopping);
    if (wish->form != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, wish->form);
    }
    if (wish->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERNAME, wish->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, wish->password);
    }
    if (wish->bearer != NULL) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, wish->bearer);
    }
}

static enum oidc_verdict judge(CURL *curl, CURLcode code, const struct collecting *body)
{
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (body->too_large) {
        return OIDC_ANSWER_TOO_LARGE;
    }
    if (code != CURLE_OK || body->text == NULL) {
        return OIDC_UNREACHABLE;
    }
    return status == 200                   ? OIDC_BELIEVED
           : status >= 400 && status < 500 ? OIDC_CODE_REFUSED
                                           : OIDC_UNREACHABLE;
}

enum oidc_verdict fetch(CURL *curl, const _Atomic bool *stopping, const struct fetch_wish *wish,
                        struct fetch_answer *ret_answer)
{
    struct collecting body = {.text = NULL};
    set_up(curl, stopping, wish, &body);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    enum oidc_verdict verdict = judge(curl, curl_easy_perform(curl), &body);
    curl_easy_reset(curl); // it keeps no secret, and the connection
    curl_slist_free_all(headers);
    *ret_answer = (struct fetch_answer){.text = NULL};
    if (verdict == OIDC_BELIEVED) {
        *ret_answer = (struct fetch_answer){.text = body.text, .size = body.size};
    } else {
        free(body.text);
    }
    return verdict;
}
