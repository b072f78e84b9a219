#include "fuzz.h"
#include "media/abilities.h"
#include "wire/sdp.h"

static struct sdp_description offer;
static struct sdp_description again;
static struct sdp_answer answer;
static char written[SDP_SIZE_MAX];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum err err = sdp_parse((const char *)data, size, &offer);
    if (err == ERR_NONE) {
        err = sdp_offer_check(&offer);
    }
    ASSERT((err == ERR_NONE) == (offer.problem[0] == '\0'));
    if (err != ERR_NONE) {
        return 0;
    }
    for (unsigned i = 0; i < offer.section_count; i++) {
        ASSERT(offer.sections[i].fingerprints.count <= SDP_DIGESTS_MAX);
        ASSERT(!offer.sections[i].fingerprints.excess ||
               sdp_section_problem(&offer.sections[i]) != NULL);
    }
    sdp_answer_init(&answer, &offer, &media_abilities);
    answer.ufrag = "serverfrag";
    answer.password = "serverpassword0123456789";
    answer.fingerprint =
        "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
        "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
    answer.cname = "plenary";
    for (unsigned i = 0; i < answer.section_count; i++) {
        answer.sections[i].ssrc = i + 1;
    }
    size_t written_size;
    if (sdp_answer_write(&answer, written, sizeof(written), &written_size) != ERR_NONE) {
        return 0;
    }
    // Whatever was offered, the answer is one our own parser reads, section for section.
    ASSERT(sdp_parse(written, written_size, &again) == ERR_NONE);
    ASSERT(again.section_count == offer.section_count);
    for (unsigned i = 0; i < again.section_count; i++) {
        ASSERT(again.sections[i].kind == offer.sections[i].kind);
        ASSERT(again.sections[i].rejected == answer.sections[i].rejected);
        ASSERT(again.sections[i].mid.size == offer.sections[i].mid.size);
    }
    return 0;
}
