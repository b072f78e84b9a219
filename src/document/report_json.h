// The report as signed JSON: {"anchor": {…}, "report": {…}, "signature": {"algorithm": "Ed25519",
// "key": …, "public_key": …, "value": …}}. What is signed are the bytes of `report` in canonical
// form (RFC 8785): here keys sorted, no spaces, whole numbers alone, texts as they are in UTF-8.
// The same journal gives the same bytes of `report`. `anchor` (document/anchor.h) is the head of
// the journal that it was made from, signed apart. Pure but for memory: any thread.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "document/anchor.h"
#include "document/signer.h"
#include "report/report.h"

#define REPORT_FORMAT      "plenary.report.1"
#define REPORT_JSON_MAX    (64u << 20) // of a file to be checked
#define REPORT_DIGEST_SIZE 65          // SHA-256, hexadecimal, and its NUL

struct report_seal {
    char digest[REPORT_DIGEST_SIZE]; // of the canonical form
    char signature[SIGNER_SIGNATURE_SIZE];
};

// `anchor` is a line of anchor_write(), or NULL. `ret_text` is malloc's and the caller's, NULL
// allowed when only the seal is wanted.
enum err CHECKED report_json(const struct report *report, const struct signer *signer,
                             const char *anchor, char **ret_text, size_t *ret_size,
                             struct report_seal *ret_seal);
// Whether this signer's key signed the report in `text`. ERR_MALFORMED for what is no report,
// ERR_AUTHENTICATION for one that was changed or that another key signed.
enum err CHECKED report_json_verify(const char *text, size_t size, const struct signer *signer);
// The line of its anchor, and what the report says of itself. ERR_NOT_FOUND when it has none, as
// those of older servers.
enum err CHECKED report_json_anchor(const char *text, size_t size,
                                    char ret_line[ANCHOR_LINE_MAX + 1],
                                    char ret_meeting[CONTRACT_ID_MAX + 1], uint64_t *ret_seq);
