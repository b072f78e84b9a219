// A day of a team of fourteen (3 AR, 3 ZH both ways, 2 each EN FR RU ES), six hours in seconds, on
// a fake clock: speakers in six languages, turns by the rota, handovers asked, offered, declined,
// ignored and forced, coughs, two hands on one microphone, lost packets, broken lines, rests,
// routes by hand. Every choice comes from one seed. Checked after every event: the core's
// invariants; nobody's microphone opens without their own press or consent, and none is on the air
// before it is heard, which some never are; two of an override
// booth are open for 300 ms at most; while someone speaks no channel is without holder or floor;
// the hours sheet is what the events say. At the end the journal gives the same state, and its
// report agrees with the hours sheet and with itself.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "meeting/timing.h"
#include "report/report.h"
#include "sim.h"

#define DAY_SEEDS      20
#define DAY_SEEDS_LONG 1000
#define DAY_MS         (INT64_C(6) * 3600 * 1000)
#define DAY_EVENTS_MAX (1u << 18)
#define TEAM           14
#define SPEAKERS       6

struct agent {
    char id[CONTRACT_ID_MAX + 1];
    enum language language;
    time_ms act_at;
    bool connected;
    bool consents;    // asked, accepted or offered: the microphone may open without a press
    time_ms hear_at;  // it opens, and by then it is known whether it is heard; 0: it does not
    time_ms on_since; // our own bookkeeping of the hours
    time_ms air_ms;
};

struct day {
    uint64_t seed;
    struct sim_random random;
    time_ms now;
    struct meeting_state *decided;
    struct meeting_state *state; // follows it, by its events alone
    struct meeting_presence presence;
    struct event_list *events;
    struct event *journal;
    uint32_t journal_count;
    struct agent team[TEAM];
    time_ms speaker_at;
    int speaker;
    uint64_t decisions; // and what was refused
    uint64_t commands;
    uint64_t refused;
    uint64_t results[HANDOVER_RESULT_COUNT];
    uint64_t chimes;
    uint64_t opened;
    uint64_t losses;
    uint64_t undone;
};

static const enum language team_languages[TEAM] = {
    LANGUAGE_AR, LANGUAGE_AR, LANGUAGE_AR, LANGUAGE_ZH, LANGUAGE_ZH, LANGUAGE_ZH, LANGUAGE_EN,
    LANGUAGE_EN, LANGUAGE_FR, LANGUAGE_FR, LANGUAGE_RU, LANGUAGE_RU, LANGUAGE_ES, LANGUAGE_ES};
static const char *const speakers[SPEAKERS] = {"s-ar", "s-zh", "s-en", "s-fr", "s-ru", "s-es"};

static _Noreturn void day_fail(const struct day *day, const char *what, const char *detail)
{
    fprintf(stderr, "FAILED with seed %llu at %.3f s, event %llu: %s: %s\n",
            (unsigned long long)day->seed, (double)(day->now - SIM_START) / 1000.0,
            (unsigned long long)day->state->seq, what, detail);
    exit(1);
}

static struct agent *day_agent(struct day *day, const char *id)
{
    for (int i = 0; i < TEAM; i++) {
        if (text_equal(day->team[i].id, id)) {
            return &day->team[i];
        }
    }
    day_fail(day, "no such interpreter", id);
}

static const struct desk *day_desk(const struct day *day, const struct agent *agent)
{
    for (uint32_t i = 0; i < day->state->meeting.booths_count; i++) {
        const struct booth *booth = &day->state->meeting.booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            if (text_equal(booth->desks[j].participant, agent->id)) {
                return &booth->desks[j];
            }
        }
    }
    day_fail(day, "no desk", agent->id);
}

static const struct booth *day_booth(const struct day *day, enum language language)
{
    for (uint32_t i = 0; i < day->state->meeting.booths_count; i++) {
        if (day->state->meeting.booths[i].language == language) {
            return &day->state->meeting.booths[i];
        }
    }
    day_fail(day, "no booth", language_text(language));
}

// ---- What is checked

static void check_opened(struct day *day, const struct event *event)
{
    const struct event_desk_changed *changed = &event->as.desk_changed;
    struct agent *agent = day_agent(day, changed->participant);
    if (changed->microphone == MICROPHONE_OFF) {
        if (agent->on_since != 0) {
            agent->air_ms += event->at - agent->on_since;
        }
        agent->hear_at = 0;
        agent->on_since = 0;
        return;
    }
    if (agent->on_since != 0) {
        agent->hear_at = 0; // a turned output was heard, or is awaited anew
        return;
    }
    if (agent->hear_at == 0) {
        day_fail(day, "on the air and never opened", agent->id);
    }
    agent->hear_at = 0;
    agent->on_since = event->at;
    day->opened++;
}

static void check_opening(struct day *day, const struct event *event)
{
    const struct event_desk_opening *opening = &event->as.desk_opening;
    struct agent *agent = day_agent(day, opening->participant);
    if (opening->since == 0) {
        agent->hear_at = 0;
        day->undone += opening->undone;
        return;
    }
    if (!text_equal(event->by, agent->id) && !agent->consents) {
        day_fail(day, "a microphone opened by itself", agent->id);
    }
    agent->hear_at = day->now + sim_between(&day->random, 20, 1000);
}

// Who may find the microphone open: the one named in an agreed handover or in a countdown.
static void check_consent(struct day *day, const struct event *event)
{
    const struct event_handover_changed *changed = &event->as.handover_changed;
    day->results[changed->result]++;
    for (int i = 0; i < TEAM; i++) {
        if (day->team[i].language == changed->language) {
            bool agreed = changed->handover.state == HANDOVER_STATE_ARMED ||
                          changed->handover.state == HANDOVER_STATE_COUNTING ||
                          changed->handover.state == HANDOVER_STATE_SWITCHING;
            bool named = text_equal(changed->handover.to, day->team[i].id);
            // The end of a handover is told with the opening itself, in one batch.
            day->team[i].consents = changed->handover.state == HANDOVER_STATE_NONE
                                        ? day->team[i].consents
                                        : agreed && named;
        }
    }
}

static void check_batch(struct day *day)
{
    const struct meeting *meeting = &day->state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        uint32_t open = 0;
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            open += booth->desks[j].microphone != MICROPHONE_OFF;
            if (booth->handover.state == HANDOVER_STATE_NONE) {
                day_agent(day, booth->desks[j].participant)->consents = false;
            }
        }
        if (open > 1 && (booth->handover.state != HANDOVER_STATE_SWITCHING ||
                         day->now > booth->handover.deadline)) {
            day_fail(day, "two microphones open", language_text(booth->language));
        }
    }
    for (int i = CHANNEL_ID_AR; i < CHANNEL_ID_COUNT && meeting->floor_count > 0; i++) {
        const struct channel *channel = &meeting->channels[i];
        if (channel->state == CHANNEL_STATE_SILENT && !channel->forced) {
            day_fail(day, "a channel without holder or floor", channel_id_text(channel->id));
        }
        if ((channel->state == CHANNEL_STATE_INTERPRETED) != (channel->depth > 0)) {
            day_fail(day, "a channel at no hand", channel_id_text(channel->id));
        }
    }
}

// The events of a step are journalled and applied to the state that is looked at, each checked;
// then it is what has been decided.
static void day_record(struct day *day)
{
    for (uint32_t i = 0; i < day->events->count; i++) {
        const struct event *event = &day->events->events[i];
        ASSERT(day->journal_count < DAY_EVENTS_MAX);
        day->journal[day->journal_count++] = *event;
        meeting_apply(day->state, event);
        const char *broken = meeting_check(day->state, i + 1 == day->events->count);
        if (broken != NULL) {
            day_fail(day, "invariant", broken);
        }
        day->chimes += event->type == EVENT_DESK_CHIMED;
        if (event->type == EVENT_DESK_CHANGED) {
            check_opened(day, event);
        } else if (event->type == EVENT_DESK_OPENING) {
            check_opening(day, event);
        } else if (event->type == EVENT_HANDOVER_CHANGED) {
            check_consent(day, event);
        } else if (event->type == EVENT_PRESENCE_CHANGED &&
                   event->as.presence_changed.presence == PRESENCE_PRESENT) {
            const struct participant *person = meeting_find_participant(
                day->state, event->as.presence_changed.participant);
            if (person->microphone != MICROPHONE_OFF) {
                day_fail(day, "on the air by coming back", person->id);
            }
        }
    }
    if (day->decisions++ % 16 == 0 && !meeting_state_equal(day->state, day->decided)) {
        day_fail(day, "decision", "the state is not what the events say");
    }
    if (day->events->count > 0) {
        check_batch(day);
    }
}

static enum err day_give(struct day *day, const char *who, const struct command *command)
{
    struct refusal refusal = {0};
    struct meeting_caller caller = meeting_caller(day->state, who, command->type);
    enum err err = meeting_decide(day->decided, command, &caller, day->now, day->events, &refusal);
    day->commands++;
    day->refused += err != ERR_NONE;
    day_record(day);
    return err;
}

static void day_simple(struct day *day, const char *who, enum command_type type)
{
    const struct command command = {.type = type};
    (void)day_give(day, who, &command);
}

// ---- The room

static void day_add(struct day *day, const char *id, enum capacity capacity, enum language language)
{
    struct refusal refusal = {0};
    struct participant participant = {.capacity = capacity, .language = language};
    text_copy_cut(participant.id, sizeof participant.id, id);
    enum err err = meeting_add_participant(day->decided, &participant, day->now, day->events,
                                           &refusal);
    ASSERT(err == ERR_NONE);
    day_record(day);
    err = meeting_connected(&day->presence, day->decided, id, day->now, day->events);
    ASSERT(err == ERR_NONE);
    day_record(day);
    day_simple(day, id, COMMAND_ROOM_ENTER);
}

static void day_set_booth(struct day *day, enum language language)
{
    struct command command = {.type = COMMAND_BOOTH_SET, .as.booth_set.language = language};
    struct booth_setting *setting = &command.as.booth_set.setting;
    bool both_ways = language == LANGUAGE_AR || language == LANGUAGE_ZH;
    if (both_ways) {
        setting->allowed_count = 2;
        setting->allowed[0].language = LANGUAGE_EN;
        setting->allowed[1].language = LANGUAGE_FR;
        setting->output_b = language == LANGUAGE_AR ? LANGUAGE_FR : LANGUAGE_EN;
        setting->auto_relay = true;
    }
    setting->turn_minutes = both_ways ? 20 : 30;
    setting->rota = true;
    enum err err = day_give(day, "te", &command);
    ASSERT(err == ERR_NONE);
}

static void day_begin(struct day *day)
{
    struct refusal refusal = {0};
    meeting_state_init(day->state, "day");
    meeting_state_init(day->decided, "day");
    meeting_presence_init(&day->presence);
    struct event_meeting_created created = {.floor_microphones_max = 2};
    enum err err = meeting_create(day->decided, &created, day->now, day->events, &refusal);
    ASSERT(err == ERR_NONE);
    day_record(day);
    day_add(day, "ch", CAPACITY_CHAIR, LANGUAGE_NONE);
    day_add(day, "te", CAPACITY_TECHNICIAN, LANGUAGE_NONE);
    for (int i = 0; i < SPEAKERS; i++) {
        day_add(day, speakers[i], CAPACITY_DELEGATE, (enum language)(LANGUAGE_AR + i));
    }
    for (int i = 0; i < TEAM; i++) {
        struct agent *agent = &day->team[i];
        struct text_builder id = text_builder(agent->id, sizeof agent->id);
        text_append_format(&id, "%s-%d", language_text(team_languages[i]), i);
        agent->language = team_languages[i];
        agent->connected = true;
        agent->act_at = day->now + sim_between(&day->random, 1, 5000);
        day_add(day, agent->id, CAPACITY_INTERPRETER, agent->language);
    }
    for (int language = LANGUAGE_AR; language <= LANGUAGE_ES; language++) {
        day_set_booth(day, (enum language)language);
    }
    const struct command interlock = {
        .type = COMMAND_INTERLOCK_SET,
        .as.interlock_set = {(enum interlock_mode)sim_below(&day->random, INTERLOCK_MODE_COUNT),
                             (enum interlock_mode)sim_below(&day->random, INTERLOCK_MODE_COUNT)}};
    (void)day_give(day, "te", &interlock);
    day_simple(day, "ch", COMMAND_SITTING_OPEN);
}

// The chair gives the floor to the next; after some hours there is a pause.
static void day_next_speaker(struct day *day)
{
    if (sim_chance(&day->random, 12)) {
        day_simple(day, "ch", COMMAND_SITTING_SUSPEND);
        day->speaker_at = day->now + sim_between(&day->random, 60000, 600000);
        return;
    }
    day_simple(day, "ch", COMMAND_SITTING_OPEN);
    struct command give = {.type = COMMAND_FLOOR_GIVE};
    int next = (int)sim_below(&day->random, SPEAKERS);
    text_copy_cut(give.as.floor_give.participant, sizeof give.as.floor_give.participant,
                  speakers[next]);
    day_simple(day, "ch", COMMAND_FLOOR_END_ALL);
    (void)day_give(day, "ch", &give);
    day->speaker = next;
    day->speaker_at = day->now + sim_between(&day->random, 30000, 420000);
    for (int i = 0; i < TEAM; i++) {
        time_ms react = day->now + sim_between(&day->random, 300, 4000);
        day->team[i].act_at = react < day->team[i].act_at ? react : day->team[i].act_at;
    }
}

// ---- An interpreter

static void agent_press(struct day *day, const struct agent *agent, enum microphone microphone)
{
    const struct command command = {.type = COMMAND_DESK_MICROPHONE,
                                    .as.desk_microphone.state = microphone};
    (void)day_give(day, agent->id, &command);
}

// The channel that the booth is to feed now; LANGUAGE_NONE: nothing, the original is heard there.
static enum language agent_duty(const struct day *day, const struct agent *agent)
{
    enum language spoken = day->state->meeting.floor_language;
    bool both_ways = agent->language == LANGUAGE_AR || agent->language == LANGUAGE_ZH;
    if (spoken == agent->language) {
        return both_ways ? day_booth(day, spoken)->setting.output_b : LANGUAGE_NONE;
    }
    // The both-ways booth speaks for this one.
    bool covered = (spoken == LANGUAGE_AR || spoken == LANGUAGE_ZH) &&
                   day_booth(day, spoken)->setting.output_b == agent->language;
    return covered ? LANGUAGE_NONE : agent->language;
}

static bool agent_partner_works(const struct day *day, const struct agent *agent)
{
    const struct booth *booth = day_booth(day, agent->language);
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        if (booth->desks[i].microphone != MICROPHONE_OFF &&
            !text_equal(booth->desks[i].participant, agent->id)) {
            return true;
        }
    }
    return false;
}

static void agent_work(struct day *day, const struct agent *agent)
{
    const struct desk *desk = day_desk(day, agent);
    enum language duty = agent_duty(day, agent);
    bool on = desk->microphone != MICROPHONE_OFF;
    if (day->state->meeting.floor_count == 0 || (!on && agent_partner_works(day, agent))) {
        return;
    }
    if (duty == LANGUAGE_NONE) {
        if (on) {
            agent_press(day, agent, MICROPHONE_OFF);
        }
        return;
    }
    const struct command output = {.type = COMMAND_DESK_OUTPUT,
                                   .as.desk_output.output = duty == agent->language ? OUTPUT_A
                                                                                    : OUTPUT_B};
    (void)day_give(day, agent->id, &output);
    agent_press(day, agent, MICROPHONE_ON);
}

static void agent_handover(struct day *day, const struct agent *agent)
{
    const struct handover *handover = &day_booth(day, agent->language)->handover;
    bool from = text_equal(handover->from, agent->id);
    bool to = text_equal(handover->to, agent->id);
    enum command_type answer = sim_chance(&day->random, 750) ? COMMAND_HANDOVER_ACCEPT
                                                             : COMMAND_HANDOVER_DECLINE;
    if (sim_chance(&day->random, 150)) {
        return; // has not seen it
    }
    if ((from || to) && sim_chance(&day->random, 50)) {
        day_simple(day, agent->id, COMMAND_HANDOVER_DECLINE); // thinks better of it
    }
    if ((handover->state == HANDOVER_STATE_REQUESTED && from) ||
        (handover->state == HANDOVER_STATE_OFFERED && to)) {
        day_simple(day, agent->id, answer);
    } else if (handover->state == HANDOVER_STATE_ARMED && to) {
        agent_press(day, agent, MICROPHONE_ON);
    } else if (handover->state == HANDOVER_STATE_ARMED && from && sim_chance(&day->random, 400)) {
        agent_press(day, agent, MICROPHONE_OFF);
    } else if (handover->state == HANDOVER_STATE_SWITCHING && from) {
        agent_press(day, agent, MICROPHONE_OFF);
    } else if (handover->state == HANDOVER_STATE_COUNTING && to && sim_chance(&day->random, 200)) {
        day_simple(day, agent->id, COMMAND_HANDOVER_DECLINE);
    }
}

static void agent_ask(struct day *day, const struct agent *agent)
{
    struct command command = {.type = sim_chance(&day->random, 500) ? COMMAND_HANDOVER_REQUEST
                                                                    : COMMAND_HANDOVER_OFFER};
    time_ms moment = sim_chance(&day->random, 300)
                         ? day->now + sim_between(&day->random, 1000, 90000)
                         : 0;
    if (command.type == COMMAND_HANDOVER_REQUEST) {
        command.as.handover_request.moment = moment;
    } else {
        command.as.handover_offer.moment = moment;
    }
    (void)day_give(day, agent->id, &command);
}

// Whether the line breaks now; a lost one comes back a while later.
static bool agent_line(struct day *day, struct agent *agent)
{
    if (!agent->connected) {
        enum err err = meeting_connected(&day->presence, day->decided, agent->id, day->now,
                                         day->events);
        ASSERT(err == ERR_NONE);
        day_record(day);
        day_simple(day, agent->id, COMMAND_ROOM_ENTER);
        agent->connected = true;
        return false;
    }
    if (sim_chance(&day->random, 1)) {
        meeting_disconnected(&day->presence, day->state, agent->id, 0, day->now);
        agent->connected = false;
        agent->act_at = day->now + sim_between(&day->random, 500, 80000);
        return true;
    }
    if (sim_chance(&day->random, 1)) {
        day->losses++;
        enum err err = meeting_source_lost(day->decided, agent->id,
                                           day->now - sim_between(&day->random, 0, 1500), day->now,
                                           day->events);
        ASSERT(err == ERR_NONE);
        day_record(day);
        agent->act_at = day->now + sim_between(&day->random, 100, 3000);
        return true;
    }
    if (sim_chance(&day->random, 1)) {
        // The page is loaded anew; whoever sat there presses again, or is late.
        day->losses++;
        meeting_page_left(day->decided, agent->id, day->now, day->now, day->events);
        day_record(day);
        agent->act_at = day->now + sim_between(&day->random, 100, 3000);
        return true;
    }
    if (sim_chance(&day->random, 300)) {
        enum err err = meeting_source_back(day->decided, agent->id, day->now, day->events);
        ASSERT(err == ERR_NONE);
        day_record(day);
    }
    return false;
}

// Something that an interpreter does besides, seldom.
static void agent_besides(struct day *day, const struct agent *agent)
{
    struct command command = {.type = COMMAND_COUNT};
    switch (sim_below(&day->random, 12)) {
    case 0: agent_press(day, agent, MICROPHONE_COUGH); return;
    case 1: agent_press(day, agent, MICROPHONE_ON); return; // also over the partner
    case 2: agent_ask(day, agent); return;
    case 3:
        command.type = COMMAND_DESK_REST;
        command.as.desk_rest.on = sim_chance(&day->random, 300);
        break;
    case 4:
        command.type = COMMAND_DESK_LISTEN;
        command.as.desk_listen.source = (enum channel_id)sim_below(&day->random, CHANNEL_ID_COUNT);
        break;
    case 5:
        command.type = COMMAND_DESK_LISTEN; // back to the floor
        command.as.desk_listen.original = sim_chance(&day->random, 200);
        break;
    case 6:
        command.type = COMMAND_SIGNAL_SEND;
        command.as.signal_send.kind = (enum signal_kind)sim_below(&day->random, SIGNAL_KIND_COUNT);
        break;
    case 7:
        command.type = COMMAND_CHAT_SEND;
        command.as.chat_send.room = (enum chat_room)sim_below(&day->random, CHAT_ROOM_COUNT);
        command.as.chat_send.phrase = PHRASE_FIVE_MORE_MINUTES;
        break;
    default: return;
    }
    (void)day_give(day, agent->id, &command);
}

// The technician routes a channel by hand, and soon gives it back.
static void day_technician(struct day *day)
{
    struct command command = {.type = COMMAND_CHANNEL_RELEASE};
    enum channel_id channel = (enum channel_id)(1 + sim_below(&day->random, 6));
    command.as.channel_release.channel = channel;
    if (sim_chance(&day->random, 100)) {
        command.type = COMMAND_CHANNEL_FORCE;
        command.as.channel_force.channel = channel;
        text_copy_cut(command.as.channel_force.participant,
                      sizeof command.as.channel_force.participant,
                      day->team[sim_below(&day->random, TEAM)].id);
    }
    (void)day_give(day, "te", &command);
}

// One in twelve microphones delivers nothing. A turned output is awaited anew when a cough is over.
static void agent_hear(struct day *day, struct agent *agent)
{
    if (day_desk(day, agent)->microphone == MICROPHONE_COUGH) {
        agent->hear_at = 0;
        return;
    }
    enum err err = sim_chance(&day->random, 80)
                       ? meeting_source_unheard(day->decided, agent->id, day->now, day->events)
                       : meeting_source_heard(day->decided, agent->id, day->now, day->events);
    ASSERT(err == ERR_NONE);
    if (day->events->count == 0) {
        day_fail(day, "what opens is neither heard nor undone", agent->id);
    }
    day_record(day);
}

static void agent_act(struct day *day, struct agent *agent)
{
    agent->act_at = day->now + sim_between(&day->random, 100, 12000);
    if (agent_line(day, agent) || !agent->connected) {
        return;
    }
    const struct desk *desk = day_desk(day, agent);
    if (desk->microphone == MICROPHONE_COUGH) {
        agent_press(day, agent, MICROPHONE_ON);
    }
    agent_handover(day, agent);
    agent_work(day, agent);
    if (sim_chance(&day->random, 60)) {
        agent_besides(day, agent);
    }
    if (sim_chance(&day->random, 10)) {
        day_technician(day);
    }
}

// ---- The clock

static void day_on_deadlines(struct day *day)
{
    while (meeting_next_deadline(&day->presence) <= day->now) {
        meeting_on_deadline(&day->presence, day->decided, day->now, day->events);
        day_record(day);
    }
    while (meeting_timing_deadline(day->state) <= day->now) {
        meeting_timing_on_deadline(day->decided, day->now, day->events);
        if (day->events->count == 0) {
            day_fail(day, "a deadline without effect", "timing");
        }
        day_record(day);
    }
}

static void day_run(struct day *day)
{
    time_ms end = day->now + DAY_MS;
    while (day->now < end) {
        time_ms next = day->speaker_at;
        time_ms presence = meeting_next_deadline(&day->presence);
        time_ms timing = meeting_timing_deadline(day->state);
        next = presence < next ? presence : next;
        next = timing < next ? timing : next;
        for (int i = 0; i < TEAM; i++) {
            next = day->team[i].act_at < next ? day->team[i].act_at : next;
            time_ms hear_at = day->team[i].hear_at;
            next = hear_at != 0 && hear_at < next ? hear_at : next;
        }
        day->now = next > day->now ? next : day->now;
        day_on_deadlines(day);
        if (day->speaker_at <= day->now) {
            day_next_speaker(day);
        }
        for (int i = 0; i < TEAM; i++) {
            if (day->team[i].hear_at != 0 && day->team[i].hear_at <= day->now) {
                agent_hear(day, &day->team[i]);
            }
            if (day->team[i].act_at <= day->now) {
                agent_act(day, &day->team[i]);
            }
        }
    }
    day_simple(day, "ch", COMMAND_SITTING_CLOSE);
}

static void day_check_hours(struct day *day)
{
    const struct meeting *meeting = &day->state->meeting;
    if (meeting->hours_count != TEAM) {
        day_fail(day, "hours sheet", "not fourteen lines");
    }
    for (uint32_t i = 0; i < TEAM; i++) {
        const struct agent *agent = day_agent(day, meeting->hours[i].participant);
        if (meeting->hours[i].air_ms != agent->air_ms) {
            day_fail(day, "hours sheet", agent->id);
        }
        if (agent->air_ms < 300000) {
            day_fail(day, "worked less than five minutes", agent->id);
        }
    }
}

// The journal as the store keeps it, every event through its JSON text, gives the same state.
static void day_check_replay(struct day *day)
{
    struct meeting_state *replayed = calloc(1, sizeof *replayed);
    ASSERT(replayed != NULL);
    meeting_state_init(replayed, "day");
    for (uint32_t i = 0; i < day->journal_count; i++) {
        struct event read = day->journal[i];
        json_t *data = event_encode_data(&day->journal[i]);
        char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
        json_t *parsed = json_loads(text, 0, NULL);
        memset(&read.as, 0, sizeof read.as);
        if (event_decode_data(read.type, parsed, &read) != ERR_NONE) {
            day_fail(day, "an event that cannot be read back", event_name(read.type));
        }
        meeting_apply(replayed, &read);
        json_decref(parsed);
        json_decref(data);
        free(text);
    }
    json_t *one = meeting_encode(&replayed->meeting);
    json_t *two = meeting_encode(&day->state->meeting);
    if (!json_equal(one, two) || meeting_check(replayed, true) != NULL) {
        day_fail(day, "replay", "the journal does not give the same state");
    }
    json_decref(one);
    json_decref(two);
    free(replayed);
}

struct day_totals {
    uint64_t events;
    uint64_t commands;
    uint64_t refused;
    uint64_t opened;
    uint64_t chimes;
    uint64_t losses;
    uint64_t undone;
    uint64_t results[HANDOVER_RESULT_COUNT];
};

// The report's sums and the core's hours sheet are made apart; they must agree to the millisecond.
static void day_check_report_hours(const struct day *day, const struct report *report)
{
    const struct meeting *meeting = &day->state->meeting;
    for (uint32_t i = 0; i < meeting->hours_count; i++) {
        const struct hours *hours = &meeting->hours[i];
        time_ms air_ms = hours->air_ms;
        int64_t turns = hours->turns;
        for (uint32_t j = 0; j < TEAM; j++) {
            const struct desk *desk = day_desk(day, &day->team[j]);
            if (text_equal(desk->participant, hours->participant) &&
                desk->microphone != MICROPHONE_OFF) {
                air_ms += report->to - desk->opened_at;
                turns++;
            }
        }
        const struct report_person *person = NULL;
        for (uint32_t j = 0; j < report->person_count && person == NULL; j++) {
            if (text_equal(report->persons[j].id, hours->participant)) {
                person = &report->persons[j];
            }
        }
        if (person == NULL || person->air_ms != air_ms || person->turns != turns) {
            day_fail(day, "the report disagrees with the hours sheet", hours->participant);
        }
        if (person->air_ms + person->standby_ms > report->to - report->from) {
            day_fail(day, "the report has more hours than the day", hours->participant);
        }
    }
}

static void day_check_report_channels(const struct day *day, const struct report *report)
{
    for (int id = CHANNEL_ID_AR; id < CHANNEL_ID_COUNT; id++) {
        const struct report_channel *channel = &report->channels[id];
        int64_t depths_ms = 0;
        int64_t shown_ms = 0;
        for (int depth = 0; depth < REPORT_DEPTHS; depth++) {
            depths_ms += channel->depth_ms[depth];
        }
        for (uint32_t i = 0; i < channel->segment_count; i++) {
            shown_ms += channel->segments[i].to - channel->segments[i].from;
        }
        if (channel->interpreted_ms + channel->floor_ms + channel->silent_ms !=
                report->sitting_ms ||
            depths_ms != channel->interpreted_ms ||
            (channel->segments_left_out == 0 &&
             shown_ms != channel->interpreted_ms + channel->floor_ms)) {
            day_fail(day, "the report's channel does not add up",
                     channel_id_text((enum channel_id)id));
        }
    }
}

static void day_check_report(const struct day *day)
{
    struct report_fold *fold = NULL;
    if (report_fold_create(day->state->meeting.id, &fold) != ERR_NONE) {
        day_fail(day, "report", "no memory");
    }
    for (uint32_t i = 0; i < day->journal_count; i++) {
        if (report_fold_event(fold, &day->journal[i]) != ERR_NONE) {
            day_fail(day, "report", "an event that does not follow");
        }
    }
    report_fold_finish(fold, day->now);
    const struct report *report = report_fold_report(fold);
    day_check_report_hours(day, report);
    day_check_report_channels(day, report);
    for (int i = HANDOVER_RESULT_NONE + 1; i < HANDOVER_RESULT_COUNT; i++) {
        if (report->handovers_by_result[i] != (int64_t)day->results[i]) {
            day_fail(day, "the report miscounts handovers",
                     handover_result_text((enum handover_result)i));
        }
    }
    report_fold_destroy(fold);
}

static void day_play(uint64_t seed, struct day_totals *totals)
{
    struct day *day = calloc(1, sizeof *day);
    ASSERT(day != NULL);
    day->seed = seed;
    day->random.state = seed;
    day->now = SIM_START;
    day->state = calloc(1, sizeof *day->state);
    day->decided = calloc(1, sizeof *day->decided);
    day->events = calloc(1, sizeof *day->events);
    day->journal = calloc(DAY_EVENTS_MAX, sizeof *day->journal);
    ASSERT(day->state != NULL && day->decided != NULL && day->events != NULL &&
           day->journal != NULL);
    day_begin(day);
    day->speaker_at = day->now + 1000;
    day_run(day);
    day_check_hours(day);
    day_check_replay(day);
    day_check_report(day);
    totals->events += day->journal_count;
    totals->commands += day->commands;
    totals->refused += day->refused;
    totals->opened += day->opened;
    totals->chimes += day->chimes;
    totals->losses += day->losses;
    totals->undone += day->undone;
    for (int i = 0; i < HANDOVER_RESULT_COUNT; i++) {
        totals->results[i] += day->results[i];
    }
    free(day->state);
    free(day->decided);
    free(day->events);
    free(day->journal);
    free(day);
}

int main(int argc, char **argv)
{
    unsigned long long first = 1;
    uint64_t count = DAY_SEEDS;
    if (argc > 1 && text_equal(argv[1], "--long")) {
        count = DAY_SEEDS_LONG;
    } else if (argc > 1) {
        if (text_to_u64(argv[1], strlen(argv[1]), UINT64_MAX, &first) != ERR_NONE) {
            fprintf(stderr, "usage: sim_day [--long | SEED]\n");
            return 2;
        }
        count = 1;
    }
    struct day_totals totals = {0};
    for (uint64_t i = 0; i < count; i++) {
        day_play(first + i, &totals);
    }
    printf(
        "%llu days of 6 hours: %llu commands (%llu refused), %llu events, %llu microphones "
        "opened, %llu undone, %llu chimes, %llu losses; handovers:",
        (unsigned long long)count, (unsigned long long)totals.commands,
        (unsigned long long)totals.refused, (unsigned long long)totals.events,
        (unsigned long long)totals.opened, (unsigned long long)totals.undone,
        (unsigned long long)totals.chimes, (unsigned long long)totals.losses);
    for (int i = HANDOVER_RESULT_NONE + 1; i < HANDOVER_RESULT_COUNT; i++) {
        printf(" %s %llu", handover_result_text((enum handover_result)i),
               (unsigned long long)totals.results[i]);
        // A day on which something never happens proves nothing about it.
        if (count >= DAY_SEEDS && totals.results[i] == 0) {
            fprintf(stderr, "\nno handover ended %s\n",
                    handover_result_text((enum handover_result)i));
            return 1;
        }
    }
    printf("\n");
    return 0;
}
