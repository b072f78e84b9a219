// Stories for two reducers: meetings made of random bytes (support/scene.h), told event by event,
// with the state after some of them. The page's reducer must come to the same
// (web/tests/story.test.ts).
//
//   sim_story SEED STEPS        tells one, as lines of JSON
//   sim_story --replay FOLDER   tells the events of such files to this core: a journal may grow old
//
// Events of all kinds have to occur in what is replayed; sim_meeting tells stories too.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "scene.h"
#include "sim.h"
#include "story.h"
#include "story_line.h"

static void tell(void *context, const struct event *event)
{
    (void)context;
    story_event(event);
}

// Few leave, and time passes slowly: otherwise nobody is left to whom something could happen.
static bool is_rare(uint8_t type)
{
    return type % COMMAND_COUNT == COMMAND_PARTICIPANT_REMOVE ||
           type % COMMAND_COUNT == COMMAND_ROOM_LEAVE ||
           type % COMMAND_COUNT == COMMAND_SITTING_CLOSE;
}

// Mostly by somebody who may.
static void choose_caller(const struct scene *scene, struct sim_random *random,
                          uint8_t step[SCENE_STEP])
{
    enum command_type type = (enum command_type)(step[1] % COMMAND_COUNT);
    for (int i = 0; i < 20; i++) {
        step[0] = (uint8_t)sim_below(random, 200);
        if (meeting_caller(&scene->state, scene_person(step[0]), type).grant != PERMISSION_NONE) {
            return;
        }
    }
}

static void make_step(const struct scene *scene, struct sim_random *random,
                      uint8_t step[SCENE_STEP])
{
    static const uint8_t facts[] = {0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 7, 8,  8,  8,  8, 8,
                                    8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 10, 11, 11, 11};
    uint32_t kind = sim_below(random, 100);
    for (size_t i = 0; i < SCENE_STEP; i++) {
        step[i] = (uint8_t)sim_below(random, 256);
    }
    if (kind < 50) {
        step[1] = is_rare(step[1]) && !sim_chance(random, 100) ? COMMAND_ROOM_ENTER : step[1];
        choose_caller(scene, random, step);
    } else if (kind < 94) {
        step[0] = 200;
        step[1] = facts[sim_below(random, sizeof(facts))];
    } else {
        step[0] = 240;
        step[2] = (uint8_t)sim_below(random, sim_chance(random, 100) ? 256 : 4);
    }
}

static void tell_story(uint64_t seed, uint32_t steps)
{
    static struct scene scene;
    static struct meeting_state empty;
    struct sim_random random = {.state = seed};
    uint64_t shown = 0;
    meeting_state_init(&empty, "m1");
    story_state("meeting", &empty);
    scene_begin(&scene, tell, NULL);
    for (uint32_t i = 0; i < steps; i++) {
        uint8_t step[SCENE_STEP];
        make_step(&scene, &random, step);
        scene_step(&scene, step);
        if (scene.state.seq >= shown + STORY_AFTER_EVERY) {
            shown = scene.state.seq;
            story_state("after", &scene.state);
        }
    }
    story_state("after", &scene.state);
}

// ---- Replay

struct replay {
    const char *path;
    uint32_t line;
    struct meeting_state state;
    uint32_t events[EVENT_COUNT];
};

static _Noreturn void replay_failed(const struct replay *replay, const char *why)
{
    fprintf(stderr, "%s:%u: %s\n", replay->path, replay->line, why);
    exit(1);
}

static void replay_event(struct replay *replay, const json_t *line)
{
    static struct event event;
    const char *why = story_read_event(line, &event);
    if (why != NULL) {
        replay_failed(replay, why);
    }
    meeting_apply(&replay->state, &event);
    replay->events[event.type]++;
}

static void replay_after(struct replay *replay, const json_t *wanted)
{
    json_t *state = meeting_encode(&replay->state.meeting);
    if (!story_still_shows(state, wanted)) {
        json_dumpf(state, stderr, JSON_SORT_KEYS | JSON_INDENT(1));
        replay_failed(replay, "the state is not what it was");
    }
    json_decref(state);
}

static void replay_file(struct replay *replay)
{
    char *text = NULL;
    size_t room = 0;
    FILE *file = fopen(replay->path, "r");
    if (file == NULL) {
        replay_failed(replay, "cannot be opened");
    }
    for (replay->line = 1; getline(&text, &room, file) > 0; replay->line++) {
        json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        if (line == NULL) {
            replay_failed(replay, "no JSON");
        }
        const json_t *begins = json_object_get(line, "meeting");
        const json_t *after = json_object_get(line, "after");
        if (begins != NULL) {
            meeting_state_init(&replay->state, json_string_value(json_object_get(begins, "id")));
        } else if (after != NULL) {
            replay_after(replay, after);
        } else if (json_object_get(line, "type") != NULL) {
            replay_event(replay, line);
        }
        json_decref(line);
    }
    free(text);
    fclose(file);
}

static void replay_path(const char *path, void *context)
{
    struct replay *replay = context;
    replay->path = path;
    replay_file(replay);
}

static int replay_folder(const char *folder)
{
    static struct replay replay;
    (void)stories_each(folder, replay_path, &replay);
    int untold = 0;
    for (int type = 0; type < EVENT_COUNT; type++) {
        if (replay.events[type] == 0) {
            fprintf(stderr, "no story tells %s\n", event_name((enum event_type)type));
            untold++;
        }
    }
    return untold == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && text_equal(argv[1], "--replay")) {
        return replay_folder(argv[2]);
    }
    if (argc != 3) {
        fputs("sim_story SEED STEPS\nsim_story --replay FOLDER\n", stderr);
        return 2;
    }
    tell_story(strtoull(argv[1], NULL, 10), (uint32_t)strtoul(argv[2], NULL, 10));
    return 0;
}
