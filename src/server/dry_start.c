#include "server/dry_start.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/replay.h"
#include "base/text.h"
#include "link/link.h"
#include "server/certificate_files.h"
#include "server/config.h"
#include "server/inheritance.h"
#include "server/takeover_facts.h"
#include "server/web_root.h"
#include "store/journal.h"
#include "store/store.h"

#define NICENESS 10 // a meeting may be running

struct dry_start {
    struct config config;
    struct takeover_facts facts;
    struct store *store;
    struct meeting_state *state;
    int64_t meetings_left; // of those that control would read at its start
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct dry_start *start,
                                                         const char *format, ...)
{
    va_list arguments;
    if (start->facts.refusal[0] == '\0') {
        va_start(arguments, format);
        (void)!vsnprintf(start->facts.refusal, sizeof(start->facts.refusal), format, arguments);
        va_end(arguments);
    }
    return false;
}

static bool try_config(struct dry_start *start)
{
    char problem[400] = "";
    struct certificate_files files = {0};
    config_default(&start->config);
    if (config_read_environment(&start->config, problem, sizeof(problem)) != ERR_NONE ||
        web_root_check(&start->config, problem, sizeof(problem)) != ERR_NONE) {
        return refuse(start, "%s", problem);
    }
    if (chdir(start->config.data) != 0) {
        return refuse(start, "%s: %s", start->config.data, strerror(errno));
    }
    // A local one is made where it is missing: that is for the start.
    if (start->config.certificate[0] != '\0' && config_tls_wanted(&start->config)) {
        enum err err = certificate_files_load(&start->config, time_wall_ms(), &files);
        certificate_files_finish(&files);
        return err == ERR_NONE ||
               refuse(start, "the certificate cannot be used: %s", err_slug(err));
    }
    return true;
}

static bool try_tables(struct dry_start *start)
{
    int64_t tables = 0;
    char newer[STORE_NEWER_WORDS_MAX + 1];
    enum err err = store_version_of(STORE_FILE_NAME, &tables);
    if (err != ERR_NONE) {
        return refuse(start, "the database cannot be read: %s", err_slug(err));
    }
    start->facts.tables = (uint32_t)tables;
    return !store_is_newer(STORE_FILE_NAME, newer) || refuse(start, "%s", newer);
}

static bool try_meeting(void *context, const char *meeting, uint64_t last_seq)
{
    struct dry_start *start = context;
    struct replay_fault fault;
    (void)last_seq;
    if (start->meetings_left-- <= 0) {
        return false;
    }
    enum err err = replay_try(start->store, meeting, start->state, &fault);
    if (err == ERR_SET_ASIDE) {
        start->facts.unreadable++;
        (void)refuse(start, "it cannot read the journal of meeting %s, event %llu: %s", meeting,
                     (unsigned long long)fault.seq, fault.reason);
        return true;
    }
    return err == ERR_NONE ||
           refuse(start, "it cannot read the journal of meeting %s: %s", meeting, err_slug(err));
}

// Those that it would begin with, when their tables are as it knows them.
static bool try_meetings(struct dry_start *start)
{
    if (start->facts.tables != start->facts.makes) {
        return true;
    }
    start->meetings_left = start->config.meetings_max;
    start->state = calloc(1, sizeof(*start->state));
    enum err err = start->state != NULL ? store_open_reader(STORE_FILE_NAME, &start->store)
                                        : ERR_FULL;
    if (err == ERR_NONE) {
        err = journal_meetings(start->store, try_meeting, start);
    }
    store_close(start->store);
    free(start->state);
    return err == ERR_NONE ? start->facts.refusal[0] == '\0'
                           : refuse(start, "the journals cannot be read: %s", err_slug(err));
}

int dry_start_run(void)
{
    static struct dry_start start;
    char text[TAKEOVER_FACTS_MAX];
    (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    text_copy_cut(start.facts.version, sizeof(start.facts.version), PLENARY_VERSION);
    inheritance_layout(start.facts.layout);
    start.facts.link = LINK_VERSION;
    start.facts.makes = (uint32_t)store_version();
    start.facts.ready = try_config(&start) && try_tables(&start) && try_meetings(&start);
    for (char *at = start.facts.refusal; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at; // a line is a fact
    }
    if (takeover_facts_write(&start.facts, text, sizeof(text)) != ERR_NONE ||
        fputs(text, stdout) < 0 || fflush(stdout) != 0) {
        return EXIT_FAILURE;
    }
    return start.facts.ready ? EXIT_SUCCESS : EXIT_FAILURE;
}
