#include "api/snapshot.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "contract/json.h"

static char *encode(struct snapshots *snapshots, const struct meeting *meeting,
                    const struct viewer *viewer)
{
    json_t *state = meeting_encode_for(meeting, viewer);
    char *text = state != NULL ? json_dumps(state, JSON_COMPACT) : NULL;
    json_decref(state);
    snapshots->encoded++;
    return text;
}

static bool is_for(const struct snapshot *kept, const struct snapshot *wanted)
{
    return kept->seq == wanted->seq && kept->readers == wanted->readers &&
           text_equal(kept->meeting, wanted->meeting);
}

// The one that is wanted; else the one that was used longest ago, or never.
static struct snapshot *find(struct snapshots *snapshots, const struct snapshot *wanted)
{
    struct snapshot *oldest = &snapshots->kept[0];
    for (uint32_t i = 0; i < SNAPSHOTS_KEPT; i++) {
        struct snapshot *at = &snapshots->kept[i];
        if (is_for(at, wanted)) {
            return at;
        }
        oldest = at->used < oldest->used ? at : oldest;
    }
    return oldest;
}

const char *snapshot_text(struct snapshots *snapshots, const struct meeting *meeting, uint64_t seq,
                          const struct viewer *viewer)
{
    const struct viewer nobody = {
        .capacity = viewer->capacity, .language = viewer->language, .participant = ""};
    free(snapshots->own);
    snapshots->own = NULL;
    if (!meeting_told_alike(meeting, viewer, &nobody)) {
        snapshots->own = encode(snapshots, meeting, viewer);
        return snapshots->own;
    }
    struct snapshot wanted = {.seq = seq,
                              .readers = (uint32_t)viewer->capacity * LANGUAGE_COUNT +
                                         (uint32_t)viewer->language};
    text_copy_cut(wanted.meeting, sizeof(wanted.meeting), meeting->id);
    struct snapshot *found = find(snapshots, &wanted);
    if (!is_for(found, &wanted)) {
        free(found->text);
        *found = wanted;
        found->text = encode(snapshots, meeting, &nobody);
        found->seq = found->text != NULL ? seq : 0;
    }
    found->used = ++snapshots->uses;
    return found->text;
}

void snapshots_finish(struct snapshots *snapshots)
{
    for (uint32_t i = 0; i < SNAPSHOTS_KEPT; i++) {
        free(snapshots->kept[i].text);
    }
    free(snapshots->own);
    *snapshots = (struct snapshots){0};
}
