#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void folder_init(struct folder *folder)
{
    snprintf(folder->path, sizeof folder->path, "/tmp/plenary-store-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->file, sizeof folder->file, "%s/plenary.db", folder->path);
}

void folder_finish(struct folder *folder)
{
    DIR *directory = opendir(folder->path);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        (void)unlinkat(dirfd(directory), entry->d_name, 0);
    }
    closedir(directory);
    rmdir(folder->path);
}

const char *folder_file(const struct folder *folder, const char *name)
{
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return path;
}

struct event event_number(uint64_t seq)
{
    struct event event;
    memset(&event, 0, sizeof event);
    event.seq = seq;
    event.at = (time_ms)(1700000000000 + seq * 1000);
    if (seq == 1) {
        event.type = EVENT_MEETING_CREATED;
        event.as.meeting_created.floor_microphones_max = 2;
        snprintf(event.as.meeting_created.title[0], 32, "المجلس");
        snprintf(event.as.meeting_created.title[3], 32, "Le Conseil \"2020\"");
    } else {
        event.type = EVENT_LIST_CHANGED;
        snprintf(event.by, sizeof event.by, "chair-%d", (int)(seq % 7));
        event.on_behalf_of_chair = seq % 3 == 0;
        event.as.list_changed.state = seq % 2 == 0 ? LIST_STATE_CLOSED : LIST_STATE_OPEN;
    }
    return event;
}

uint64_t append_range(struct store *store, const char *meeting, uint64_t first, uint64_t last)
{
    static struct event events[64];
    uint64_t ticket = 0;
    assert_true(last - first < 64);
    for (uint64_t seq = first; seq <= last; seq++) {
        events[seq - first] = event_number(seq);
    }
    assert_int_equal(journal_append(store, meeting, events, (uint32_t)(last - first + 1), &ticket),
                     ERR_NONE);
    return ticket;
}

enum err wait_committed(struct store *store, uint64_t ticket)
{
    struct pollfd news = {.fd = store_event_fd(store), .events = POLLIN};
    for (;;) {
        uint64_t committed = 0;
        enum err err = journal_committed(store, &committed);
        if (err != ERR_NONE || committed >= ticket) {
            return err;
        }
        assert_true(poll(&news, 1, 30000) == 1);
    }
}

void copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        unlink(to);
        return;
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct stat status;
    assert_true(out >= 0 && fstat(in, &status) == 0);
    off_t offset = 0;
    while (offset < status.st_size) {
        assert_true(sendfile(out, in, &offset, (size_t)(status.st_size - offset)) > 0);
    }
    close(in);
    close(out);
}
