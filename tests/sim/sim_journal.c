// Golden journals: databases as servers of each age of the contract wrote them, which every later
// server has to read (docs/decisions/025-the-journal-may-grow-old.md).
//
//   sim_journal --write FILE STORY…  stories (sim_story) as journals in FILE, by the store itself,
//                                    and beside it, as JSON, the meetings that they come to
//   sim_journal --replay FOLDER      each: brought up to date, verified, read, applied, compared
//   sim_journal --retell FILE        the meetings anew that a golden journal comes to
//
// Events of all kinds have to stand in the journals of the folder.
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/replay.h"
#include "base/text.h"
#include "contract/json.h"
#include "folder.h"
#include "story_line.h"

static _Noreturn void failed(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

static void must(enum err err, const char *path)
{
    if (err != ERR_NONE) {
        failed(path, err_title(err));
    }
}

// "NNN-name.db" → "NNN-name.json"; static until the next call.
static const char *state_path(const char *path)
{
    static char to[STORE_PATH_MAX + 1];
    struct text_builder builder = text_builder(to, sizeof(to));
    text_append_format(&builder, "%.*s.json", (int)(strlen(path) - strlen(".db")), path);
    return to;
}

// ---- Reading

struct reading {
    const char *path;
    struct store *store;
    json_t *meetings; // by id, as they came to be
    uint32_t events[EVENT_COUNT];
};

static bool count_event(void *context, const struct event *event)
{
    struct reading *reading = context;
    reading->events[event->type]++;
    return true;
}

static bool read_meeting(void *context, const char *meeting, uint64_t last_seq)
{
    struct reading *reading = context;
    struct meeting_state *state = calloc(1, sizeof(*state));
    if (state == NULL) {
        failed(reading->path, "no memory");
    }
    must(replay_meeting(reading->store, meeting, state), reading->path);
    must(journal_read(reading->store, meeting, 0, count_event, reading), reading->path);
    if (state->seq != last_seq) {
        failed(reading->path, "events are missing");
    }
    (void)json_object_set_new(reading->meetings, meeting, meeting_encode(&state->meeting));
    free(state);
    return true;
}

static void read_meetings(struct reading *reading)
{
    reading->meetings = json_object();
    must(journal_meetings(reading->store, read_meeting, reading), reading->path);
    if (json_object_size(reading->meetings) == 0) {
        failed(reading->path, "there is no meeting in it");
    }
}

// ---- Comparing

static void compare(const struct reading *reading)
{
    json_t *wanted = json_load_file(state_path(reading->path), JSON_REJECT_DUPLICATES, NULL);
    if (wanted == NULL) {
        failed(state_path(reading->path), "cannot be read");
    }
    if (!story_still_shows(reading->meetings, wanted)) {
        json_dumpf(reading->meetings, stderr, JSON_SORT_KEYS | JSON_INDENT(1));
        failed(reading->path, "it comes to another state than it came to then");
    }
    json_decref(wanted);
}

static void keep(const struct reading *reading)
{
    const char *path = state_path(reading->path);
    if (json_dump_file(reading->meetings, path, JSON_SORT_KEYS | JSON_INDENT(1)) != 0) {
        failed(path, "cannot be written");
    }
}

// On a copy: opening brings the tables up to date.
static void replay(struct reading *reading, void (*then)(const struct reading *reading))
{
    struct folder folder;
    folder_init(&folder);
    copy_file(reading->path, folder.file);
    must(store_open(folder.file, &reading->store), reading->path);
    read_meetings(reading);
    then(reading);
    json_decref(reading->meetings);
    store_close(reading->store);
    folder_finish(&folder);
}

static int retell(const char *path)
{
    static struct reading reading;
    reading.path = path;
    replay(&reading, keep);
    return 0;
}

static int replay_all(const char *path)
{
    static struct reading reading;
    char pattern[STORE_PATH_MAX + 1];
    glob_t found;
    int missing = 0;
    snprintf(pattern, sizeof(pattern), "%s/*.db", path);
    if (glob(pattern, 0, NULL, &found) != 0) {
        failed(pattern, "there is no golden journal");
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        reading.path = found.gl_pathv[i];
        replay(&reading, compare);
    }
    globfree(&found);
    for (int type = 0; type < EVENT_COUNT; type++) {
        if (reading.events[type] == 0) {
            fprintf(stderr, "%s: no golden journal has an event of this kind\n",
                    event_name((enum event_type)type));
            missing++;
        }
    }
    if (missing > 0) {
        fprintf(stderr, "Add a journal that has: see %s/README.md\n", path);
    }
    return missing > 0 ? 1 : 0;
}

// ---- Writing

static void append_line(struct store *store, const json_t *line, const char *meeting,
                        const char *path)
{
    static struct event event;
    uint64_t ticket = 0;
    const char *why = story_read_event(line, &event);
    if (why != NULL) {
        failed(path, why);
    }
    must(journal_append(store, meeting, &event, 1, &ticket), path);
    must(journal_flush(store), path);
}

// The meeting is called as the story: "…/001-a.jsonl" → "001-a".
static void story_name(const char *path, char name[CONTRACT_ID_MAX + 1])
{
    const char *slash = strrchr(path, '/');
    const char *begin = slash != NULL ? slash + 1 : path;
    must(text_copy_n(name, CONTRACT_ID_MAX + 1, begin, strcspn(begin, ".")), path);
}

static void append_story(struct store *store, const char *path)
{
    char *text = NULL;
    size_t room = 0;
    char meeting[CONTRACT_ID_MAX + 1];
    story_name(path, meeting);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        failed(path, "cannot be opened");
    }
    while (getline(&text, &room, file) > 0) {
        json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        if (json_object_get(line, "type") != NULL) {
            append_line(store, line, meeting, path);
        }
        json_decref(line);
    }
    free(text);
    fclose(file);
}

// A backup is one small file, and what an operator brings along from years ago.
static int write_journal(const char *path, char **stories, int count)
{
    struct folder folder;
    struct store *store = NULL;
    folder_init(&folder);
    must(store_open(folder.file, &store), folder.file);
    for (int i = 0; i < count; i++) {
        append_story(store, stories[i]);
    }
    int empty = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    must(empty >= 0 ? ERR_NONE : ERR_IO, path);
    (void)close(empty);
    must(store_copy(folder.file, path), path);
    store_close(store);
    folder_finish(&folder);
    return retell(path);
}

int main(int argc, char **argv)
{
    if (argc == 3 && text_equal(argv[1], "--replay")) {
        return replay_all(argv[2]);
    }
    if (argc > 3 && text_equal(argv[1], "--write")) {
        return write_journal(argv[2], argv + 3, argc - 3);
    }
    if (argc == 3 && text_equal(argv[1], "--retell")) {
        return retell(argv[2]);
    }
    fputs(
        "sim_journal --write FILE STORY...\nsim_journal --replay FOLDER\n"
        "sim_journal --retell FILE\n",
        stderr);
    return 2;
}
