// The one list of things that can go wrong. Every fallible function returns `enum err`; the
// compiler refuses an ignored result. The same list gives the text, the HTTP status and the problem
// type (RFC 9457).
#pragma once

// X(symbol, "problem-type-slug", "English title", HTTP status)
#define ERR_LIST(X)                                                                   \
    X(ERR_NONE, "none", "No error", 200)                                              \
    X(ERR_MALFORMED, "malformed", "The message cannot be read", 400)                  \
    X(ERR_INVALID, "invalid", "A value is missing or out of range", 422)              \
    X(ERR_UNAUTHENTICATED, "unauthenticated", "Sign in first", 401)                   \
    X(ERR_EXPIRED, "expired", "The link or session has expired", 401)                 \
    X(ERR_FORBIDDEN, "forbidden", "Your capacity does not permit this", 403)          \
    X(ERR_NOT_FOUND, "not-found", "There is no such thing", 404)                      \
    X(ERR_CONFLICT, "conflict", "The meeting's state does not permit this now", 409)  \
    X(ERR_NOT_ACCEPTABLE, "not-acceptable", "No answer of the kind wished for", 406)  \
    X(ERR_OTHER_VERSION, "other-version", "It has changed since you saw it", 412)     \
    X(ERR_NO_VERSION, "no-version", "Say by If-Match which one you mean", 428)        \
    X(ERR_TOO_LARGE, "too-large", "The message is too large", 413)                    \
    X(ERR_TOO_MANY, "too-many", "Too many requests, slow down", 429)                  \
    X(ERR_FULL, "full", "A limit of the server is reached", 503)                      \
    X(ERR_UNAVAILABLE, "unavailable", "A part of the server is not available", 503)   \
    X(ERR_UNSUPPORTED, "unsupported", "This is not supported", 415)                   \
    X(ERR_AUTHENTICATION, "authentication", "Authentication of a packet failed", 400) \
    X(ERR_REPLAY, "replay", "A packet was received twice", 400)                       \
    X(ERR_AGAIN, "again", "Nothing to do now, try later", 503)                        \
    X(ERR_IO, "io", "An input or output operation failed", 500)                       \
    X(ERR_INTERNAL, "internal", "An error of the server", 500)                        \
    X(ERR_STORAGE, "storage", "The server can write nothing now", 507)                \
    X(ERR_SET_ASIDE, "set-aside",                                                     \
      "The meeting's journal cannot be read, the meeting is set aside", 503)

enum err {
#define ERR_ENUM(symbol, slug, title, status) symbol,
    ERR_LIST(ERR_ENUM)
#undef ERR_ENUM
        ERR_COUNT
};

#define CHECKED __attribute__((warn_unused_result))

// Static texts; never NULL.
const char *err_slug(enum err err);
const char *err_title(enum err err);
int err_http_status(enum err err);
