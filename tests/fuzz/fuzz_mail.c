// Whatever is given as an address, a name, a subject and a text: what is taken makes a message
// whose head has the fields that it should have, and no others, in lines that every server takes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "mail/address.h"
#include "mail/message.h"
#include "mail/transcript.h"

static const char *const fields[] = {"Date: ",
                                     "From: ",
                                     "To: ",
                                     "Subject: ",
                                     "Message-ID: ",
                                     "Auto-Submitted: ",
                                     "Content-Language: ",
                                     "MIME-Version: ",
                                     "Content-Type: "};

static void check_address(const char *text)
{
    bool ascii = false;
    if (mail_address_check(text, &ascii) != ERR_NONE) {
        return;
    }
    size_t length = strlen(text);
    ASSERT(length <= MAIL_ADDRESS_MAX && text_is_utf8(text, length));
    ASSERT(strchr(text, '@') == strrchr(text, '@'));
    for (size_t i = 0; i < length; i++) {
        unsigned char sign = (unsigned char)text[i];
        ASSERT(sign > ' ' && sign != 0x7f && strchr("<>()[]\\,;:\"", sign) == NULL);
        ASSERT(!ascii || sign < 0x80);
    }
}

// The lines of the head, one field after the other; then those of the body.
static void check_message(const char *message)
{
    size_t field = 0;
    bool head = true;
    for (const char *at = message; *at != '\0'; at += strcspn(at, "\r") + 2) {
        size_t length = strcspn(at, "\r\n");
        ASSERT(length <= 998 && at[length] == '\r' && at[length + 1] == '\n');
        if (head && length > 0 && at[0] != ' ') {
            ASSERT(field < sizeof(fields) / sizeof(fields[0]));
            ASSERT(text_starts_with(at, fields[field]));
            field++;
        }
        head = head && length > 0;
    }
    ASSERT(!head && field == sizeof(fields) / sizeof(fields[0]));
}

// What a mail server says, in lines, is kept in printable ASCII.
static void check_transcript(const uint8_t *data, size_t size)
{
    struct transcript transcript = {0};
    transcript_begin(&transcript);
    transcript_sent(&transcript, "EHLO a", 6);
    for (size_t at = 0; at < size;) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - data) + 1 - at : size - at;
        transcript_came(&transcript, (const char *)data + at, length);
        at += length;
    }
    ASSERT(transcript.code >= 0 && transcript.code <= 999);
    for (const char *at = transcript.reply; *at != '\0'; at++) {
        ASSERT(*at >= ' ' && *at < 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    char *message = NULL;
    size_t message_size = 0;
    ASSERT(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    check_address(text);
    check_transcript(data, size);
    const struct mail mail = {.id = "mail-1",
                              .from = "plenary@example.org",
                              .from_name = text,
                              .to = mail_address_check(text, NULL) == ERR_NONE ? text : "a@b.org",
                              .to_name = text,
                              .subject = text,
                              .language = "en",
                              .text = text};
    if (mail_write(&mail, &message, &message_size) == ERR_NONE) {
        ASSERT(strlen(message) == message_size);
        check_message(message);
    }
    free(message);
    free(text);
    return 0;
}
