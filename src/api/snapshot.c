#include "api/snapshot.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"

static bool is_for(const struct section_text *kept, const struct section_text *wanted)
{
    return kept->text != NULL && kept->touched == wanted->touched &&
           kept->readers == wanted->readers && text_equal(kept->meeting, wanted->meeting);
}

// The one that is wanted; else the one that was used longest ago, or never.
static struct section_text *find(struct section_text kept[SNAPSHOTS_KEPT],
                                 const struct section_text *wanted)
{
    struct section_text *oldest = &kept[0];
    for (uint32_t i = 0; i < SNAPSHOTS_KEPT; i++) {
        if (is_for(&kept[i], wanted)) {
            return &kept[i];
        }
        oldest = kept[i].used < oldest->used ? &kept[i] : oldest;
    }
    return oldest;
}

static void encode(struct snapshots *snapshots, const struct meeting *meeting,
                   enum meeting_section section, const struct viewer *viewer,
                   struct section_text *ret)
{
    json_t *object = meeting_encode_section(meeting, section, viewer);
    free(ret->text);
    ret->text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    ret->size = ret->text != NULL ? strlen(ret->text) : 0;
    json_decref(object);
    snapshots->encoded++;
}

static const struct section_text *section_of(struct snapshots *snapshots,
                                             const struct meeting *meeting,
                                             enum meeting_section section, uint64_t touched,
                                             const struct viewer *viewer)
{
    const struct viewer nobody = {
        .capacity = viewer->capacity, .language = viewer->language, .participant = ""};
    if (!meeting_told_alike(meeting, section, viewer, &nobody)) {
        encode(snapshots, meeting, section, viewer, &snapshots->own[section]);
        return &snapshots->own[section];
    }
    struct section_text wanted = {.touched = touched};
    if (meeting_section_hides(section)) {
        wanted.readers = (uint32_t)viewer->capacity * LANGUAGE_COUNT + (uint32_t)viewer->language;
    }
    text_copy_cut(wanted.meeting, sizeof(wanted.meeting), meeting->id);
    struct section_text *found = find(snapshots->kept[section], &wanted);
    if (!is_for(found, &wanted)) {
        wanted.text = found->text;
        *found = wanted;
        encode(snapshots, meeting, section, &nobody, found);
    }
    found->used = ++snapshots->uses;
    return found;
}

bool snapshot_make(struct snapshots *snapshots, const struct meeting *meeting,
                   const uint64_t touched[MEETING_SECTION_COUNT], const struct viewer *viewer,
                   struct snapshot *ret_snapshot)
{
    bool whole = true;
    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {
        ret_snapshot->sections[i] = section_of(snapshots, meeting, (enum meeting_section)i,
                                               touched[i], viewer);
        whole = whole && ret_snapshot->sections[i]->text != NULL;
    }
    return whole;
}

static char *append(char *at, const char *text, size_t size)
{
    memcpy(at, text, size);
    return at + size;
}

char *snapshot_text(const struct snapshot *snapshot, const char *head, const char *tail)
{
    size_t size = strlen(head) + strlen(tail) + 1;
    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {
        // One object of them all: the brace of the first, then a comma for each, the last brace.
        ASSERT(snapshot->sections[i]->size > 2);
        size += snapshot->sections[i]->size - 1;
    }
    char *text = malloc(size + 1);
    if (text == NULL) {
        return NULL;
    }
    char *at = append(text, head, strlen(head));
    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {
        *at++ = i == 0 ? '{' : ',';
        at = append(at, snapshot->sections[i]->text + 1, snapshot->sections[i]->size - 2);
    }
    *at++ = '}';
    at = append(at, tail, strlen(tail));
    *at = '\0';
    ASSERT((size_t)(at - text) == size);
    return text;
}

void snapshots_finish(struct snapshots *snapshots)
{
    for (int i = 0; i < MEETING_SECTION_COUNT; i++) {
        for (uint32_t k = 0; k < SNAPSHOTS_KEPT; k++) {
            free(snapshots->kept[i][k].text);
        }
        free(snapshots->own[i].text);
    }
    *snapshots = (struct snapshots){0};
}
