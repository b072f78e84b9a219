#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"
#include "script.h"

// Russian may work into English and French by B and C.
#define RU "te booth.set ru override en+fr fr en plain 0; "

static void across_booths(void **state)
{
    (void)state;
    static const struct script_case cases[] = {
        {RU "f1 desk.microphone on; r1 desk.output b", "r1 desk.microphone on", ERR_CONFLICT,
         "output_held"},
        {RU "te interlock.set no_override override_allowed; f1 desk.microphone on; "
            "r1 desk.output b",
         "r1 desk.microphone on", ERR_NONE,
         "desk.changed f1 fr off for ru; desk.changed r1 ru on b fr; channel fr interpreted r1"},
        {RU "te interlock.set a_overrides_bc no_override; r1 desk.output b; "
            "r1 desk.microphone on",
         "f1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru off for fr; desk.changed f1 fr on; channel fr interpreted f1"},
        // A coughing desk holds its output too.
        {RU "r1 desk.output b; r1 desk.microphone on; r1 desk.microphone cough",
         "f1 desk.microphone on", ERR_CONFLICT, "output_held"},
        // One that is not heard holds it only until somebody presses.
        {RU "r1 desk.output b; r1 desk.microphone on; +5000; r1 source.silent no_sound 2000 0",
         "f1 desk.microphone on", ERR_NONE,
         "desk.changed r1 ru off for fr; desk.changed f1 fr on; channel fr interpreted f1"},
        // Whoever is refused keeps what they had.
        {RU "f1 desk.microphone on; r1 desk.microphone on", "r1 desk.output b", ERR_CONFLICT,
         "output_held"},
        {"", "te interlock.set a_overrides_a a_overrides_abc", ERR_NONE,
         "interlock.changed a_overrides_a a_overrides_abc"},
        {"", "te interlock.set no_override no_override", ERR_NONE, ""},
        {"", "f1 interlock.set no_override no_override", ERR_FORBIDDEN, "capacity_forbids"},
        // The partner's handover ends with the microphone that another booth took.
        {RU "te interlock.set no_override override_allowed; f1 desk.microphone on; "
            "f2 handover.request; r1 desk.output b",
         "r1 desk.microphone on", ERR_NONE,
         "handover.changed fr none void; desk.changed f1 fr off for ru; desk.changed r1 ru on b "
         "fr; "
         "channel fr interpreted r1"},
    };
    script_cases(cases, sizeof cases / sizeof cases[0]);
}

static bool may_take(enum interlock_mode mode, bool pressed_a, bool held_a)
{
    static const bool table[INTERLOCK_MODE_COUNT][2][2] = {
        // pressed B or C: held B or C, held A; pressed A: held B or C, held A
        [INTERLOCK_MODE_NO_OVERRIDE] = {{false, false}, {false, false}},
        [INTERLOCK_MODE_OVERRIDE_ALLOWED] = {{true, true}, {true, true}},
        [INTERLOCK_MODE_A_OVERRIDES_A] = {{false, false}, {false, true}},
        [INTERLOCK_MODE_A_OVERRIDES_BC] = {{false, false}, {true, false}},
        [INTERLOCK_MODE_A_OVERRIDES_ABC] = {{false, false}, {true, true}},
    };
    return table[mode][pressed_a][held_a];
}

// A press of A or B, while another booth holds French by A or B, in every mode.
static void every_mode(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *held;
        const char *by;
        const char *step;
        const char *taken;
        bool pressed_a, held_a;
    } presses[] = {
        {RU "r1 desk.output b; f1 desk.microphone on", "f1 fr", "ru", "r1 desk.microphone on",
         "desk.changed r1 ru on b fr; channel fr interpreted r1", false, true},
        {RU "r1 desk.output b; r1 desk.microphone on", "r1 ru", "fr", "f1 desk.microphone on",
         "desk.changed f1 fr on; channel fr interpreted f1", true, false},
        {RU "te booth.set es override fr fr none plain 0; s1 desk.output b; s1 desk.microphone on; "
            "r1 desk.output b",
         "s1 es", "ru", "r1 desk.microphone on",
         "desk.changed r1 ru on b fr; channel fr interpreted r1", false, false},
    };
    for (size_t i = 0; i < sizeof presses / sizeof presses[0]; i++) {
        for (int mode = 0; mode < INTERLOCK_MODE_COUNT; mode++) {
            const char *name = interlock_mode_text((enum interlock_mode)mode);
            bool a = presses[i].pressed_a;
            bool may = may_take((enum interlock_mode)mode, a, presses[i].held_a);
            char before[256];
            char expected[256];
            snprintf(before, sizeof before, "te interlock.set %s %s; %s", a ? name : "no_override",
                     a ? "no_override" : name, presses[i].before);
            snprintf(expected, sizeof expected, "desk.changed %s off for %s; %s", presses[i].held,
                     presses[i].by, presses[i].taken);
            const struct script_case one = {before, presses[i].step, may ? ERR_NONE : ERR_CONFLICT,
                                            may ? expected : "output_held"};
            script_cases(&one, 1);
        }
    }
}

// ---- Exhaustively: three desks (two Spanish, one French), two channels, every order of presses.

#define DESKS      3
#define PRESSES    5 // A on, B on, off, cough, speak again
#define STATES_MAX 4096

static const char *const desk_ids[DESKS] = {"s1", "s2", "f1"};

// What distinguishes two states for these rules, small enough to compare and to restore from.
struct model_state {
    struct booth booths[MEETING_BOOTHS_MAX];
    struct channel channels[MEETING_CHANNELS_MAX];
};

struct model_key {
    uint8_t microphone[DESKS];
    uint8_t output[DESKS];
    uint8_t overridden[DESKS];
    uint8_t turns[DESKS]; // the channel that the output is turned to
    uint8_t order;        // whose Spanish microphone opened later
};

struct model {
    struct script script;
    uint32_t count;
    struct model_key keys[STATES_MAX];
    struct model_state *states; // test_malloc'ed, STATES_MAX
    uint64_t presses;
    uint64_t refused;
};

static struct desk *model_desk(struct meeting *meeting, int number)
{
    // Booths of the script: fr, ru, es.
    return number == 2 ? &meeting->booths[0].desks[0] : &meeting->booths[2].desks[number];
}

static struct model_key model_key_of(struct meeting *meeting)
{
    struct model_key key = {0};
    for (int i = 0; i < DESKS; i++) {
        const struct desk *desk = model_desk(meeting, i);
        key.microphone[i] = (uint8_t)desk->microphone;
        key.output[i] = (uint8_t)desk->output;
        key.turns[i] = (uint8_t)desk->opening_target;
        key.overridden[i] = desk->overridden_by[0] != '\0';
    }
    key.order = model_desk(meeting, 0)->opened > model_desk(meeting, 1)->opened;
    return key;
}

// Puts a remembered state back; numbers and hours go on, they are no part of these rules.
static void model_restore(struct model *model, const struct model_state *from)
{
    struct meeting *meeting = &model->script.state->meeting;
    memcpy(meeting->booths, from->booths, sizeof meeting->booths);
    memcpy(meeting->channels, from->channels, sizeof meeting->channels);
    for (int i = 0; i < DESKS; i++) {
        const struct desk *desk = model_desk(meeting, i);
        struct participant *person = (struct participant *)meeting_find_participant(
            model->script.state, desk->participant);
        person->microphone = desk->microphone;
        person->microphone_since = desk->opened_at;
    }
    script_adopt(&model->script);
}

static void model_remember(struct model *model)
{
    struct meeting *meeting = &model->script.state->meeting;
    struct model_key key = model_key_of(meeting);
    for (uint32_t i = 0; i < model->count; i++) {
        if (memcmp(&model->keys[i], &key, sizeof key) == 0) {
            return;
        }
    }
    assert_true(model->count < STATES_MAX);
    struct model_state *to = &model->states[model->count];
    model->keys[model->count++] = key;
    memcpy(to->booths, meeting->booths, sizeof to->booths);
    memcpy(to->channels, meeting->channels, sizeof to->channels);
}

static bool on_air(const struct desk *desk)
{
    return desk->microphone != MICROPHONE_OFF;
}

// The properties, said without the code's own words.
static void model_check(struct model *model, bool mixed)
{
    struct meeting *meeting = &model->script.state->meeting;
    for (int channel = CHANNEL_ID_FR; channel <= CHANNEL_ID_ES; channel++) {
        int holders[2] = {0, 0}; // Spanish, French
        bool holder_feeds = false;
        for (int i = 0; i < DESKS; i++) {
            const struct desk *desk = model_desk(meeting, i);
            if (on_air(desk) && (int)desk->target == channel) {
                holders[i == 2]++;
                holder_feeds |= strcmp(meeting->channels[channel].holder, desk->participant) == 0;
            }
        }
        // Never two holders where the mode forbids it, never of two booths.
        assert_true(holders[0] == 0 || holders[1] == 0);
        assert_true(mixed || holders[0] <= 1);
        // Never without holder or floor (d1 has it throughout).
        assert_string_not_equal(meeting->channels[channel].holder, "");
        assert_int_equal(holder_feeds, holders[0] + holders[1] > 0);
        assert_int_equal(meeting->channels[channel].state,
                         holder_feeds ? CHANNEL_STATE_INTERPRETED : CHANNEL_STATE_FLOOR);
    }
    assert_null(meeting_check(model->script.state, true));
}

static enum err model_press(struct model *model, int number, int press)
{
    struct script *script = &model->script;
    struct meeting *meeting = &script->state->meeting;
    if (press <= 1) {
        // Choosing an output on the air is a press too; off the air the microphone follows.
        char step[64];
        snprintf(step, sizeof step, "%s desk.output %s", desk_ids[number], press == 0 ? "a" : "b");
        script_step(script, step);
        if (script->err != ERR_NONE || on_air(model_desk(meeting, number))) {
            return script->err;
        }
        snprintf(step, sizeof step, "%s desk.microphone on", desk_ids[number]);
        script_step(script, step);
        return script->err;
    }
    static const char *const words[] = {"off", "cough", "on"};
    char step[64];
    snprintf(step, sizeof step, "%s desk.microphone %s", desk_ids[number], words[press - 2]);
    script_step(script, step);
    return script->err;
}

// Whether the rules let this desk open this output in this state.
static bool model_expects(struct model *model, int number, bool a, bool mixed,
                          enum interlock_mode mode_a, enum interlock_mode mode_bc)
{
    struct meeting *meeting = &model->script.state->meeting;
    const struct desk *me = model_desk(meeting, number);
    bool french = number == 2;
    int target = french == a ? CHANNEL_ID_FR : CHANNEL_ID_ES;
    if (!mixed && me->overridden_by[0] != '\0') {
        return false;
    }
    for (int i = 0; i < DESKS; i++) {
        const struct desk *desk = model_desk(meeting, i);
        bool other_booth = (i == 2) != french;
        if (other_booth && on_air(desk) && (int)desk->target == target &&
            !may_take(a ? mode_a : mode_bc, a,
                      desk->output == OUTPUT_NONE || desk->output == OUTPUT_A)) {
            return false;
        }
    }
    return true;
}

static void model_explore(struct model *model, bool mixed, enum interlock_mode mode_a,
                          enum interlock_mode mode_bc)
{
    for (uint32_t at = 0; at < model->count; at++) {
        for (int number = 0; number < DESKS; number++) {
            for (int press = 0; press < PRESSES; press++) {
                model_restore(model, &model->states[at]);
                struct meeting *meeting = &model->script.state->meeting;
                bool was_on = on_air(model_desk(meeting, number));
                bool opens = press <= 1 && !was_on;
                bool may = opens &&
                           model_expects(model, number, press == 0, mixed, mode_a, mode_bc);
                enum err err = model_press(model, number, press);
                model->presses++;
                model->refused += err != ERR_NONE;
                if (opens) {
                    assert_int_equal(err, may ? ERR_NONE : ERR_CONFLICT);
                    assert_int_equal(on_air(model_desk(meeting, number)), may);
                }
                model_check(model, mixed);
                model_remember(model);
            }
        }
    }
}

static void every_order_of_presses(void **state)
{
    (void)state;
    uint64_t states = 0;
    uint64_t presses = 0;
    uint64_t refused = 0;
    for (int mode = 0; mode < 2 * INTERLOCK_MODE_COUNT * INTERLOCK_MODE_COUNT; mode++) {
        bool mixed = mode % 2 == 1;
        enum interlock_mode a = (enum interlock_mode)(mode / 2 % INTERLOCK_MODE_COUNT);
        enum interlock_mode bc = (enum interlock_mode)(mode / 2 / INTERLOCK_MODE_COUNT);
        struct model *model = test_calloc(1, sizeof *model);
        model->states = test_malloc(STATES_MAX * sizeof model->states[0]);
        script_init(&model->script);
        char steps[160];
        snprintf(steps, sizeof steps,
                 "ch sitting.open; ch floor.give d1; te booth.set fr override es es none plain 0; "
                 "te booth.set es %s fr fr none plain 0",
                 mixed ? "mixed" : "override");
        script_run(&model->script, steps);
        snprintf(steps, sizeof steps, "te interlock.set %s %s", interlock_mode_text(a),
                 interlock_mode_text(bc));
        script_run(&model->script, steps);
        model_remember(model);
        model_explore(model, mixed, a, bc);
        states += model->count;
        presses += model->presses;
        refused += model->refused;
        script_finish(&model->script);
        test_free(model->states);
        test_free(model);
    }
    print_message("%d modes: %llu states, %llu presses, %llu refused\n",
                  2 * INTERLOCK_MODE_COUNT * INTERLOCK_MODE_COUNT, (unsigned long long)states,
                  (unsigned long long)presses, (unsigned long long)refused);
    assert_true(states > 1000 && refused > 1000);
}

int main(int argc, char **argv)
{
    cases_begin(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(across_booths),
        cmocka_unit_test(every_mode),
        cmocka_unit_test(every_order_of_presses),
    };
    return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
}
