#include "script.h"

#include "meeting/document.h"
#include "meeting/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "command_fill.h"
#include "meeting/timing.h"

#define WORDS_MAX 10
#define WORD_SIZE 64

struct words {
    int count;
    char word[WORDS_MAX][WORD_SIZE];
};

static struct words words_split(const char *text)
{
    struct words words = {0};
    for (const char *at = text + strspn(text, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        assert_true(words.count < WORDS_MAX && length < WORD_SIZE);
        memcpy(words.word[words.count++], at, length);
        at += length;
    }
    return words;
}

static bool word_on(const char *word)
{
    assert_true(strcmp(word, "on") == 0 || strcmp(word, "off") == 0);
    return strcmp(word, "on") == 0;
}

// The ids that commands name, by command.
static char *command_id(struct command *command)
{
    switch ((int)command->type) {
    case COMMAND_FLOOR_END: return command->as.floor_end.participant;
    case COMMAND_REQUEST_ADD: return command->as.request_add.participant;
    case COMMAND_HELP_HANDLE: return command->as.help_handle.participant;
    case COMMAND_PARTICIPANT_REMOVE: return command->as.participant_remove.participant;
    case COMMAND_ITEM_START: return command->as.item_start.item;
    case COMMAND_TEAM_LEAD: return command->as.team_lead.participant;
    case COMMAND_DESK_ASSIGN: return command->as.desk_assign.participant;
    case COMMAND_HANDOVER_OFFER: return command->as.handover_offer.participant;
    case COMMAND_DOCUMENT_RELEASE: return command->as.document_release.document;
    case COMMAND_DOCUMENT_REMOVE: return command->as.document_remove.document;
    default: return NULL;
    }
}

static enum language word_language(const char *word)
{
    enum language language = LANGUAGE_NONE;
    assert_true(word[0] == '\0' || language_from_text(word, &language));
    return language;
}

static enum channel_id word_channel(const char *word)
{
    enum channel_id channel = CHANNEL_ID_FLOOR;
    assert_true(channel_id_from_text(word, &channel));
    return channel;
}

// "zh override en+fr en none auto 20 rota": the booth, its mode, what is allowed, B, C, and then
// "auto" or "plain", minutes, and perhaps "rota".
static void fill_booth_set(struct command *command, const struct words *words)
{
    struct booth_setting *setting = &command->as.booth_set.setting;
    command->as.booth_set.language = word_language(words->word[2]);
    assert_true(booth_mode_from_text(words->word[3], &setting->mode));
    for (const char *at = words->word[4]; *at != '\0' && strcmp(words->word[4], "none") != 0;) {
        char one[3] = {at[0], at[1], '\0'};
        setting->allowed[setting->allowed_count++].language = word_language(one);
        at += at[2] == '+' ? 3 : 2;
    }
    setting->output_b = word_language(words->word[5]);
    setting->output_c = word_language(words->word[6]);
    setting->auto_relay = strcmp(words->word[7], "auto") == 0;
    setting->turn_minutes = atoi(words->word[8]);
    setting->rota = strcmp(words->word[9], "rota") == 0;
}

// A command that has no case of its own, nor needs one.
static void fill_by_contract(struct command *command, const struct words *words)
{
    const char *list[WORDS_MAX];
    uint32_t count = 0;
    for (int i = 2; i < words->count; i++) {
        list[count++] = words->word[i];
    }
    assert_true(command_fill_words(command, list, count));
}

// "d1", or "#3" for a request; and perhaps who ends for it.
static void fill_floor_give(struct command *command, const char *meant, const char *ending)
{
    struct command_floor_give *give = &command->as.floor_give;
    if (meant[0] == '#') {
        give->request = atoi(meant + 1);
    } else {
        assert_int_equal(text_copy(give->participant, sizeof give->participant, meant), ERR_NONE);
    }
    assert_int_equal(text_copy(give->ending, sizeof give->ending, ending), ERR_NONE);
}

// The commands of the booths. Texts are one word; moments are milliseconds from now.
static void fill_booth_command(struct command *command, const struct words *words, time_ms now)
{
    const char *first = words->word[2];
    const char *second = words->word[3];
    switch ((int)command->type) {
    case COMMAND_BOOTH_SET: fill_booth_set(command, words); break;
    case COMMAND_DESK_ASSIGN:
        command->as.desk_assign.language = word_language(second);
        command->as.desk_assign.position = atoi(words->word[4]);
        break;
    case COMMAND_DESK_OUTPUT:
        assert_true(output_from_text(first, &command->as.desk_output.output));
        command->as.desk_output.language = word_language(second);
        break;
    case COMMAND_DESK_LISTEN:
        command->as.desk_listen.source = word_channel(first);
        command->as.desk_listen.original = strcmp(second, "original") == 0;
        break;
    case COMMAND_DESK_PRESELECT:
        command->as.desk_preselect.position = atoi(first);
        command->as.desk_preselect.channel = word_channel(second);
        break;
    case COMMAND_DESK_REST: command->as.desk_rest.on = word_on(first); break;
    case COMMAND_INTERLOCK_SET:
        assert_true(interlock_mode_from_text(first, &command->as.interlock_set.a));
        assert_true(interlock_mode_from_text(second, &command->as.interlock_set.bc));
        break;
    case COMMAND_HANDOVER_REQUEST:
        command->as.handover_request.moment = first[0] != '\0' ? now + atoi(first) : 0;
        break;
    case COMMAND_HANDOVER_OFFER:
        command->as.handover_offer.moment = second[0] != '\0' ? now + atoi(second) : 0;
        break;
    case COMMAND_FLOOR_LANGUAGE: command->as.floor_language.language = word_language(first); break;
    case COMMAND_TALK_SET:
        assert_true(first[0] == '\0' || talk_to_from_text(first, &command->as.talk_set.to));
        command->as.talk_set.booth = word_language(second);
        break;
    case COMMAND_SIGNAL_SEND:
        assert_true(signal_kind_from_text(first, &command->as.signal_send.kind));
        break;
    case COMMAND_INTERPRETATION_SUSPEND:
        command->as.interpretation_suspend.language = word_language(first);
        memcpy(command->as.interpretation_suspend.announcement, second, WORD_SIZE);
        break;
    case COMMAND_INTERPRETATION_RESUME:
        command->as.interpretation_resume.language = word_language(first);
        break;
    case COMMAND_CHAT_SEND:
        assert_true(chat_room_from_text(first, &command->as.chat_send.room));
        memcpy(command->as.chat_send.text, second, WORD_SIZE);
        command->as.chat_send.language = word_language(words->word[4]);
        break;
    case COMMAND_CHANNEL_FORCE:
        command->as.channel_force.channel = word_channel(first);
        memcpy(command->as.channel_force.participant, second, CONTRACT_ID_MAX);
        memcpy(command->as.channel_force.reason, words->word[4], WORD_SIZE);
        break;
    case COMMAND_CHANNEL_RELEASE: command->as.channel_release.channel = word_channel(first); break;
    case COMMAND_CHANNEL_DELAY:
        command->as.channel_delay.channel = word_channel(first);
        command->as.channel_delay.delay_ms = atoi(second);
        break;
    default: fill_by_contract(command, words); break;
    }
}

// In whose call ("-": the own), and what: a suggestion's name suggests, any other word is written.
static void fill_help_line(struct command_help_say *say, const char *whose, const char *what)
{
    if (strcmp(whose, "-") != 0) {
        memcpy(say->participant, whose, CONTRACT_ID_MAX);
    }
    if (!help_suggestion_from_text(what, &say->suggestion)) {
        memcpy(say->text, what, WORD_SIZE);
    }
}

static struct command command_of(const struct words *words, time_ms now)
{
    struct command command;
    memset(&command, 0, sizeof command);
    if (!command_from_name(words->word[1], &command.type)) {
        fail_msg("unknown command %s", words->word[1]);
    }
    const char *first = words->word[2];
    const char *second = words->word[3];
    char *id = command_id(&command);
    if (id != NULL) {
        assert_int_equal(text_copy(id, CONTRACT_ID_MAX + 1, first), ERR_NONE);
    }
    switch ((int)command.type) {
    case COMMAND_FLOOR_GIVE: fill_floor_give(&command, first, second); break;
    case COMMAND_HELP_HANDLE:
        assert_true(help_state_from_text(second, &command.as.help_handle.state));
        memcpy(command.as.help_handle.instead_of, words->word[4], CONTRACT_ID_MAX);
        break;
    case COMMAND_HELP_SAY: fill_help_line(&command.as.help_say, first, second); break;
    case COMMAND_REQUEST_MOVE:
        command.as.request_move.request = atoi(first);
        command.as.request_move.position = atoi(second);
        break;
    case COMMAND_REQUEST_REMOVE: command.as.request_remove.request = atoi(first); break;
    case COMMAND_DESK_MICROPHONE:
        assert_true(microphone_from_text(first, &command.as.desk_microphone.state));
        break;
    case COMMAND_CHANNEL_AUTO_FLOOR:
        assert_true(channel_id_from_text(first, &command.as.channel_auto_floor.channel));
        command.as.channel_auto_floor.on = word_on(second);
        break;
    case COMMAND_FEED_PUT:
        assert_int_equal(text_copy(command.as.feed_put.feed, CONTRACT_ID_MAX + 1, first), ERR_NONE);
        assert_true(feed_target_from_text(second, &command.as.feed_put.target));
        break;
    case COMMAND_FEED_END:
        assert_int_equal(text_copy(command.as.feed_end.feed, CONTRACT_ID_MAX + 1, first), ERR_NONE);
        break;
    case COMMAND_CAMERA_SET: command.as.camera_set.on = word_on(first); break;
    case COMMAND_SCREEN_SET: command.as.screen_set.on = word_on(first); break;
    default: fill_booth_command(&command, words, now); break;
    }
    return command;
}

struct command script_command(const char *words)
{
    struct words split = words_split(words);
    return command_of(&split, 0);
}

static void tell_help(struct text_builder *told, const struct event_help_changed *changed)
{
    text_append_format(told, " %s %s", changed->participant, help_state_text(changed->state));
    if (changed->reason != HELP_REASON_NONE) {
        text_append_format(told, " %s", help_reason_text(changed->reason));
    }
    if (changed->helper[0] != '\0') {
        text_append_format(told, " by %s", changed->helper);
    }
}

static void tell_channel(struct text_builder *told, const struct event_list *events, uint32_t *at)
{
    const struct channel *first = &events->events[*at].as.channel_changed.channel;
    text_append_format(told, "channel %s", channel_id_text(first->id));
    for (; *at + 1 < events->count; (*at)++) {
        const struct event *next = &events->events[*at + 1];
        const struct channel *channel = &next->as.channel_changed.channel;
        bool alike = next->type == EVENT_CHANNEL_CHANGED && channel->state == first->state &&
                     strcmp(channel->holder, first->holder) == 0 &&
                     strcmp(channel->feed, first->feed) == 0 && channel->depth == first->depth &&
                     channel->forced == first->forced && channel->warning == first->warning &&
                     channel->offer == first->offer &&
                     (channel->auto_floor == first->auto_floor || first->id == CHANNEL_ID_FLOOR);
        if (!alike) {
            break;
        }
        text_append_format(told, "+%s", channel_id_text(channel->id));
    }
    text_append_format(told, " %s", channel_state_text(first->state));
    if (first->holder[0] != '\0') {
        text_append_format(told, " %s", first->holder);
    }
    if (first->feed[0] != '\0') {
        text_append_format(told, " feed %s", first->feed);
    }
    if (first->depth > 1) {
        text_append_format(told, " hand %d", (int)first->depth);
    }
    text_append(told, first->forced ? " forced" : "");
    text_append(told, first->silent_since != 0 ? " unheard" : "");
    if (first->warning) {
        text_append_format(told, " warning %s",
                           first->offer != LANGUAGE_NONE ? language_text(first->offer) : "floor");
    }
}

static void tell_feed(struct text_builder *told, const struct feed *feed)
{
    text_append_format(told, " %s %s", feed->id, feed_target_text(feed->target));
    if (feed->position != 0) {
        text_append_format(told, " %d", (int)feed->position);
    }
    text_append(told, feed->sound ? " sound" : "");
    text_append(told, feed->picture ? " picture" : "");
    text_append(told, feed->silent_since != 0 ? " silent" : "");
    if (feed->closes_at != 0) {
        text_append_format(told, " closes %d", (int)(feed->closes_at - feed->silent_since));
    }
}

static void tell_language(struct text_builder *told, enum language language)
{
    if (language != LANGUAGE_NONE) {
        text_append_format(told, " %s", language_text(language));
    }
}

static void tell_word(struct text_builder *told, const char *word)
{
    if (word[0] != '\0') {
        text_append_format(told, " %s", word);
    }
}

static void tell_desk(struct text_builder *told, const struct event_desk_changed *changed)
{
    text_append_format(told, " %s %s %s", changed->participant, language_text(changed->language),
                       microphone_text(changed->microphone));
    if (changed->output != OUTPUT_NONE) {
        text_append_format(told, " %s %s", output_text(changed->output),
                           language_text(changed->target));
    }
    if (changed->overridden_by[0] != '\0') {
        text_append_format(told, " by %s", changed->overridden_by);
    }
    if (changed->displaced_by != LANGUAGE_NONE) {
        text_append_format(told, " for %s", language_text(changed->displaced_by));
    }
    if (changed->silence != SILENCE_NONE) {
        text_append_format(told, " still %s", silence_text(changed->silence));
    }
    if (changed->lost) {
        text_append(told, " lost");
    }
}

static void tell_opening(struct text_builder *told, const struct event_desk_opening *opening)
{
    text_append_format(told, " %s %s", opening->participant, language_text(opening->language));
    if (opening->since == 0) {
        text_append(told, opening->undone ? " undone" : " off");
    } else if (opening->output != OUTPUT_A) {
        text_append_format(told, " %s %s", output_text(opening->output),
                           language_text(opening->target));
    }
}

static void tell_silent(struct text_builder *told, const struct event_microphone_silent *silent)
{
    text_append_format(told, " %s %s", silent->participant,
                       silent->silence != SILENCE_NONE ? silence_text(silent->silence) : "heard");
    if (silent->closes_at != 0) {
        text_append_format(told, " closes %d", (int)(silent->closes_at - silent->since));
    }
}

static void tell_chosen(struct text_builder *told, const struct event_desk_chosen *chosen)
{
    text_append_format(told, " %s", chosen->participant);
    if (chosen->output != OUTPUT_NONE) {
        text_append_format(told, " %s", output_text(chosen->output));
    }
    tell_language(told, chosen->language_b);
    tell_language(told, chosen->language_c);
    if (chosen->source != LANGUAGE_NONE) {
        text_append_format(told, " hears %s", language_text(chosen->source));
    }
    text_append(told, chosen->original ? " original" : "");
    text_append(told, chosen->resting ? " rests" : "");
}

static void tell_handover(struct text_builder *told, const struct event_handover_changed *changed)
{
    text_append_format(told, " %s %s", language_text(changed->language),
                       handover_state_text(changed->handover.state));
    tell_word(told, changed->handover.from);
    tell_word(told, changed->handover.to);
    if (changed->result != HANDOVER_RESULT_NONE) {
        text_append_format(told, " %s", handover_result_text(changed->result));
    }
}

// The events of the booths.
static void tell_booth_event(struct text_builder *told, const struct event *event)
{
    switch ((int)event->type) {
    case EVENT_DESK_CHANGED: tell_desk(told, &event->as.desk_changed); break;
    case EVENT_DESK_OPENING: tell_opening(told, &event->as.desk_opening); break;
    case EVENT_MICROPHONE_SILENT: tell_silent(told, &event->as.microphone_silent); break;
    case EVENT_DESK_CHOSEN: tell_chosen(told, &event->as.desk_chosen); break;
    case EVENT_HANDOVER_CHANGED: tell_handover(told, &event->as.handover_changed); break;
    case EVENT_DESK_CHIMED: tell_word(told, event->as.desk_chimed.participant); break;
    case EVENT_DESK_PRESELECTED:
        text_append_format(told, " %s %d %s", event->as.desk_preselected.participant,
                           (int)event->as.desk_preselected.position,
                           channel_id_text(event->as.desk_preselected.channel));
        break;
    case EVENT_DESK_ASSIGNED:
        text_append_format(told, " %s %s %d", event->as.desk_assigned.participant,
                           language_text(event->as.desk_assigned.language),
                           (int)event->as.desk_assigned.position);
        break;
    case EVENT_BOOTH_CHANGED: tell_language(told, event->as.booth_changed.language); break;
    case EVENT_BOOTH_ALARMED:
        tell_language(told, event->as.booth_alarmed.language);
        text_append(told, event->as.booth_alarmed.since != 0 ? " on" : " off");
        break;
    case EVENT_TEAM_CHANGED: tell_word(told, event->as.team_changed.participant); break;
    case EVENT_INTERLOCK_CHANGED:
        text_append_format(told, " %s %s", interlock_mode_text(event->as.interlock_changed.a),
                           interlock_mode_text(event->as.interlock_changed.bc));
        break;
    case EVENT_FLOOR_LANGUAGE_CHANGED:
        text_append_format(told, " %s", language_text(event->as.floor_language_changed.language));
        break;
    case EVENT_AUTO_RELAY_CHANGED:
        tell_language(told, event->as.auto_relay_changed.language);
        tell_language(told, event->as.auto_relay_changed.booth);
        break;
    case EVENT_SIGNAL_RAISED:
        text_append_format(told, " %s", signal_kind_text(event->as.signal_raised.kind));
        tell_word(told, event->as.signal_raised.participant);
        tell_language(told, event->as.signal_raised.language);
        text_append(told, event->by[0] != '\0' ? " named" : "");
        break;
    case EVENT_INTERPRETATION_CHANGED:
        tell_language(told, event->as.interpretation_changed.language);
        text_append(told, event->as.interpretation_changed.suspended ? " suspended" : " resumed");
        tell_word(told, event->as.interpretation_changed.announcement);
        break;
    case EVENT_TALK_CHANGED:
        tell_word(told, event->as.talk_changed.participant);
        tell_word(told, talk_to_text(event->as.talk_changed.to));
        tell_language(told, event->as.talk_changed.booth);
        break;
    case EVENT_DOCUMENT_ADDED:
    case EVENT_DOCUMENT_RELEASED:
    case EVENT_DOCUMENT_REMOVED: {
        const struct document *document = &event->as.document_added.document;
        tell_word(told, document->id);
        tell_word(told, document->participant);
        text_append(told, document->embargoed ? " embargoed" : "");
        break;
    }
    case EVENT_CHAT_SAID:
        text_append_format(told, " %s", chat_room_text(event->as.chat_said.room));
        tell_language(told, event->as.chat_said.language);
        tell_word(told, event->as.chat_said.text);
        break;
    default: break;
    }
}

static void tell_time(struct text_builder *told, const struct speaking_time *time)
{
    text_append_format(told, " %s %s %d", time->item[0] != '\0' ? time->item : "-",
                       speaker_kind_text(time->kind), (int)time->seconds);
}

// The events of what a meeting begins with (meeting/setup.h). False: this is none of them.
static bool tell_setup_event(struct text_builder *told, const struct event *event)
{
    switch ((int)event->type) {
    case EVENT_DELEGATION_CHANGED:
        tell_word(told, event->as.delegation_changed.delegation.id);
        return true;
    case EVENT_DELEGATION_REMOVED:
        tell_word(told, event->as.delegation_removed.delegation);
        return true;
    case EVENT_OFFICE_CHANGED: tell_word(told, event->as.office_changed.office.id); return true;
    case EVENT_OFFICE_REMOVED: tell_word(told, event->as.office_removed.office); return true;
    case EVENT_PARTICIPANT_CHANGED:
        tell_word(told, event->as.participant_changed.participant);
        tell_word(told, event->as.participant_changed.name);
        tell_word(told, event->as.participant_changed.delegation);
        tell_language(told, event->as.participant_changed.language);
        return true;
    case EVENT_AGENDA_ITEM_CHANGED:
        tell_word(told, event->as.agenda_item_changed.item.id);
        tell_word(told, item_state_text(event->as.agenda_item_changed.item.state));
        return true;
    case EVENT_AGENDA_ITEM_MOVED:
        tell_word(told, event->as.agenda_item_moved.item);
        tell_word(told, event->as.agenda_item_moved.before);
        return true;
    case EVENT_AGENDA_ITEM_REMOVED:
        tell_word(told, event->as.agenda_item_removed.item);
        return true;
    default: return false;
    }
}

static void tell_event(struct text_builder *told, const struct event *event)
{
    text_append(told, event_name(event->type));
    switch ((int)event->type) {
    case EVENT_MICROPHONE_OPENED:
        text_append_format(told, " %s %d", event->as.microphone_opened.participant,
                           (int)event->as.microphone_opened.position);
        break;
    case EVENT_MICROPHONE_CLOSED:
        text_append_format(told, " %s %d", event->as.microphone_closed.participant,
                           (int)event->as.microphone_closed.spoken_ms);
        text_append(told, event->as.microphone_closed.reason == CLOSING_SILENT ? " silent" : "");
        break;
    case EVENT_REQUEST_ADDED:
        text_append_format(told, " %d %s%s%s", (int)event->as.request_added.request.id,
                           event->as.request_added.request.participant,
                           event->as.request_added.request.item[0] != '\0' ? " " : "",
                           event->as.request_added.request.item);
        break;
    case EVENT_REQUEST_MOVED:
        text_append_format(told, " %d %d", (int)event->as.request_moved.request,
                           (int)event->as.request_moved.position);
        break;
    case EVENT_REQUEST_REMOVED:
        text_append_format(told, " %d", (int)event->as.request_removed.request);
        break;
    case EVENT_LIST_CHANGED:
        text_append_format(told, " %s", list_state_text(event->as.list_changed.state));
        break;
    case EVENT_SITTING_CHANGED:
        text_append_format(told, " %s %d", sitting_state_text(event->as.sitting_changed.state),
                           (int)event->as.sitting_changed.number);
        break;
    case EVENT_TIME_ALLOWED: tell_time(told, &event->as.time_allowed.speaking_time); break;
    case EVENT_TIME_CHANGED: tell_time(told, &event->as.time_changed.speaking_time); break;
    case EVENT_ITEM_STARTED: text_append_format(told, " %s", event->as.item_started.item); break;
    case EVENT_CAMERA_CHANGED:
        text_append_format(told, " %s %s", event->as.camera_changed.participant,
                           event->as.camera_changed.on ? "on" : "off");
        break;
    case EVENT_SCREEN_CHANGED:
        text_append_format(told, " %s %s", event->as.screen_changed.participant,
                           event->as.screen_changed.on ? "on" : "off");
        break;
    case EVENT_HELP_CHANGED: tell_help(told, &event->as.help_changed); break;
    case EVENT_HELP_SAID:
        text_append_format(told, " %s %s %s", event->by, event->as.help_said.participant,
                           event->as.help_said.suggestion != HELP_SUGGESTION_NONE
                               ? help_suggestion_text(event->as.help_said.suggestion)
                               : event->as.help_said.text);
        break;
    case EVENT_PRESENCE_CHANGED:
        text_append_format(told, " %s %s", event->as.presence_changed.participant,
                           presence_text(event->as.presence_changed.presence));
        break;
    case EVENT_FEED_ADDED: tell_feed(told, &event->as.feed_added.feed); break;
    case EVENT_FEED_CHANGED: tell_feed(told, &event->as.feed_changed.feed); break;
    case EVENT_FEED_REMOVED: text_append_format(told, " %s", event->as.feed_removed.feed); break;
    case EVENT_PARTICIPANT_REMOVED:
        text_append_format(told, " %s", event->as.participant_removed.participant);
        break;
    default:
        if (!tell_setup_event(told, event)) {
            tell_booth_event(told, event);
        }
        break;
    }
}

void (*script_seen)(const struct event *event);

static bool script_is_mute(const struct script *script, const char *who)
{
    uint32_t at = 0;
    while (at < script->mute_count && strcmp(script->mute[at], who) != 0) {
        at++;
    }
    return at < script->mute_count;
}

static bool script_is_told(const struct script *script, const struct event *event)
{
    bool first = script->hears && event->type == EVENT_MICROPHONE_SILENT &&
                 event->as.microphone_silent.silence == SILENCE_NONE;
    return !first && (event->type != EVENT_DESK_OPENING ||
                      script_is_mute(script, event->as.desk_opening.participant));
}

// Follows the events of a step, checking after each, and adds them to `told`.
void script_told(struct script *script)
{
    for (uint32_t i = 0; i < script->events->count; i++) {
        if (script_seen != NULL) {
            script_seen(&script->events->events[i]);
        }
        meeting_apply(script->follows, &script->events->events[i]);
        const char *broken = meeting_check(script->follows, i + 1 == script->events->count);
        if (broken != NULL) {
            fail_msg("%s", broken);
        }
    }
    if (script->begun && !meeting_state_equal(script->state, script->follows)) {
        assert_memory_equal(script->state, script->follows, sizeof *script->state); // where
    }
    struct text_builder told = {
        .data = script->told, .size = sizeof script->told, .length = strlen(script->told)};
    for (uint32_t i = 0; i < script->events->count; i++) {
        if (!script_is_told(script, &script->events->events[i])) {
            continue;
        }
        text_append(&told, told.length > 0 ? "; " : "");
        if (script->events->events[i].type == EVENT_CHANNEL_CHANGED) {
            tell_channel(&told, script->events, &i);
        } else {
            tell_event(&told, &script->events->events[i]);
        }
    }
    assert_false(told.failed);
}

void script_set_up(struct script *script, enum err err, const char *told)
{
    assert_int_equal(err, ERR_NONE);
    assert_int_equal(script->refusal.reason, REFUSAL_NONE);
    script->told[0] = '\0';
    script_told(script);
    assert_string_equal(script->told, told);
}

void script_refused(const struct script *script, enum err err, enum err wanted,
                    enum refusal_reason reason)
{
    assert_int_equal(err, wanted);
    assert_int_equal(script->refusal.reason, reason);
    assert_int_equal(script->events->count, 0);
}

// The next that opens, at a desk or on the floor, and is not mute; NULL for none.
static const char *script_opens(const struct script *script)
{
    const struct meeting *meeting = &script->state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            const struct desk *desk = &meeting->booths[i].desks[j];
            if (desk->opening_since != 0 && desk->microphone != MICROPHONE_COUGH &&
                !script_is_mute(script, desk->participant)) {
                return desk->participant;
            }
        }
    }
    for (uint32_t i = 0; i < meeting->floor_count; i++) {
        const struct floor_microphone *floor = &meeting->floor[i];
        if (floor->awaited && !script_is_mute(script, floor->participant)) {
            return floor->participant;
        }
    }
    for (uint32_t i = 0; i < meeting->channels_count; i++) {
        const struct channel *channel = &meeting->channels[i];
        if (channel->silent_since != 0 && !script_is_mute(script, channel->holder)) {
            return channel->holder;
        }
    }
    return NULL;
}

// And what opens is heard.
static void script_apply(struct script *script)
{
    script_told(script);
    for (const char *who = script_opens(script); who != NULL; who = script_opens(script)) {
        enum err err = meeting_source_heard(script->state, who, script->now, script->events);
        assert_int_equal(err, ERR_NONE);
        assert_true(script->events->count > 0);
        script->hears = true;
        script_told(script);
        script->hears = false;
    }
}

static void script_pass(struct script *script, time_ms time)
{
    time_ms until = script->now + time;
    for (;;) {
        time_ms presence = meeting_next_deadline(&script->presence);
        time_ms timing = meeting_timing_deadline(script->state);
        time_ms next = presence < timing ? presence : timing;
        if (next > until) {
            break;
        }
        script->now = next > script->now ? next : script->now;
        if (presence <= timing) {
            meeting_on_deadline(&script->presence, script->state, script->now, script->events);
        } else {
            meeting_timing_on_deadline(script->state, script->now, script->events);
        }
        script_apply(script);
    }
    script->now = until;
}

// False when the step is no fact about a feed.
static bool script_feed(struct script *script, const struct words *words)
{
    const char *feed = words->word[2];
    if (strcmp(words->word[1], "feed.begin") == 0) {
        const struct meeting_feed_wish wish = {.id = feed, .participant = words->word[0]};
        script->err = meeting_feed_begin(script->state, &wish, script->now, script->events,
                                         &script->refusal);
    } else if (strcmp(words->word[1], "feed.delivers") == 0) {
        bool both = strcmp(words->word[3], "both") == 0;
        meeting_feed_delivers(script->state, feed, both || strcmp(words->word[3], "sound") == 0,
                              both, script->now, script->events);
    } else if (strcmp(words->word[1], "feed.silent") == 0) {
        time_ms since = script->now - atoi(words->word[3]);
        int closes_ms = atoi(words->word[4]);
        meeting_feed_silent(script->state, feed, since, closes_ms > 0 ? since + closes_ms : 0,
                            script->now, script->events);
    } else if (strcmp(words->word[1], "feed.sounds") == 0) {
        meeting_feed_silent(script->state, feed, 0, 0, script->now, script->events);
    } else if (strcmp(words->word[1], "feed.ended") == 0) {
        meeting_feed_end(script->state, feed, script->now, script->events);
    } else {
        return false;
    }
    return true;
}

// False when the step is not about contents that were sent.
static bool script_document(struct script *script, const struct words *words)
{
    if (strcmp(words->word[1], "hand_in") != 0) {
        return false;
    }
    struct command_document_add wish;
    struct content contents;
    memset(&wish, 0, sizeof wish);
    memset(&contents, 0, sizeof contents);
    memcpy(contents.id, words->word[2], CONTRACT_ID_MAX);
    contents.size = 5;
    assert_true(document_kind_from_text(words->word[3], &wish.kind));
    const char *item = words->word[4];
    const char *speaker = words->word[5];
    memcpy(wish.document, contents.id, sizeof wish.document);
    memcpy(wish.title, "Title", strcmp(words->word[7], "untitled") != 0 ? 6 : 0);
    memcpy(wish.item, item, strcmp(item, "-") != 0 ? CONTRACT_ID_MAX : 0);
    memcpy(wish.participant, speaker, strcmp(speaker, "-") != 0 ? CONTRACT_ID_MAX : 0);
    wish.embargoed = strcmp(words->word[6], "embargoed") == 0;
    if (strcmp(words->word[7], "untitled") != 0) {
        memcpy(wish.replaces, words->word[7], CONTRACT_ID_MAX);
    }
    struct meeting_caller caller = meeting_caller(script->state, words->word[0],
                                                  COMMAND_DOCUMENT_ADD);
    script->err = meeting_document_add(script->state, &caller, &wish, &contents, script->now,
                                       script->events, &script->refusal);
    return true;
}

// False when the step is no word of media about what it hears.
static bool script_hearing(struct script *script, const struct words *words)
{
    const char *who = words->word[0];
    const char *what = words->word[1];
    if (strcmp(what, "source.mute") == 0) {
        assert_true(script->mute_count < sizeof script->mute / sizeof script->mute[0]);
        memcpy(script->mute[script->mute_count++], who, sizeof script->mute[0]);
    } else if (strcmp(what, "source.heard") == 0) {
        script->err = meeting_source_heard(script->state, who, script->now, script->events);
    } else if (strcmp(what, "source.unheard") == 0) {
        script->err = meeting_source_unheard(script->state, who, script->now, script->events);
    } else if (strcmp(what, "source.sounds") == 0) {
        const struct meeting_silence silence = {.participant = who};
        script->err = meeting_source_silent(script->state, &silence, script->now, script->events);
    } else if (strcmp(what, "source.silent") == 0) {
        struct meeting_silence silence = {.participant = who,
                                          .since = script->now - atoi(words->word[3])};
        int closes_ms = atoi(words->word[4]);
        silence.closes_at = closes_ms > 0 ? silence.since + closes_ms : 0;
        assert_true(silence_from_text(words->word[2], &silence.silence));
        script->err = meeting_source_silent(script->state, &silence, script->now, script->events);
    } else {
        return false;
    }
    return true;
}

void script_step(struct script *script, const char *step)
{
    struct words words = words_split(step);
    script->err = ERR_NONE;
    script->refusal = (struct refusal){0};
    script->told[0] = '\0';
    script->events->count = 0;
    if (words.word[0][0] == '+') {
        script_pass(script, atoi(words.word[0] + 1));
        return;
    }
    const char *who = words.word[0];
    if (script_feed(script, &words) || script_document(script, &words) ||
        script_hearing(script, &words)) {
        script_apply(script);
        return;
    }
    if (strcmp(words.word[1], "connect") == 0) {
        script->err = meeting_connected(&script->presence, script->state, who, script->now,
                                        script->events);
    } else if (strcmp(words.word[1], "disconnect") == 0) {
        meeting_disconnected(&script->presence, script->state, who, atoi(words.word[2]),
                             script->now);
    } else if (strcmp(words.word[1], "source.ended") == 0) {
        meeting_source_ended(script->state, who, script->now, script->events);
    } else if (strcmp(words.word[1], "page.left") == 0) {
        meeting_page_left(script->state, who, script->now - atoi(words.word[2]), script->now,
                          script->events);
    } else if (strcmp(words.word[1], "source.lost") == 0) {
        script->err = meeting_source_lost(script->state, who, script->now - atoi(words.word[2]),
                                          script->now, script->events);
    } else if (strcmp(words.word[1], "source.back") == 0) {
        script->err = meeting_source_back(script->state, who, script->now, script->events);
    } else {
        struct command command = command_of(&words, script->now);
        struct meeting_caller caller = meeting_caller(script->state, who, command.type);
        script->err = meeting_decide(script->state, &command, &caller, script->now, script->events,
                                     &script->refusal);
    }
    script_apply(script);
}

// By people the floor is given again only after a while.
static void script_wait_to_give(struct script *script, const char *step)
{
    time_ms since = script->now - script->state->given_at;
    struct words words = words_split(step);
    if (strcmp(words.word[1], "floor.give") == 0 && since < FLOOR_GIVE_AGAIN_MS) {
        script_pass(script, FLOOR_GIVE_AGAIN_MS - since);
    }
}

void script_run(struct script *script, const char *steps)
{
    for (const char *at = steps; *at != '\0';) {
        char step[4 * WORD_SIZE];
        size_t length = strcspn(at, ";");
        assert_int_equal(text_copy_n(step, sizeof step, at, length), ERR_NONE);
        script_wait_to_give(script, step);
        script_step(script, step);
        if (script->err != ERR_NONE) {
            fail_msg("%s: %s", step, refusal_reason_words(script->refusal.reason));
        }
        at += length + (at[length] == ';');
    }
}

void script_add(struct script *script, const char *id, enum capacity capacity,
                enum language language)
{
    struct participant participant = {.capacity = capacity, .language = language};
    snprintf(participant.id, sizeof participant.id, "%s", id);
    snprintf(participant.name, sizeof participant.name, "Person %s", id);
    if (capacity == CAPACITY_DELEGATE) {
        snprintf(participant.delegation, sizeof participant.delegation, "fra");
    }
    assert_int_equal(meeting_add_participant(script->state, &participant, script->now,
                                             script->events, &script->refusal),
                     ERR_NONE);
    script_apply(script);
}

static void script_do(struct script *script, const char *who, const char *what)
{
    char step[2 * WORD_SIZE];
    struct text_builder builder = text_builder(step, sizeof step);
    text_append_format(&builder, "%s %s", who, what);
    script_run(script, step);
}

static void script_add_items(struct script *script)
{
    static const char ids[][4] = {"i1", "i2"};
    for (size_t i = 0; i < 2; i++) {
        struct agenda_item item = {0};
        snprintf(item.id, sizeof item.id, "%s", ids[i]);
        assert_int_equal(
            meeting_add_item(script->state, &item, script->now, script->events, &script->refusal),
            ERR_NONE);
        script_apply(script);
    }
}

// A state is large and mostly empty: those of scripts that are over serve again.
#define STATES_MAX 8
static struct meeting_state states[STATES_MAX];
static bool states_used[STATES_MAX];

static struct meeting_state *state_take(void)
{
    for (int i = 0; i < STATES_MAX; i++) {
        if (!states_used[i]) {
            states_used[i] = true;
            return &states[i];
        }
    }
    fail();
    return NULL;
}

static void state_give(const struct meeting_state *state)
{
    states_used[state - states] = false;
}

void script_init(struct script *script)
{
    memset(script, 0, sizeof *script);
    script->state = state_take();
    script->follows = state_take();
    script->events = test_malloc(sizeof *script->events);
    script->now = 1000000;
    meeting_state_init(script->state, "m");
    meeting_state_init(script->follows, "m");
    meeting_presence_init(&script->presence);
    struct event_meeting_created created = {.floor_microphones_max = 2};
    assert_int_equal(
        meeting_create(script->state, &created, script->now, script->events, &script->refusal),
        ERR_NONE);
    script_apply(script);
    struct delegation delegation = {.id = "fra", .code = "FRA"};
    assert_int_equal(meeting_add_delegation(script->state, &delegation, script->now, script->events,
                                            &script->refusal),
                     ERR_NONE);
    script_apply(script);
    static const struct {
        char id[4];
        enum capacity capacity;
        enum language language;
    } people[] = {
        {"ch", CAPACITY_CHAIR, LANGUAGE_NONE},     {"se", CAPACITY_SECRETARY, LANGUAGE_NONE},
        {"mo", CAPACITY_MODERATOR, LANGUAGE_NONE}, {"te", CAPACITY_TECHNICIAN, LANGUAGE_NONE},
        {"d1", CAPACITY_DELEGATE, LANGUAGE_NONE},  {"d2", CAPACITY_DELEGATE, LANGUAGE_NONE},
        {"d3", CAPACITY_DELEGATE, LANGUAGE_FR},    {"f1", CAPACITY_INTERPRETER, LANGUAGE_FR},
        {"f2", CAPACITY_INTERPRETER, LANGUAGE_FR}, {"r1", CAPACITY_INTERPRETER, LANGUAGE_RU},
        {"ca", CAPACITY_CAPTIONER, LANGUAGE_EN},   {"li", CAPACITY_LISTENER, LANGUAGE_ES},
        {"s1", CAPACITY_INTERPRETER, LANGUAGE_ES}, {"s2", CAPACITY_INTERPRETER, LANGUAGE_ES},
        {"s3", CAPACITY_INTERPRETER, LANGUAGE_ES}, {"en", CAPACITY_DELEGATE, LANGUAGE_NONE},
        {"aw", CAPACITY_DELEGATE, LANGUAGE_NONE},
    };
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        script_add(script, people[i].id, people[i].capacity, people[i].language);
        if (strcmp(people[i].id, "aw") != 0) {
            script_do(script, people[i].id, "connect");
        }
        if (strcmp(people[i].id, "aw") != 0 && strcmp(people[i].id, "en") != 0) {
            script_do(script, people[i].id, "room.enter");
        }
    }
    script_add_items(script);
    script->told[0] = '\0';
    script->begun = true;
}

void script_adopt(struct script *script)
{
    meeting_state_copy(script->follows, script->state);
}

void script_finish(struct script *script)
{
    state_give(script->state);
    state_give(script->follows);
    test_free(script->events);
}

void (*script_played)(const struct script_case *line, const struct script *script,
                      const struct script_played_at *at);

void script_cases(const struct script_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct script script;
        script_init(&script);
        struct script_played_at at = {.room = script.state->seq};
        script_run(&script, cases[i].before);
        if (strcmp(cases[i].expected, "floor_just_given") != 0) {
            script_wait_to_give(&script, cases[i].step);
        }
        at.before = script.state->seq;
        script_step(&script, cases[i].step);
        const char *got = script.err == ERR_NONE ? script.told
                                                 : refusal_reason_name(script.refusal.reason);
        if (script.err != cases[i].err || strcmp(got, cases[i].expected) != 0) {
            fail_msg("after \"%s\": \"%s\"\n gives    %s: %s\n expected %s: %s", cases[i].before,
                     cases[i].step, err_slug(script.err), got, err_slug(cases[i].err),
                     cases[i].expected);
        }
        assert_true(script.err == ERR_NONE || script.state->seq == at.before);
        if (script_played != NULL) {
            script_played(&cases[i], &script, &at);
        }
        script_finish(&script);
    }
}
