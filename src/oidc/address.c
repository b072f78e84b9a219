#include "oidc/address.h"

#include <string.h>

#include <curl/curl.h>

#include "base/text.h"

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return has;
}

static bool part_is(CURLU *url, CURLUPart part, bool (*is)(const char *text))
{
    char *text = NULL;
    bool fits = curl_url_get(url, part, &text, 0) == CURLUE_OK && is(text);
    curl_free(text);
    return fits;
}

static bool is_https(const char *scheme)
{
    return text_equal(scheme, "https");
}

static bool is_http(const char *scheme)
{
    return text_equal(scheme, "http");
}

static bool is_loopback(const char *host)
{
    return text_equal(host, "localhost") || text_equal(host, "[::1]") ||
           (text_starts_with(host, "127.") && host[strspn(host, "0123456789.")] == '\0');
}

static bool is_fit(const char *address, bool is_issuer)
{
    if (strlen(address) > OIDC_ADDRESS_MAX) {
        return false;
    }
    CURLU *url = curl_url();
    bool fits = url != NULL &&
                curl_url_set(url, CURLUPART_URL, address, CURLU_DISALLOW_USER) == CURLUE_OK &&
                !has_part(url, CURLUPART_FRAGMENT) &&
                !(is_issuer && has_part(url, CURLUPART_QUERY)) &&
                (part_is(url, CURLUPART_SCHEME, is_https) ||
                 (part_is(url, CURLUPART_SCHEME, is_http) &&
                  part_is(url, CURLUPART_HOST, is_loopback)));
    curl_url_cleanup(url);
    return fits;
}

bool oidc_address_is_fit(const char *address)
{
    return is_fit(address, false);
}

bool oidc_issuer_is_fit(const char *address)
{
    return is_fit(address, true);
}
