#include "scene.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "command_fill.h"
#include "contract/json.h"
#include "meeting/document.h"
#include "meeting/feed.h"
#include "meeting/setup.h"
#include "meeting/timing.h"

static const struct {
    char id[4];
    enum capacity capacity;
    enum language language;
} people[] = {
    {"ch", CAPACITY_CHAIR, LANGUAGE_NONE},     {"se", CAPACITY_SECRETARY, LANGUAGE_NONE},
    {"mo", CAPACITY_MODERATOR, LANGUAGE_NONE}, {"te", CAPACITY_TECHNICIAN, LANGUAGE_NONE},
    {"d1", CAPACITY_DELEGATE, LANGUAGE_NONE},  {"d2", CAPACITY_DELEGATE, LANGUAGE_NONE},
    {"f1", CAPACITY_INTERPRETER, LANGUAGE_FR}, {"f2", CAPACITY_INTERPRETER, LANGUAGE_FR},
    {"r1", CAPACITY_INTERPRETER, LANGUAGE_RU}, {"z1", CAPACITY_INTERPRETER, LANGUAGE_ZH},
    {"li", CAPACITY_LISTENER, LANGUAGE_NONE},  {"ca", CAPACITY_CAPTIONER, LANGUAGE_NONE},
};
#define PEOPLE (sizeof(people) / sizeof(people[0]))

static struct event_list list;

static void take(struct scene *scene)
{
    if (list.count == 0) {
        return;
    }
    for (uint32_t i = 0; i < list.count; i++) {
        scene->happened(scene->context, &list.events[i]);
    }
    const char *broken = meeting_check(&scene->state, true);
    if (broken != NULL) {
        fprintf(stderr, "broken: %s\n", broken);
        abort();
    }
    list.count = 0;
}

const char *scene_person(uint8_t byte)
{
    return people[byte % PEOPLE].id;
}

struct participant scene_comer(uint8_t byte)
{
    size_t at = byte % PEOPLE;
    struct participant one = {.capacity = people[at].capacity, .language = people[at].language};
    snprintf(one.id, sizeof(one.id), "%.3s", people[at].id);
    snprintf(one.name, sizeof(one.name), "Person %.3s", people[at].id);
    snprintf(one.delegation, sizeof(one.delegation), "%s",
             one.capacity == CAPACITY_DELEGATE ? "fra" : "");
    snprintf(one.office, sizeof(one.office), "%s", one.capacity == CAPACITY_CHAIR ? "head" : "");
    return one;
}

static enum language language_of(uint8_t byte)
{
    return (enum language)(byte % LANGUAGE_COUNT);
}

static enum channel_id channel_of(uint8_t byte)
{
    return (enum channel_id)(byte % CHANNEL_ID_COUNT);
}

static void fill_id(char *to, const char *id)
{
    text_copy_cut(to, CONTRACT_ID_MAX + 1, id);
}

static void fill_booth(struct command_booth_set *set, uint8_t first, uint8_t second)
{
    set->language = language_of(first);
    set->setting.mode = (enum booth_mode)(second % BOOTH_MODE_COUNT);
    set->setting.allowed_count = 2;
    set->setting.allowed[0].language = LANGUAGE_EN;
    set->setting.allowed[1].language = LANGUAGE_FR;
    set->setting.output_b = (second & 8) != 0 ? LANGUAGE_EN : LANGUAGE_NONE;
    set->setting.output_c = (second & 16) != 0 ? LANGUAGE_FR : LANGUAGE_NONE;
    set->setting.auto_relay = (second & 32) != 0;
    set->setting.rota = (second & 64) != 0;
    set->setting.turn_minutes = second % 31;
}

// Commands of the booths and the channels. False: this is none of them.
static bool fill_booth_command(struct command *command, uint8_t first, uint8_t second, time_ms now)
{
    switch ((int)command->type) {
    case COMMAND_BOOTH_SET: fill_booth(&command->as.booth_set, first, second); return true;
    case COMMAND_DESK_MICROPHONE:
        command->as.desk_microphone.state = (enum microphone)(first % MICROPHONE_COUNT);
        return true;
    case COMMAND_DESK_OUTPUT:
        command->as.desk_output.output = (enum output)(OUTPUT_A + first % (OUTPUT_COUNT - 1));
        command->as.desk_output.language = language_of(second);
        return true;
    case COMMAND_DESK_LISTEN:
        command->as.desk_listen.source = channel_of(first);
        command->as.desk_listen.original = (second & 1) != 0;
        return true;
    case COMMAND_DESK_PRESELECT:
        command->as.desk_preselect.position = first % 4;
        command->as.desk_preselect.channel = channel_of(second);
        return true;
    case COMMAND_DESK_REST: command->as.desk_rest.on = (first & 1) != 0; return true;
    case COMMAND_DESK_ASSIGN:
        fill_id(command->as.desk_assign.participant, scene_person(first));
        command->as.desk_assign.language = language_of(second);
        command->as.desk_assign.position = second % 7;
        return true;
    case COMMAND_INTERLOCK_SET:
        command->as.interlock_set.a = (enum interlock_mode)(first % INTERLOCK_MODE_COUNT);
        command->as.interlock_set.bc = (enum interlock_mode)(second % INTERLOCK_MODE_COUNT);
        return true;
    case COMMAND_HANDOVER_REQUEST:
        command->as.handover_request.moment = first > 127 ? now + 40 * first : 0;
        return true;
    case COMMAND_HANDOVER_OFFER:
        fill_id(command->as.handover_offer.participant, scene_person(first));
        command->as.handover_offer.moment = second > 127 ? now + 40 * second : 0;
        return true;
    case COMMAND_CHANNEL_AUTO_FLOOR:
        command->as.channel_auto_floor.channel = channel_of(first);
        command->as.channel_auto_floor.on = (second & 1) != 0;
        return true;
    case COMMAND_CHANNEL_FORCE:
        command->as.channel_force.channel = channel_of(first);
        fill_id(command->as.channel_force.participant, second > 200 ? "" : scene_person(second));
        return true;
    case COMMAND_CHANNEL_RELEASE:
        command->as.channel_release.channel = channel_of(first);
        return true;
    case COMMAND_CHANNEL_DELAY:
        command->as.channel_delay.channel = channel_of(first);
        command->as.channel_delay.delay_ms = second * 20;
        return true;
    default: return false;
    }
}

static void document_id(char to[CONTRACT_ID_MAX + 1], uint32_t number)
{
    char id[16];
    snprintf(id, sizeof(id), "doc%u", number);
    fill_id(to, id);
}

static void fill_command(struct command *command, uint8_t first, uint8_t second, time_ms now)
{
    if (fill_booth_command(command, first, second, now)) {
        return;
    }
    switch ((int)command->type) {
    case COMMAND_FLOOR_GIVE:
        fill_id(command->as.floor_give.participant, scene_person(first));
        break;
    case COMMAND_FLOOR_END: fill_id(command->as.floor_end.participant, scene_person(first)); break;
    case COMMAND_FLOOR_LANGUAGE: command->as.floor_language.language = language_of(first); break;
    case COMMAND_REQUEST_ADD:
        fill_id(command->as.request_add.participant, scene_person(first));
        break;
    case COMMAND_REQUEST_MOVE:
        command->as.request_move.request = first % 16;
        command->as.request_move.position = second % 5;
        break;
    case COMMAND_REQUEST_REMOVE: command->as.request_remove.request = first % 16; break;
    case COMMAND_ITEM_START: fill_id(command->as.item_start.item, (first & 1) ? "i1" : "i2"); break;
    case COMMAND_TIME_ALLOW:
        fill_id(command->as.time_allow.item, (first & 1) ? "i1" : "");
        command->as.time_allow.kind = (enum speaker_kind)(first / 2 % SPEAKER_KIND_COUNT);
        command->as.time_allow.seconds = second;
        command->as.time_allow.as_wider = first > 200;
        break;
    case COMMAND_HELP_HANDLE:
        fill_id(command->as.help_handle.participant, scene_person(first));
        command->as.help_handle.state = (enum help_state)(second % HELP_STATE_COUNT);
        break;
    case COMMAND_HELP_SAY:
        fill_id(command->as.help_say.participant, (second & 1) ? scene_person(first) : "");
        snprintf(command->as.help_say.text, sizeof(command->as.help_say.text), "line %u", second);
        command->as.help_say.suggestion = (enum help_suggestion)(second % HELP_SUGGESTION_COUNT);
        break;
    case COMMAND_PARTICIPANT_REMOVE:
        fill_id(command->as.participant_remove.participant, scene_person(first));
        break;
    case COMMAND_TEAM_LEAD: fill_id(command->as.team_lead.participant, scene_person(first)); break;
    case COMMAND_TALK_SET:
        command->as.talk_set.to = (enum talk_to)(first % TALK_TO_COUNT);
        command->as.talk_set.booth = language_of(second);
        break;
    case COMMAND_SIGNAL_SEND:
        command->as.signal_send.kind = (enum signal_kind)(first % SIGNAL_KIND_COUNT);
        break;
    case COMMAND_INTERPRETATION_SUSPEND:
        command->as.interpretation_suspend.language = language_of(first);
        break;
    case COMMAND_INTERPRETATION_RESUME:
        command->as.interpretation_resume.language = language_of(first);
        break;
    case COMMAND_CHAT_SEND:
        command->as.chat_send.room = (enum chat_room)(first % CHAT_ROOM_COUNT);
        command->as.chat_send.language = language_of(second);
        snprintf(command->as.chat_send.text, sizeof(command->as.chat_send.text), "line %u", second);
        break;
    case COMMAND_FEED_PUT:
        fill_id(command->as.feed_put.feed, (first & 1) ? "stage" : "fr");
        command->as.feed_put.target = (enum feed_target)(second % FEED_TARGET_COUNT);
        break;
    case COMMAND_FEED_END: fill_id(command->as.feed_end.feed, (first & 1) ? "stage" : "fr"); break;
    case COMMAND_DOCUMENT_RELEASE:
        document_id(command->as.document_release.document, first % 16);
        break;
    case COMMAND_DOCUMENT_REMOVE:
        document_id(command->as.document_remove.document, first % 16);
        break;
    case COMMAND_CAMERA_SET: command->as.camera_set.on = (first & 1) != 0; break;
    case COMMAND_SCREEN_SET: command->as.screen_set.on = (first & 1) != 0; break;
    default: command_fill_bytes(command, first, second); break;
    }
}

// Those that are not the core's, or carry what a fuzzer cannot make up.
static bool elsewhere(enum command_type type)
{
    switch ((int)type) {
    case COMMAND_DESK_SOUND_REPORT:
    case COMMAND_DOCUMENT_ADD:
    case COMMAND_ECHO_SET:
    case COMMAND_LISTEN_SET:
    case COMMAND_LISTEN_SOURCE:
    case COMMAND_MEDIA_BLOCKED:
    case COMMAND_MEDIA_DEVICES:
    case COMMAND_MEDIA_JOIN:
    case COMMAND_MEDIA_LEAVE:
    case COMMAND_RECEIVER_END:
    case COMMAND_RECEIVER_SWITCH:
    case COMMAND_REPORT_READ:
    case COMMAND_SESSION_RENEW: return true;
    default: return false;
    }
}

// As it would come over a live connection: what the contract does not allow never reaches the core.
static bool allowed(struct command *command)
{
    static struct command decoded;
    char field[CODEC_FIELD_MAX + 1];
    struct refusal refusal;
    json_t *data = command_encode(command);
    ASSERT(data != NULL);
    enum err err = command_decode(command_name(command->type), data, &decoded, field, &refusal);
    json_decref(data);
    *command = decoded;
    return err == ERR_NONE;
}

static void step_command(struct scene *scene, const uint8_t *step)
{
    struct command command = {.type = (enum command_type)(step[1] % COMMAND_COUNT)};
    struct refusal refusal = {0};
    if (elsewhere(command.type)) {
        return;
    }
    fill_command(&command, step[2], step[3], scene->now);
    if (!allowed(&command)) {
        return;
    }
    const struct meeting_caller caller = meeting_caller(&scene->state, scene_person(step[0]),
                                                        command.type);
    enum err err = meeting_decide(&scene->state, &command, &caller, scene->now, &list, &refusal);
    ASSERT(err == ERR_NONE || (list.count == 0 && refusal.reason != REFUSAL_NONE));
    take(scene);
}

static void pass(struct scene *scene, time_ms until)
{
    for (;;) {
        time_ms presence = meeting_next_deadline(&scene->presence);
        time_ms timing = meeting_timing_deadline(&scene->state);
        time_ms next = presence < timing ? presence : timing;
        if (next > until) {
            break;
        }
        scene->now = next > scene->now ? next : scene->now;
        if (presence <= timing) {
            meeting_on_deadline(&scene->presence, &scene->state, scene->now, &list);
        } else {
            meeting_timing_on_deadline(&scene->state, scene->now, &list);
        }
        take(scene);
    }
    scene->now = until;
}

// A text or a PDF that was sent, by whoever may.
static void step_document(struct scene *scene, const uint8_t *step)
{
    struct content contents = {.form = (enum document_form)(step[3] % DOCUMENT_FORM_COUNT),
                               .size = 1 + step[3]};
    struct command_document_add wish = {
        .kind = (enum document_kind)(step[3] / 16 % DOCUMENT_KIND_COUNT),
        .embargoed = (step[3] & 4) != 0};
    const char *who = scene_person(step[2]);
    struct refusal refusal = {0};
    document_id(contents.id, scene->documents % 16);
    memset(contents.sha256, 'a', CONTENT_SHA256_MAX);
    fill_id(wish.document, contents.id);
    fill_id(wish.item, (step[3] & 8) != 0 ? "i1" : "");
    snprintf(wish.title, sizeof(wish.title), "Paper %u", scene->documents++);
    const struct meeting_caller caller = meeting_caller(&scene->state, who, COMMAND_DOCUMENT_ADD);
    if (meeting_document_add(&scene->state, &caller, &wish, &contents, scene->now, &list,
                             &refusal) == ERR_NONE) {
        take(scene);
    }
}

// What media hear of a microphone.
static void step_hearing(struct scene *scene, const uint8_t *step)
{
    const char *who = scene_person(step[2]);
    const struct meeting_silence silence = {.participant = who,
                                            .since = scene->now - 1000,
                                            .closes_at = scene->now + 14000,
                                            .silence = (enum silence)(step[3] % SILENCE_COUNT)};
    enum err err = ERR_NONE;
    list.count = 0;
    switch (step[3] / 64) {
    case 0: err = meeting_source_unheard(&scene->state, who, scene->now, &list); break;
    case 1: err = meeting_source_silent(&scene->state, &silence, scene->now, &list); break;
    default: err = meeting_source_heard(&scene->state, who, scene->now, &list); break;
    }
    if (err == ERR_NONE) {
        take(scene);
    }
}

static void step_fact(struct scene *scene, const uint8_t *step)
{
    const char *who = scene_person(step[2]);
    const char *feed = (step[2] & 1) != 0 ? "stage" : "fr";
    const struct meeting_feed_wish wish = {.id = feed, .participant = "te"};
    struct refusal refusal = {0};
    list.count = 0;
    switch (step[1] % 12) {
    case 0:
        (void)!meeting_connected(&scene->presence, &scene->state, who, scene->now, &list);
        break;
    case 1:
        meeting_disconnected(&scene->presence, &scene->state, who, step[3] * 32, scene->now);
        return;
    case 2: meeting_source_ended(&scene->state, who, scene->now, &list); break;
    case 3:
        (void)!meeting_source_lost(&scene->state, who, scene->now - step[3] * 8, scene->now, &list);
        break;
    case 4: (void)!meeting_source_back(&scene->state, who, scene->now, &list); break;
    case 5:
        if (meeting_feed_begin(&scene->state, &wish, scene->now, &list, &refusal) != ERR_NONE) {
            return;
        }
        break;
    case 6:
        if (meeting_find_feed(&scene->state, feed) == NULL) {
            return;
        }
        meeting_feed_delivers(&scene->state, feed, (step[3] & 1) != 0, (step[3] & 2) != 0,
                              scene->now, &list);
        break;
    case 7: step_document(scene, step); return;
    case 8:
    case 9: step_hearing(scene, step); return;
    case 11: scene_setup(scene, step[2], step[3], &list); break;
    default:
        if (meeting_find_feed(&scene->state, feed) == NULL) {
            return;
        }
        meeting_feed_end(&scene->state, feed, scene->now, &list);
        break;
    }
    take(scene);
}

static void enter(struct scene *scene, const char *id)
{
    const struct command command = {.type = COMMAND_ROOM_ENTER};
    struct refusal refusal = {0};
    ASSERT(meeting_connected(&scene->presence, &scene->state, id, scene->now, &list) == ERR_NONE);
    take(scene);
    const struct meeting_caller caller = meeting_caller(&scene->state, id, command.type);
    ASSERT(meeting_decide(&scene->state, &command, &caller, scene->now, &list, &refusal) ==
           ERR_NONE);
    take(scene);
}

void scene_begin(struct scene *scene, scene_happened *happened, void *context)
{
    scene->happened = happened;
    scene->context = context;
    scene->documents = 0;
    const struct event_meeting_created created = {.floor_microphones_max = 2};
    const struct delegation delegation = {.id = "fra", .code = "FRA"};
    struct refusal refusal = {0};
    scene->now = INT64_C(1800000000000);
    meeting_state_init(&scene->state, "m1");
    meeting_presence_init(&scene->presence);
    ASSERT(meeting_create(&scene->state, &created, scene->now, &list, &refusal) == ERR_NONE);
    take(scene);
    ASSERT(meeting_add_delegation(&scene->state, &delegation, scene->now, &list, &refusal) ==
           ERR_NONE);
    take(scene);
    const struct office office = {.id = "head"};
    ASSERT(meeting_add_office(&scene->state, &office, scene->now, &list, &refusal) == ERR_NONE);
    take(scene);
    for (size_t i = 0; i < PEOPLE; i++) {
        const struct participant one = scene_comer((uint8_t)i);
        ASSERT(meeting_add_participant(&scene->state, &one, scene->now, &list, &refusal) ==
               ERR_NONE);
        take(scene);
        enter(scene, one.id);
    }
    for (int i = 1; i <= 2; i++) {
        struct agenda_item item = {0};
        snprintf(item.id, sizeof(item.id), "i%d", i);
        ASSERT(meeting_add_item(&scene->state, &item, scene->now, &list, &refusal) == ERR_NONE);
        take(scene);
    }
}

void scene_step(struct scene *scene, const uint8_t step[SCENE_STEP])
{
    if (step[0] < 200) {
        step_command(scene, step);
    } else if (step[0] < 240) {
        step_fact(scene, step);
    } else {
        pass(scene, scene->now + 20 * step[1] + 500 * step[2]);
    }
}
