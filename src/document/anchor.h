// Anchors: signed heads of the journal. One says which hash the event of a number had, of which
// stream, at what time; whoever keeps it elsewhere can tell later whether the journal is still the
// one it was. It does not know how rows are made: only their stream, number and hash.
//
// A line is a JSON object in canonical form (RFC 8785: keys sorted, no spaces):
//   {"at":MS,"hash":HEX,"key":HEX,"seq":N,"signature":BASE64,"stream":"meeting/ID","why":WORD}
// `signature` is Ed25519 over the same line without `signature`; `key` is signer_id(). Members that
// a later server adds are signed with the others. Pure: any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "document/signer.h"

#define ANCHOR_LINE_MAX   1023 // without the line's end
#define ANCHOR_STREAM_MAX (CONTRACT_ID_MAX + 8)
#define ANCHOR_HASH_SIZE  65 // SHA-256, hexadecimal, and its NUL
#define ANCHOR_WHY_MAX    15

struct anchor {
    char stream[ANCHOR_STREAM_MAX + 1]; // "meeting/ID"
    uint64_t seq;
    char hash[ANCHOR_HASH_SIZE];
    time_ms at;
    char why[ANCHOR_WHY_MAX + 1]; // start, interval, item, sitting, stop, report
    char key[SIGNER_ID_SIZE];     // of who signed it
};

// A head of a meeting's journal.
void anchor_fill(struct anchor *anchor, const char *meeting, uint64_t seq, const uint8_t hash[32],
                 const char *why, time_ms at);
// Signs it (`key` is filled in) and writes the line.
enum err CHECKED anchor_write(struct anchor *anchor, const struct signer *signer,
                              char ret_line[ANCHOR_LINE_MAX + 1]);
// ERR_MALFORMED for what is no anchor, ERR_NOT_FOUND (and the anchor) for one of another key,
// ERR_AUTHENTICATION for one that was changed.
enum err CHECKED anchor_read(const char *line, size_t size, const struct signer *signer,
                             struct anchor *ret_anchor);
// The meeting of its stream; NULL for another kind of stream.
const char *anchor_meeting(const struct anchor *anchor);
