#include "mail/address.h"

#include <string.h>

#include "base/text.h"
#include "words/words.h"

#define LABEL_MAX 63 // RFC 1035 section 2.3.4

static bool is_letter_or_digit(unsigned char sign)
{
    return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') ||
           (sign >= '0' && sign <= '9');
}

static bool is_beyond_ascii(unsigned char sign)
{
    return sign >= 0x80;
}

// RFC 5322 section 3.2.3, with RFC 6532 section 3.2.
static bool is_of_atom(unsigned char sign)
{
    return is_letter_or_digit(sign) || is_beyond_ascii(sign) ||
           (sign != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", sign) != NULL);
}

// Atoms with one dot between two of them.
static bool local_is_good(const char *from, size_t length)
{
    if (length == 0 || length > MAIL_LOCAL_MAX || from[0] == '.' || from[length - 1] == '.') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        bool dot = from[i] == '.' && from[i - 1] != '.'; // not the first sign, as seen above
        if (!dot && !is_of_atom((unsigned char)from[i])) {
            return false;
        }
    }
    return true;
}

static bool label_is_good(const char *from, size_t length)
{
    if (length == 0 || length > LABEL_MAX || from[0] == '-' || from[length - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char sign = (unsigned char)from[i];
        if (!is_letter_or_digit(sign) && !is_beyond_ascii(sign) && sign != '-') {
            return false;
        }
    }
    return true;
}

// Two labels or more: who forgets the last one is told so. The last is no number, for that would be
// the address of a machine.
static bool domain_is_good(const char *domain)
{
    const char *label = domain;
    size_t length = strcspn(label, ".");
    if (text_equal(domain, "localhost")) {
        return true;
    }
    if (label[length] == '\0') {
        return false;
    }
    while (label_is_good(label, length) && label[length] == '.') {
        label += length + 1;
        length = strcspn(label, ".");
    }
    return label[length] == '\0' && label_is_good(label, length) &&
           strspn(label, "0123456789") < length;
}

// Nothing in it that is not seen or is written in two ways. Blanks that typography asks for are
// text to words_take().
static bool signs_are_plain(const char *address, size_t length)
{
    static const char *const blanks[] = {"\u00a0", "\u202f", "\u3000"};
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        if (strstr(address, blanks[i]) != NULL) {
            return false;
        }
    }
    char cleaned[WORDS_SIZE(MAIL_ADDRESS_MAX)];
    uint32_t came = 0;
    return text_is_utf8(address, length) &&
           words_take(address, length, MAIL_ADDRESS_MAX, cleaned, &came) == ERR_NONE &&
           text_equal(cleaned, address);
}

enum err mail_address_check(const char *address, bool *ret_ascii)
{
    size_t length = strnlen(address, MAIL_ADDRESS_MAX + 1);
    const char *at = length <= MAIL_ADDRESS_MAX ? strrchr(address, '@') : NULL;
    if (at == NULL || !local_is_good(address, (size_t)(at - address)) || !domain_is_good(at + 1)) {
        return ERR_INVALID;
    }
    bool ascii = true;
    for (size_t i = 0; i < length; i++) {
        ascii = ascii && !is_beyond_ascii((unsigned char)address[i]);
    }
    if (!ascii && !signs_are_plain(address, length)) {
        return ERR_INVALID;
    }
    if (ret_ascii != NULL) {
        *ret_ascii = ascii;
    }
    return ERR_NONE;
}
