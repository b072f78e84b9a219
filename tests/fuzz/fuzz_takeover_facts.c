// What a program says that is asked whether it could take over. Whatever is taken can be written
// again, and reads as the same.
#include <string.h>

#include "fuzz.h"
#include "server/takeover_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char written[TAKEOVER_FACTS_MAX];
    struct takeover_facts facts;
    struct takeover_facts back;
    if (takeover_facts_read((const char *)data, size, &facts) != ERR_NONE) {
        return 0;
    }
    ASSERT(facts.ready == (facts.refusal[0] == '\0'));
    ASSERT(!facts.ready || (facts.version[0] != '\0' && facts.layout[0] != '\0'));
    if (facts.version[0] == '\0' || facts.layout[0] == '\0') {
        return 0; // who refuses may leave them out, and who writes does not
    }
    ASSERT(takeover_facts_write(&facts, written, sizeof(written)) == ERR_NONE);
    ASSERT(takeover_facts_read(written, strlen(written), &back) == ERR_NONE);
    ASSERT(memcmp(&facts, &back, sizeof(facts)) == 0);
    return 0;
}
