// How loud the sources are, told together (RFC 6464).
#include "media/router_state.h"
#include "media/source.h"

void sources_tell_levels(struct router *router)
{
    struct link_level levels[LINK_LEVELS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < router->limits.sources_max; i++) {
        struct source *source = &router->sources[i];
        if (!source->open || source->level == SOURCE_NO_LEVEL) {
            continue;
        }
        levels[count++] = (struct link_level){source->description.id, source->level};
        source->level = SOURCE_NO_LEVEL;
        if (count == LINK_LEVELS_MAX) {
            router->sink.source_levels(router->sink.context, levels, count);
            count = 0;
        }
    }
    if (count > 0) {
        router->sink.source_levels(router->sink.context, levels, count);
    }
}
