// The HTML alternative of a text: the same lines, and addresses of pages that can be pressed.
// Nothing in it is fetched from anywhere.
#pragma once

#include <stdio.h>

// `text` is UTF-8 with lines ended by CRLF; an empty line ends a paragraph. `language` as in
// Content-Language. Lines end with CRLF. Failures of `to` are the caller's to see.
void mail_html(FILE *to, const char *text, const char *language);
