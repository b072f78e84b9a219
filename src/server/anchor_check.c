#include "server/anchor_check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "store/journal.h"

static void say(struct anchor_findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct anchor_findings *findings, const char *format, ...)
{
    if (findings->words[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        (void)!vsnprintf(findings->words, sizeof(findings->words), format, arguments);
        va_end(arguments);
    }
}

static void date(time_ms at, char text[32])
{
    time_t seconds = (time_t)(at / 1000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL || strftime(text, 32, "%F %T UTC", &parts) == 0) {
        text_copy_cut(text, 32, "an unknown time");
    }
}

static enum err contradict(const struct anchor *anchor, const char *meeting, struct store *store,
                           struct anchor_findings *findings)
{
    uint64_t last = 0;
    uint8_t hash[JOURNAL_HASH_SIZE];
    char when[32];
    enum err err = journal_head(store, meeting, &last, hash);
    if (err != ERR_NONE) {
        return err;
    }
    date(anchor->at, when);
    findings->against++;
    if (last < anchor->seq) {
        say(findings,
            "the journal of meeting %s was rolled back: it ends at event %llu, and event %llu was "
            "signed at %s",
            meeting, (unsigned long long)last, (unsigned long long)anchor->seq, when);
    } else {
        say(findings,
            "the journal of meeting %s is another than the one that was signed (forked or "
            "rewritten): event %llu, signed at %s, has another hash",
            meeting, (unsigned long long)anchor->seq, when);
    }
    return ERR_NONE;
}

static enum err compare(const struct anchor *anchor, struct store *store,
                        struct anchor_findings *findings, bool *ret_good)
{
    const char *meeting = anchor_meeting(anchor);
    uint8_t hash[JOURNAL_HASH_SIZE];
    char hex[ANCHOR_HASH_SIZE];
    *ret_good = false;
    if (meeting == NULL) {
        return ERR_NONE; // a kind of stream that this server does not know
    }
    enum err err = journal_hash_of(store, meeting, anchor->seq, hash);
    if (err == ERR_NONE) {
        text_hex(hex, hash, sizeof(hash));
        *ret_good = text_equal(hex, anchor->hash);
    }
    if (*ret_good) {
        findings->good++;
        return ERR_NONE;
    }
    return err == ERR_NONE || err == ERR_NOT_FOUND ? contradict(anchor, meeting, store, findings)
                                                   : err;
}

enum err anchor_check_line(const char *line, size_t size, const struct signer *signer,
                           struct store *store, struct anchor_findings *findings,
                           struct anchor *ret_anchor)
{
    bool good = false;
    enum err err = anchor_read(line, size, signer, ret_anchor);
    if (err == ERR_NONE) {
        err = compare(ret_anchor, store, findings, &good);
    } else if (err == ERR_NOT_FOUND) {
        findings->foreign++;
        err = ERR_NONE;
    } else if (err == ERR_MALFORMED || err == ERR_AUTHENTICATION) {
        findings->changed++;
        say(findings, "a signed head was changed: %.60s…", line);
        err = ERR_NONE;
    }
    if (!good) {
        *ret_anchor = (struct anchor){0};
    }
    return err;
}

// ---- A file

#define TORN_MAX 16

// Lines that a full disk has torn: each is the beginning of a head that follows whole, or changed.
struct torn {
    uint32_t count;
    char lines[TORN_MAX][ANCHOR_LINE_MAX + 1];
};

static bool torn_hold(struct torn *torn, const char *line, size_t size)
{
    bool begun = size > 0 && size <= ANCHOR_LINE_MAX && line[0] == '{' && line[size - 1] != '}';
    return begun && torn->count < TORN_MAX &&
           text_copy(torn->lines[torn->count], ANCHOR_LINE_MAX + 1, line) == ERR_NONE &&
           ++torn->count > 0;
}

static void torn_follow(struct torn *torn, const char *whole)
{
    for (uint32_t i = torn->count; i-- > 0;) {
        if (text_starts_with(whole, torn->lines[i])) {
            memmove(torn->lines[i], torn->lines[--torn->count], sizeof(torn->lines[i]));
        }
    }
}

static void torn_end(const struct torn *torn, struct anchor_findings *findings)
{
    for (uint32_t i = 0; i < torn->count; i++) {
        findings->changed++;
        say(findings, "a signed head was changed: %.60s…", torn->lines[i]);
    }
}

enum err anchor_check_file(const char *path, const struct signer *signer, struct store *store,
                           struct anchor_findings *findings, anchor_visitor *each, void *context)
{
    FILE *file = fopen(path, "re");
    struct torn torn = {.count = 0};
    char *line = NULL;
    size_t room = 0;
    ssize_t length = 0;
    enum err err = ERR_NONE;
    if (file == NULL) {
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    }
    while (err == ERR_NONE && (length = getline(&line, &room, file)) > 0) {
        struct anchor anchor;
        if (line[length - 1] != '\n') {
            break;
        }
        line[length - 1] = '\0';
        if (length == 1 || torn_hold(&torn, line, (size_t)length - 1)) {
            continue;
        }
        uint64_t changed = findings->changed;
        err = anchor_check_line(line, (size_t)length - 1, signer, store, findings, &anchor);
        if (findings->changed == changed) {
            torn_follow(&torn, line);
        }
        if (err == ERR_NONE && anchor.seq > 0 && each != NULL) {
            each(context, &anchor);
        }
    }
    torn_end(&torn, findings);
    free(line);
    fclose(file);
    return err;
}
