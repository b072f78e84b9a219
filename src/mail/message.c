#include "mail/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "mail/address.h"
#include "mail/coding.h"
#include "mail/header.h"
#include "mail/html.h"

// "=_" occurs in neither coding, so that it ends nothing but a part (RFC 2045 section 6.7).
#define BOUNDARY "=_plenary"

// ---- What is taken

static bool text_is_good(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);
    return length <= most && text_is_utf8(text, length);
}

static bool field_is_good(const char *value, size_t most)
{
    return text_is_good(value, most) && mail_header_is_safe(value);
}

static bool is_token(const char *value, const char *also)
{
    size_t length = strlen(value);
    for (const char *at = value; *at != '\0'; at++) {
        bool good = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                    (*at >= '0' && *at <= '9') || strchr(also, *at) != NULL;
        if (!good) {
            return false;
        }
    }
    return length > 0 && length <= 63;
}

// RFC 6047 section 2.4: what the head of the part says is what the calendar says.
static bool calendar_is_good(const struct mail *mail)
{
    char line[80];
    struct text_builder text = text_builder(line, sizeof(line));
    if (mail->calendar == NULL) {
        return true;
    }
    text_append_format(&text, "\r\nMETHOD:%s\r\n", mail->method);
    return is_token(mail->method, "") && !text.failed &&
           text_is_good(mail->calendar, MAIL_CALENDAR_MAX) && strstr(mail->calendar, line) != NULL;
}

enum err mail_check(const struct mail *mail)
{
    bool good = is_token(mail->id, "-") && is_token(mail->language, "-") &&
                mail_address_check(mail->from, NULL) == ERR_NONE &&
                mail_address_check(mail->to, NULL) == ERR_NONE &&
                field_is_good(mail->from_name, MAIL_NAME_MAX) &&
                field_is_good(mail->to_name, MAIL_NAME_MAX) &&
                field_is_good(mail->subject, MAIL_SUBJECT_MAX) &&
                text_is_good(mail->text, MAIL_TEXT_MAX) && calendar_is_good(mail);
    return good ? ERR_NONE : ERR_INVALID;
}

// ---- The head

// RFC 5322 section 3.3. The names are not the locale's.
static void put_date(FILE *to, time_ms at)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(at / 1000);
    struct tm tm = {0};
    (void)gmtime_r(&seconds, &tm);
    fprintf(to, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
            months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_head(FILE *to, const struct mail *mail)
{
    put_date(to, mail->at);
    mail_header_mailbox(to, "From", mail->from_name, mail->from);
    mail_header_mailbox(to, "To", mail->to_name, mail->to);
    mail_header_text(to, "Subject", mail->subject);
    fprintf(to, "Message-ID: <%s@%s>\r\n", mail->id, strrchr(mail->from, '@') + 1);
    fputs("Auto-Submitted: auto-generated\r\n", to); // RFC 3834: nobody's absence answers it
    fprintf(to, "Content-Language: %s\r\n", mail->language);
    fputs("MIME-Version: 1.0\r\n", to);
}

// ---- The parts, from the plainest to the richest (RFC 2046 section 5.1.4)

static void put_part(FILE *to, const char *type, const char *text, size_t length)
{
    fprintf(to, "--" BOUNDARY "\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n", type,
            coding_shorter_name(text, length));
    coding_shorter(to, text, length);
}

static void put_html(FILE *to, const struct mail *mail, const char *text)
{
    char *html = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&html, &size);
    if (stream == NULL) {
        return;
    }
    mail_html(stream, text, mail->language);
    bool failed = ferror(stream) != 0;
    if (fclose(stream) == 0 && !failed) {
        put_part(to, "text/html; charset=UTF-8", html, size);
    }
    free(html); // without it the message says all the same
}

static void put_calendar(FILE *to, const struct mail *mail)
{
    char type[128];
    if (mail->calendar == NULL) {
        return;
    }
    snprintf(type, sizeof(type), "text/calendar; charset=UTF-8; method=%s; component=VEVENT",
             mail->method);
    put_part(to, type, mail->calendar, strlen(mail->calendar));
}

// Lines with CRLF, the last one too; a CR of the writer's own is dropped. malloc's.
static char *canonical_text(const char *text)
{
    size_t length = strlen(text);
    char *canonical = malloc(2 * length + 3);
    size_t at = 0;
    for (size_t i = 0; canonical != NULL && i <= length; i++) {
        if (text[i] == '\n' || (text[i] == '\0' && at > 0 && canonical[at - 1] != '\n')) {
            canonical[at++] = '\r';
            canonical[at++] = '\n';
        } else if (text[i] != '\r' && text[i] != '\0') {
            canonical[at++] = text[i];
        }
    }
    if (canonical != NULL) {
        canonical[at] = '\0';
    }
    return canonical;
}

enum err mail_write(const struct mail *mail, char **ret_message, size_t *ret_size)
{
    enum err err = mail_check(mail);
    if (err != ERR_NONE) {
        return err;
    }
    char *message = NULL;
    size_t size = 0;
    char *text = canonical_text(mail->text);
    FILE *stream = text != NULL ? open_memstream(&message, &size) : NULL;
    if (stream == NULL) {
        free(text);
        return ERR_FULL;
    }
    put_head(stream, mail);
    fputs("Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\r\n\r\n", stream);
    put_part(stream, "text/plain; charset=UTF-8", text, strlen(text));
    put_html(stream, mail, text);
    put_calendar(stream, mail);
    fputs("--" BOUNDARY "--\r\n", stream);
    free(text);
    bool failed = ferror(stream) != 0;
    if (fclose(stream) != 0 || failed) {
        free(message);
        return ERR_FULL;
    }
    *ret_message = message;
    *ret_size = size;
    return ERR_NONE;
}
