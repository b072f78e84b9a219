// The report on paper (PDF, A4), in one of the six languages: the same figures as in the JSON, with
// charts. Takes some tenths of a second: not for the loop. Any thread.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "document/report_json.h"
#include "report/report.h"

struct report_pdf_wish {
    enum language language;
    const char *fonts; // a folder; no other fonts are used
    struct report_seal seal;
    const char *key;    // signer_id()
    const char *anchor; // a line of anchor_write(): printed as a QR code; NULL: none
};

// ERR_NOT_FOUND without fonts. The body is malloc's.
enum err CHECKED report_pdf(const struct report *report, const struct report_pdf_wish *wish,
                            char **ret_body, size_t *ret_size);
