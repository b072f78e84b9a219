// Fields of a message's head (RFC 5322), folded, with encoded words (RFC 2047) for what is not
// ASCII. Whatever stands in a value, it stays within its field: values are looked at before by
// mail_header_is_safe(). Any thread; failures of `to` are the caller's to see.
#pragma once

#include <stdbool.h>
#include <stdio.h>

// UTF-8 without any control character: no CR, LF or NUL can begin another field.
bool mail_header_is_safe(const char *value);
// What people read: Subject.
void mail_header_text(FILE *to, const char *name, const char *value);
// One mailbox; `shown` may be empty. The address is one that mail_address_check() has taken.
void mail_header_mailbox(FILE *to, const char *name, const char *shown, const char *address);
