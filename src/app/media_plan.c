// What each capacity's one PeerConnection is made of: what it may send, then what it receives, in
// slot order.
#include "app/app.h"
#include "contract/permissions.h"

static void plan_add(struct media_plan *plan, enum media_kind kind, enum slot_name slot,
                     enum track_name track)
{
    plan->sections[plan->sections_count++] = (struct media_section){
        .kind = kind,
        .direction = track != TRACK_NAME_NONE ? MEDIA_DIRECTION_SEND : MEDIA_DIRECTION_RECEIVE,
        .slot = slot,
        .track = track};
}

void app_media_plan(enum capacity capacity, struct media_plan *ret_plan)
{
    *ret_plan = (struct media_plan){0};
    // Who routes sound may put their own on a channel.
    bool sends = capacity_can(capacity, ABILITY_HAS_MICROPHONE | ABILITY_ROUTES_SOUND);
    if (sends) {
        plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_NONE, TRACK_NAME_MICROPHONE);
        plan_add(ret_plan, MEDIA_KIND_VIDEO, SLOT_NAME_NONE, TRACK_NAME_CAMERA);
        plan_add(ret_plan, MEDIA_KIND_VIDEO, SLOT_NAME_NONE, TRACK_NAME_SCREEN);
    }
    bool talks = capacity_can(capacity, ABILITY_HAS_DESK | ABILITY_ROUTES_SOUND);
    if (talks) {
        plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_NONE, TRACK_NAME_TALKBACK);
    }
    plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_FLOOR_1, TRACK_NAME_NONE);
    plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_FLOOR_2, TRACK_NAME_NONE);
    plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_LANGUAGE, TRACK_NAME_NONE);
    if (capacity_can(capacity, ABILITY_HAS_DESK)) {
        plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_RELAY, TRACK_NAME_NONE);
        plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_BOOTHMATE, TRACK_NAME_NONE);
    }
    plan_add(ret_plan, MEDIA_KIND_VIDEO, SLOT_NAME_SPEAKER, TRACK_NAME_NONE);
    plan_add(ret_plan, MEDIA_KIND_VIDEO, SLOT_NAME_CHAIR, TRACK_NAME_NONE);
    plan_add(ret_plan, MEDIA_KIND_VIDEO, SLOT_NAME_SCREEN, TRACK_NAME_NONE);
    if (talks) {
        plan_add(ret_plan, MEDIA_KIND_AUDIO, SLOT_NAME_TALKBACK, TRACK_NAME_NONE);
    }
    if (capacity_can(capacity, ABILITY_HAS_DESK)) {
        plan_add(ret_plan, MEDIA_KIND_VIDEO, SLOT_NAME_PARTNER, TRACK_NAME_NONE);
    }
}
