#include "mail/sender.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/text.h"
#include "mail/transcript.h"

#define CONNECT_TIMEOUT_S 15L
#define TOTAL_TIMEOUT_S   120L // RFC 5321 section 4.5.3.2 allows more; the others wait behind it
#define POLL_MS           1000
#define KEPT_S            10L // a connection, until the next mail; servers keep them for longer
#define PASSWORD_MAX      255
#define URL_SIZE          640

#define SERVER_TOO_LARGE 552 // of MAIL FROM with SIZE (RFC 1870): it is this mail's

struct mail_sender {
    struct mail_server server;
    CURLM *transfers; // one at a time; it keeps the connection
    CURL *curl;
    struct transcript transcript;
    atomic_bool stopping;
    char problem[CURL_ERROR_SIZE];
    const char *message; // borrowed; what is left of the one that is being sent
    size_t left;
};

// ---- What is configured

bool mail_tls_from_text(const char *text, enum mail_tls *ret_tls)
{
    static const char *const names[MAIL_TLS_COUNT] = {"required", "opportunistic", "none"};
    for (int i = 0; i < MAIL_TLS_COUNT; i++) {
        if (text_equal(text, names[i])) {
            *ret_tls = (enum mail_tls)i;
            return true;
        }
    }
    return false;
}

bool mail_server_is_valid(const char *url)
{
    const char *host = text_starts_with(url, "smtp://")    ? url + 7
                       : text_starts_with(url, "smtps://") ? url + 8
                                                           : "";
    for (const char *at = host; *at != '\0'; at++) {
        if (*at <= ' ' || *at >= 0x7f || strchr("/@?#\\\"", *at) != NULL) {
            return false;
        }
    }
    return host[0] != '\0';
}

// ---- What libcurl asks and tells

static size_t give_message(char *to, size_t size, size_t count, void *context)
{
    struct mail_sender *sender = context;
    size_t room = size * count;
    size_t given = sender->left < room ? sender->left : room;
    memcpy(to, sender->message, given);
    sender->message += given;
    sender->left -= given;
    return given;
}

static size_t ignore(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

static int follow(CURL *curl, curl_infotype type, char *data, size_t size, void *context)
{
    struct mail_sender *sender = context;
    (void)curl;
    if (type == CURLINFO_HEADER_OUT) {
        transcript_sent(&sender->transcript, data, size);
    } else if (type == CURLINFO_HEADER_IN) {
        transcript_came(&sender->transcript, data, size);
    }
    return 0;
}

// ---- One transfer

// libcurl keeps a copy of its own, for the connection.
static bool give_password(struct mail_sender *sender)
{
    char password[PASSWORD_MAX + 2] = "";
    FILE *file = fopen(sender->server.password_file, "re");
    bool read = file != NULL && fgets(password, sizeof(password), file) != NULL;
    if (file != NULL) {
        fclose(file);
    }
    password[strcspn(password, "\r\n")] = '\0';
    if (read) {
        curl_easy_setopt(sender->curl, CURLOPT_USERNAME, sender->server.user);
        curl_easy_setopt(sender->curl, CURLOPT_PASSWORD, password);
    }
    explicit_bzero(password, sizeof(password));
    return read;
}

static void answer_words(struct mail_answer *answer, enum mail_outcome outcome, const char *words)
{
    answer->outcome = outcome;
    text_copy_cut(answer->words, sizeof(answer->words), words);
}

// As curl_easy_perform() does, but that mail_sender_stop() ends it at once.
static CURLcode run(struct mail_sender *sender)
{
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;
    int running = 1;
    int left = 0;
    if (curl_multi_add_handle(sender->transfers, sender->curl) != CURLM_OK) {
        return CURLE_FAILED_INIT;
    }
    while (running > 0 && !atomic_load(&sender->stopping)) {
        if (curl_multi_perform(sender->transfers, &running) != CURLM_OK ||
            (running > 0 &&
             curl_multi_poll(sender->transfers, NULL, 0, POLL_MS, NULL) != CURLM_OK)) {
            break;
        }
    }
    const CURLMsg *message = curl_multi_info_read(sender->transfers, &left);
    if (message != NULL && message->msg == CURLMSG_DONE) {
        code = message->data.result;
    }
    (void)curl_multi_remove_handle(sender->transfers, sender->curl);
    return code;
}

// A refusal of the sender is one of all mails: the configuration is to be mended, not the mail.
static enum mail_outcome outcome_of(const struct transcript *transcript)
{
    bool for_ever = transcript->code >= 500;
    if (transcript->stage == TRANSCRIPT_GREETING) {
        return MAIL_UNREACHABLE;
    }
    if (transcript->stage == TRANSCRIPT_SENDER && for_ever &&
        transcript->code != SERVER_TOO_LARGE) {
        return MAIL_UNREACHABLE;
    }
    return for_ever ? MAIL_REFUSED : MAIL_PUT_OFF;
}

static void perform(struct mail_sender *sender, struct mail_answer *ret_answer)
{
    const struct transcript *transcript = &sender->transcript;
    transcript_begin(&sender->transcript);
    sender->problem[0] = '\0';
    if (sender->server.user[0] != '\0' && !give_password(sender)) {
        answer_words(ret_answer, MAIL_UNREACHABLE, "mail.password_file cannot be read");
        return;
    }
    CURLcode code = run(sender);
    if (code == CURLE_OK) {
        answer_words(ret_answer, MAIL_TAKEN, transcript->reply);
    } else if (transcript->code >= 400) {
        answer_words(ret_answer, outcome_of(transcript), transcript->reply);
    } else {
        answer_words(ret_answer, outcome_of(transcript),
                     sender->problem[0] != '\0' ? sender->problem : curl_easy_strerror(code));
    }
}

void mail_greet(struct mail_sender *sender, struct mail_answer *ret_answer)
{
    curl_easy_setopt(sender->curl, CURLOPT_UPLOAD, 0L);
    curl_easy_setopt(sender->curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_easy_setopt(sender->curl, CURLOPT_CUSTOMREQUEST, "NOOP");
    perform(sender, ret_answer);
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80) {
        text++;
    }
    return *text == '\0';
}

// False after having answered why not.
static bool takes_addresses(struct mail_sender *sender, const char *from, const char *to,
                            struct mail_answer *ret_answer)
{
    if (is_ascii(from) && is_ascii(to)) {
        return true;
    }
    mail_greet(sender, ret_answer);
    if (ret_answer->outcome != MAIL_TAKEN) {
        return false;
    }
    if (!sender->transcript.takes_utf8) {
        answer_words(ret_answer, MAIL_REFUSED,
                     "the mail server does not take addresses beyond ASCII (SMTPUTF8)");
    }
    return sender->transcript.takes_utf8;
}

void mail_send(struct mail_sender *sender, const char *from, const char *to, const char *message,
               size_t size, struct mail_answer *ret_answer)
{
    if (!takes_addresses(sender, from, to, ret_answer)) {
        return;
    }
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    if (recipients == NULL) {
        answer_words(ret_answer, MAIL_PUT_OFF, err_title(ERR_FULL));
        return;
    }
    sender->message = message;
    sender->left = size;
    curl_easy_setopt(sender->curl, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(sender->curl, CURLOPT_NOBODY, 0L);
    curl_easy_setopt(sender->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(sender->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_RCPT, recipients);
    perform(sender, ret_answer);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(recipients);
}

// ---- Life

static void set_up_tls(CURL *curl, const struct mail_server *server)
{
    static const long use[MAIL_TLS_COUNT] = {CURLUSESSL_ALL, CURLUSESSL_TRY, CURLUSESSL_NONE};
    bool verified = server->tls == MAIL_TLS_REQUIRED;
    curl_easy_setopt(curl, CURLOPT_USE_SSL, use[server->tls]);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verified ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, verified ? 2L : 0L);
    if (server->authorities[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_CAINFO, server->authorities);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
}

static void set_up(struct mail_sender *sender, const char *url)
{
    CURL *curl = sender->curl;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); // the environment's is none of the operator's words
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, TOTAL_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, KEPT_S);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, sender->problem);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(curl, CURLOPT_READDATA, sender);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); // to `follow`, and nowhere else
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, follow);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, sender);
}

enum err mail_sender_create(const struct mail_server *server, struct mail_sender **ret_sender)
{
    char url[URL_SIZE];
    struct text_builder text = text_builder(url, sizeof(url));
    text_append_format(&text, "%s/%s", server->url, server->name); // libcurl's way to name EHLO's
    bool in_the_clear = server->user[0] != '\0' && server->tls != MAIL_TLS_REQUIRED;
    if (text.failed || !mail_server_is_valid(server->url) || in_the_clear) {
        return ERR_INVALID;
    }
    struct mail_sender *sender = calloc(1, sizeof(*sender));
    if (sender == NULL) {
        return ERR_FULL;
    }
    sender->server = *server;
    bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    sender->curl = ready ? curl_easy_init() : NULL;
    sender->transfers = ready ? curl_multi_init() : NULL;
    if (sender->curl == NULL || sender->transfers == NULL) {
        mail_sender_destroy(sender);
        return ERR_FULL;
    }
    set_up(sender, url);
    set_up_tls(sender->curl, server);
    *ret_sender = sender;
    return ERR_NONE;
}

void mail_sender_destroy(struct mail_sender *sender)
{
    if (sender != NULL) {
        curl_easy_cleanup(sender->curl);
        (void)curl_multi_cleanup(sender->transfers);
        free(sender);
    }
}

void mail_sender_stop(struct mail_sender *sender)
{
    atomic_store(&sender->stopping, true);
    (void)curl_multi_wakeup(sender->transfers);
}
