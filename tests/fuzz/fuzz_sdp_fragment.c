// The fragments that clients send by PATCH for an ICE restart. What is read lies within the input,
// and what is answered is a fragment again.
#include <string.h>

#include "fuzz.h"
#include "wire/sdp_fragment.h"

static bool within(struct sdp_text text, const char *data, size_t size)
{
    return text.size == 0 || (text.data >= data && text.data + text.size <= data + size);
}

static void check(const struct sdp_fragment *fragment, const char *data, size_t size)
{
    ASSERT(within(fragment->kind, data, size) && within(fragment->mid, data, size));
    ASSERT(within(fragment->ufrag, data, size) && within(fragment->password, data, size));
    // RFC 8839 section 5.4
    ASSERT(fragment->ufrag.size >= 4 && fragment->ufrag.size <= 256);
    ASSERT(fragment->password.size >= 22 && fragment->password.size <= 256);
    ASSERT(memchr(fragment->ufrag.data, '\n', fragment->ufrag.size) == NULL);
    ASSERT(fragment->mid.size == 0 || memchr(fragment->mid.data, '\n', fragment->mid.size) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char written[SDP_FRAGMENT_SIZE_MAX];
    const struct address candidate = {.family = ADDRESS_IPV4, .port = 1};
    struct sdp_fragment fragment;
    struct sdp_fragment back;
    size_t written_size = 0;
    if (sdp_fragment_parse((const char *)data, size, &fragment) != ERR_NONE) {
        return 0;
    }
    check(&fragment, (const char *)data, size);
    ASSERT(sdp_fragment_write(&fragment, "serverfrag", "serverpassword0123456789", &candidate, 1,
                              written, sizeof(written), &written_size) == ERR_NONE);
    ASSERT(sdp_fragment_parse(written, written_size, &back) == ERR_NONE);
    ASSERT(sdp_text_equal(back.ufrag, "serverfrag"));
    if (fragment.kind.size > 0 && fragment.mid.size > 0) {
        ASSERT(back.mid.size == fragment.mid.size &&
               memcmp(back.mid.data, fragment.mid.data, back.mid.size) == 0);
    }
    return 0;
}
