// What must be true of booths and channels. Stated again from the desks, the floor and the feeds,
// not by calling the functions that decide: one of the two would show the other's mistake.
#include "meeting/meeting_priv.h"

#include <string.h>

static bool check_on_air(const struct desk *desk)
{
    return desk->microphone != MICROPHONE_OFF;
}

static const struct desk *check_find(const struct booth *booth, const char *participant)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        if (strcmp(booth->desks[i].participant, participant) == 0) {
            return &booth->desks[i];
        }
    }
    return NULL;
}

static const char *check_override(const struct booth *booth, const struct desk *desk)
{
    if (desk->overridden_by[0] == '\0') {
        return NULL;
    }
    const struct desk *by = check_find(booth, desk->overridden_by);
    return !check_on_air(desk) && by != NULL && check_on_air(by)
               ? NULL
               : "a desk is overridden by nobody on the air";
}

static const char *check_desk(const struct meeting_state *state, const struct booth *booth,
                              const struct desk *desk)
{
    const struct participant *interpreter = meeting_find_participant(state, desk->participant);
    if (interpreter == NULL || !capacity_can(interpreter->capacity, ABILITY_HAS_DESK) ||
        interpreter->language != booth->language) {
        return "a desk belongs to nobody of its booth";
    }
    if (interpreter->microphone != desk->microphone ||
        interpreter->microphone_since != desk->opened_at) {
        return "a desk and its interpreter disagree";
    }
    if (check_on_air(desk) && interpreter->presence != PRESENCE_PRESENT) {
        return "a desk is on the air for someone who is not in the room";
    }
    if (check_on_air(desk) != (desk->target != LANGUAGE_NONE) ||
        check_on_air(desk) != (desk->opened > 0)) {
        return "a desk on the air feeds nothing, or one off the air something";
    }
    bool a = desk->output == OUTPUT_NONE || desk->output == OUTPUT_A;
    if (check_on_air(desk) && a != (desk->target == booth->language)) {
        return "output A feeds another language, or B and C the booth's own";
    }
    if (desk->lost_at != 0 && check_on_air(desk)) {
        return "a desk on the air is said to be cut off";
    }
    if (desk->resting && check_on_air(desk)) {
        return "a resting interpreter is on the air";
    }
    bool opens = desk->opening_since != 0;
    if (opens != (desk->opening_target != LANGUAGE_NONE) || (opens && check_on_air(desk)) ||
        (opens && interpreter->presence != PRESENCE_PRESENT)) {
        return "a desk opens that is on the air, or for someone who is not in the room";
    }
    if ((desk->silence != SILENCE_NONE) != (desk->silent_since != 0) ||
        (desk->silence != SILENCE_NONE && desk->microphone != MICROPHONE_ON)) {
        return "a microphone that is not open is silent";
    }
    return NULL;
}

static const char *check_handover(const struct booth *booth)
{
    const struct handover *handover = &booth->handover;
    if (handover->state == HANDOVER_STATE_NONE) {
        return handover->from[0] == '\0' && handover->to[0] == '\0' && handover->deadline == 0
                   ? NULL
                   : "a handover that is none has parties";
    }
    const struct desk *from = check_find(booth, handover->from);
    const struct desk *to = check_find(booth, handover->to);
    // Whoever is counted down may be closed already, or gone, with nobody else's microphone open
    // instead. Journals from before such a countdown kept the channel have a desk that was cut off.
    bool counting = handover->state == HANDOVER_STATE_COUNTING;
    bool open = from != NULL && check_on_air(from);
    bool keeps = handover->target != LANGUAGE_NONE;
    if (!open && !(counting && (keeps || (from != NULL && from->lost_at != 0)))) {
        return "a handover from someone off the air";
    }
    if (keeps && (open || !counting)) {
        return "a handover keeps the channel of a desk that is on the air";
    }
    if (to == NULL) {
        return counting && handover->to[0] == '\0' ? NULL : "a handover to nobody";
    }
    if (to->resting) {
        return "a handover to someone who rests";
    }
    bool armed = handover->state == HANDOVER_STATE_ARMED;
    bool came = (counting || (armed && handover->moment != 0)) && handover->deadline == 0;
    bool timeless = armed && handover->moment == 0;
    if (came ? to->opening_since == 0 : timeless != (handover->deadline == 0)) {
        return "a handover without its deadline";
    }
    return check_on_air(to) == (handover->state == HANDOVER_STATE_SWITCHING)
               ? NULL
               : "the one to take over is on the air too early, or not yet";
}

static const char *check_booth(const struct booth *booth)
{
    uint32_t on_air = 0;
    const char *broken = NULL;
    for (uint32_t i = 0; i < booth->desks_count && broken == NULL; i++) {
        broken = check_override(booth, &booth->desks[i]);
        on_air += check_on_air(&booth->desks[i]);
    }
    bool switching = booth->handover.state == HANDOVER_STATE_SWITCHING;
    if (broken == NULL && on_air > 1 && booth->setting.mode == BOOTH_MODE_OVERRIDE && !switching) {
        return "two desks of one booth are on the air";
    }
    return broken;
}

// Called between the events of a batch too: what only a whole batch makes true stands in
// check_channels.
const char *check_booths(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 1; i < meeting->booths_count; i++) {
        if (meeting->booths[i - 1].language >= meeting->booths[i].language) {
            return "the booths are not in the order of the languages";
        }
    }
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            const struct desk *desk = &meeting->booths[i].desks[j];
            const char *broken = check_desk(state, &meeting->booths[i], desk);
            if (broken != NULL) {
                return broken;
            }
        }
    }
    return NULL;
}

// Journals from before digital silence gave way to the other microphone have it carried: then it
// counts as heard.
enum check_rule { CHECK_SOUND, CHECK_PACKETS };

static int check_lacks(enum silence silence, enum check_rule rule)
{
    if (silence == SILENCE_NO_SOUND) {
        return rule == CHECK_SOUND ? 1 : 0;
    }
    return silence == SILENCE_NONE ? 0 : 2;
}

static bool check_prefers(const struct desk *desk, const struct desk *other, enum check_rule rule)
{
    bool speaks = desk->microphone == MICROPHONE_ON;
    if (speaks != (other->microphone == MICROPHONE_ON)) {
        return speaks;
    }
    bool lacks = rule == CHECK_SOUND && desk->silence != SILENCE_NONE;
    bool other_lacks = rule == CHECK_SOUND && other->silence != SILENCE_NONE;
    return lacks != other_lacks ? other_lacks : desk->opened > other->opened;
}

static const struct desk *check_holder(const struct meeting *meeting, enum channel_id id,
                                       enum check_rule rule, uint32_t *ret_booths)
{
    const struct desk *best = NULL;
    *ret_booths = 0;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        bool feeds = false;
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            const struct desk *desk = &meeting->booths[i].desks[j];
            if (!check_on_air(desk) || (int)desk->target != (int)id) {
                continue;
            }
            feeds = true;
            if (best == NULL || check_prefers(desk, best, rule)) {
                best = desk;
            }
        }
        *ret_booths += feeds;
    }
    return best;
}

// The delivering feed that was put on the channel last.
static const struct feed *check_newest_feed(const struct meeting *meeting, enum channel_id id)
{
    const struct feed *newest = NULL;
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        const struct feed *feed = &meeting->feeds[i];
        if ((int)feed->target == (int)id + 1 && feed->sound &&
            (newest == NULL || feed->put_at >= newest->put_at)) {
            newest = feed;
        }
    }
    return newest;
}

static bool check_carries(const struct channel *channel, enum channel_state state,
                          const char *holder, const char *feed)
{
    // Journals from before channels knew their depth have none.
    return channel->state == state && strcmp(channel->holder, holder) == 0 &&
           strcmp(channel->feed, feed) == 0 &&
           (channel->depth == 0 || state == CHANNEL_STATE_INTERPRETED);
}

static const char *check_floor_by(const struct meeting *meeting, const struct channel *channel,
                                  enum check_rule rule)
{
    const struct feed *feed = check_newest_feed(meeting, CHANNEL_ID_FLOOR);
    const struct floor_microphone *newest = meeting->floor_count > 0
                                                ? &meeting->floor[meeting->floor_count - 1]
                                                : NULL;
    if (meeting->floor_count == 2 &&
        check_lacks(meeting->floor[0].silence, rule) < check_lacks(newest->silence, rule)) {
        newest = &meeting->floor[0];
    }
    if (feed != NULL && (newest == NULL || check_lacks(newest->silence, rule) > 0 ||
                         (newest->opened_at < feed->put_at && feed->silent_since == 0))) {
        return check_carries(channel, CHANNEL_STATE_FLOOR, "", feed->id)
                   ? NULL
                   : "a channel does not carry the feed on the floor";
    }
    if (newest != NULL) {
        return check_carries(channel, CHANNEL_STATE_FLOOR, newest->participant, "")
                   ? NULL
                   : "a channel does not carry the newest floor microphone";
    }
    return check_carries(channel, CHANNEL_STATE_SILENT, "", "")
               ? NULL
               : "a channel carries what is not there";
}

static const char *check_floor_carried(const struct meeting *meeting, const struct channel *channel)
{
    return check_floor_by(meeting, channel, CHECK_PACKETS) == NULL
               ? NULL
               : check_floor_by(meeting, channel, CHECK_SOUND);
}

static const char *check_forced(const struct meeting_state *state, const struct channel *channel)
{
    if (channel->feed[0] != '\0') {
        return "a channel routed by hand carries a feed";
    }
    if (channel->holder[0] == '\0') {
        return channel->state == CHANNEL_STATE_SILENT ? NULL : "a silenced channel is not silent";
    }
    const struct participant *holder = meeting_find_participant(state, channel->holder);
    bool open = holder != NULL && holder->presence == PRESENCE_PRESENT &&
                (holder->microphone != MICROPHONE_OFF ||
                 capacity_can(holder->capacity, ABILITY_ROUTES_SOUND));
    return open ? NULL : "a channel is routed to a closed microphone";
}

static const char *check_channel(const struct meeting_state *state, const struct channel *channel)
{
    const struct meeting *meeting = &state->meeting;
    uint32_t booths = 0;
    const struct desk *on_air = check_holder(meeting, channel->id, CHECK_SOUND, &booths);
    const struct desk *newest = check_holder(meeting, channel->id, CHECK_PACKETS, &booths);
    if (booths > 1) {
        return "an output has holders of two booths";
    }
    if (channel->forced) {
        return check_forced(state, channel);
    }
    if (on_air != NULL) {
        return check_carries(channel, CHANNEL_STATE_INTERPRETED, on_air->participant, "") ||
                       check_carries(channel, CHANNEL_STATE_INTERPRETED, newest->participant, "")
                   ? NULL
                   : "a channel does not carry its holder";
    }
    bool language = channel->id != CHANNEL_ID_FLOOR;
    const struct feed *feed = language ? check_newest_feed(meeting, channel->id) : NULL;
    if (feed != NULL) {
        return check_carries(channel, CHANNEL_STATE_INTERPRETED, "", feed->id) &&
                       channel->depth <= 1 && channel->source == LANGUAGE_NONE
                   ? NULL
                   : "a channel does not carry its feed";
    }
    if (channel->auto_floor || !language) {
        return check_floor_carried(meeting, channel);
    }
    return check_carries(channel, CHANNEL_STATE_SILENT, "", "")
               ? NULL
               : "a channel carries what is not there";
}

const char *check_channels(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    if (meeting->floor_language != LANGUAGE_NONE &&
        meeting->channels[CHANNEL_ID_FLOOR].state == CHANNEL_STATE_SILENT) {
        return "a language is spoken, and nobody speaks";
    }
    for (uint32_t i = 0; i < meeting->channels_count; i++) {
        const char *broken = (uint32_t)meeting->channels[i].id != i
                                 ? "the channels are out of order"
                                 : check_channel(state, &meeting->channels[i]);
        if (broken != NULL) {
            return broken;
        }
    }
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        const char *broken = check_booth(booth);
        broken = broken != NULL ? broken : check_handover(booth);
        if (broken != NULL) {
            return broken;
        }
    }
    return NULL;
}
