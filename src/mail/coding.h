// The two content transfer encodings of RFC 2045, for texts of any language: what comes out is
// ASCII in lines of 76 at most, ended by CRLF. Any thread; failures of `to` are the caller's to
// see.
#pragma once

#include <stddef.h>
#include <stdio.h>

// Section 6.8.
void coding_base64(FILE *to, const char *from, size_t length);
// Section 6.7. `from` has CRLF at the ends of its lines, and nowhere else one of the two signs.
void coding_quoted_printable(FILE *to, const char *from, size_t length);
// The shorter one for this text, and its name in Content-Transfer-Encoding (static).
void coding_shorter(FILE *to, const char *from, size_t length);
const char *coding_shorter_name(const char *from, size_t length);
