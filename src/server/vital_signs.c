#include "server/vital_signs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "media/media_process.h"

#define ENVIRONMENT_NAME "PLENARY_VITAL_SIGNS"
#define RECORD_FD        FACE_COUNT

// One writer, the supervisor. A reader may see a slot while it is written anew: it then shows one
// replacement for another, until the next look.
struct replacement_record {
    _Atomic uint64_t totals[FACE_COUNT];
    _Atomic uint64_t count;
    _Atomic uint64_t takeovers;
    _Atomic uint64_t takeovers_refused;
    _Atomic uint32_t media_waits;
    struct {
        _Atomic int64_t at;
        _Atomic uint32_t face;
        _Atomic uint32_t cause;
    } slots[REPLACEMENTS_KEPT];
};

const char *face_name(enum face face)
{
    return face == FACE_MEDIA ? "media" : "control";
}

const char *face_part_name(enum face face, unsigned part)
{
    static const char *const media_parts[] = {"coordinator", "handshakes", "thread"};
    if (face == FACE_CONTROL) {
        return "loop";
    }
    return media_parts[part < MEDIA_PART_THREADS ? part : MEDIA_PART_THREADS];
}

uint64_t face_yielding_parts(enum face face)
{
    return face == FACE_MEDIA ? UINT64_C(1) << MEDIA_PART_HANDSHAKE : 0;
}

static size_t size_of(unsigned index)
{
    return index == RECORD_FD ? sizeof(struct replacement_record) : sizeof(struct heartbeat_board);
}

static void *map(int fd, unsigned index, bool writes)
{
    void *memory = mmap(NULL, size_of(index), writes ? PROT_READ | PROT_WRITE : PROT_READ,
                        MAP_SHARED, fd, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

// Sealed: a process that was taken over cannot make it smaller under the supervisor's eyes.
static int memory_make(unsigned index)
{
    int fd = memfd_create("plenary-vital-signs", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && (ftruncate(fd, (off_t)size_of(index)) != 0 ||
                    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void memory_give(struct vital_signs *signs, unsigned index, void *memory)
{
    if (index == RECORD_FD) {
        signs->record = memory;
    } else {
        signs->boards[index] = memory;
    }
}

enum err vital_signs_open(struct vital_signs *ret_signs)
{
    *ret_signs = (struct vital_signs){.fds = {-1, -1, -1}};
    for (unsigned i = 0; i <= RECORD_FD; i++) {
        ret_signs->fds[i] = memory_make(i);
        void *memory = ret_signs->fds[i] >= 0 ? map(ret_signs->fds[i], i, true) : NULL;
        if (memory == NULL) {
            vital_signs_close(ret_signs);
            return ERR_IO;
        }
        memory_give(ret_signs, i, memory);
    }
    return ERR_NONE;
}

enum err vital_signs_adopt(const int fds[FACE_COUNT + 1], struct vital_signs *ret_signs)
{
    *ret_signs = (struct vital_signs){.fds = {-1, -1, -1}};
    for (unsigned i = 0; i <= RECORD_FD; i++) {
        struct stat status;
        ret_signs->fds[i] = fds[i];
        bool fits = fstat(fds[i], &status) == 0 && status.st_size == (off_t)size_of(i);
        void *memory = fits ? map(fds[i], i, true) : NULL;
        if (memory == NULL) {
            vital_signs_close(ret_signs);
            return ERR_IO;
        }
        memory_give(ret_signs, i, memory);
    }
    return ERR_NONE;
}

void vital_signs_close(struct vital_signs *signs)
{
    for (unsigned i = 0; i <= RECORD_FD; i++) {
        void *memory = i == RECORD_FD ? (void *)signs->record : (void *)signs->boards[i];
        if (memory != NULL) {
            munmap(memory, size_of(i));
        }
        if (signs->fds[i] >= 0) {
            close(signs->fds[i]);
        }
    }
    *signs = (struct vital_signs){.fds = {-1, -1, -1}};
}

void vital_signs_wipe(struct vital_signs *signs, enum face face)
{
    for (unsigned part = 0; part < HEARTBEAT_PARTS_MAX; part++) {
        atomic_store(&signs->boards[face]->parts[part].beats, 0);
        atomic_store(&signs->boards[face]->parts[part].resting, 0);
        atomic_store(&signs->boards[face]->parts[part].thread, 0);
    }
}

// Whether it may have it at all, and whether it writes there.
static bool is_given(enum face face, unsigned index)
{
    return face == FACE_CONTROL || index == (unsigned)face;
}

enum err vital_signs_pass(const struct vital_signs *signs, enum face face)
{
    char value[64];
    struct text_builder text = text_builder(value, sizeof(value));
    for (unsigned i = 0; i <= RECORD_FD; i++) {
        bool given = is_given(face, i);
        if (given && fcntl(signs->fds[i], F_SETFD, 0) != 0) {
            return ERR_IO;
        }
        text_append_format(&text, "%s%d", i > 0 ? "," : "", given ? signs->fds[i] : 0);
    }
    return setenv(ENVIRONMENT_NAME, value, 1) == 0 ? ERR_NONE : ERR_FULL;
}

enum err vital_signs_take(enum face face, struct vital_signs *ret_signs)
{
    const char *value = getenv(ENVIRONMENT_NAME);
    *ret_signs = (struct vital_signs){.fds = {-1, -1, -1}};
    if (value == NULL) {
        return ERR_NOT_FOUND;
    }
    for (unsigned i = 0; i <= RECORD_FD; i++) {
        size_t length = strcspn(value, ",");
        unsigned long long fd = 0;
        if (text_to_u64(value, length, 65535, &fd) != ERR_NONE) {
            return ERR_MALFORMED;
        }
        value += length + (value[length] == ',');
        if (!is_given(face, i)) {
            continue;
        }
        void *memory = map((int)fd, i, i == (unsigned)face);
        close((int)fd);
        if (memory == NULL) {
            return ERR_IO;
        }
        memory_give(ret_signs, i, memory);
    }
    return ERR_NONE;
}

void vital_signs_replaced(struct vital_signs *signs, const struct replacement *replacement)
{
    struct replacement_record *record = signs->record;
    uint64_t count = atomic_load(&record->count);
    unsigned slot = count % REPLACEMENTS_KEPT;
    atomic_store(&record->slots[slot].at, replacement->at);
    atomic_store(&record->slots[slot].face, (uint32_t)replacement->face);
    atomic_store(&record->slots[slot].cause, (uint32_t)replacement->cause);
    atomic_fetch_add(&record->totals[replacement->face], 1);
    atomic_store(&record->count, count + 1);
}

uint64_t vital_signs_replacements(const struct vital_signs *signs,
                                  struct replacement ret_list[REPLACEMENTS_KEPT],
                                  uint32_t *ret_count)
{
    const struct replacement_record *record = signs->record;
    uint64_t count = record != NULL ? atomic_load(&record->count) : 0;
    *ret_count = count < REPLACEMENTS_KEPT ? (uint32_t)count : REPLACEMENTS_KEPT;
    for (uint32_t i = 0; i < *ret_count; i++) {
        unsigned slot = (count - 1 - i) % REPLACEMENTS_KEPT;
        ret_list[i] = (struct replacement){
            .face = atomic_load(&record->slots[slot].face) == FACE_MEDIA ? FACE_MEDIA
                                                                         : FACE_CONTROL,
            .cause = atomic_load(&record->slots[slot].cause) == ENDING_HUNG ? ENDING_HUNG
                                                                            : ENDING_DIED,
            .at = atomic_load(&record->slots[slot].at),
        };
    }
    return count;
}

void vital_signs_taken_over(struct vital_signs *signs, bool refused)
{
    atomic_fetch_add(refused ? &signs->record->takeovers_refused : &signs->record->takeovers, 1);
}

void vital_signs_media_waits(struct vital_signs *signs, bool waits)
{
    atomic_store(&signs->record->media_waits, waits ? 1 : 0);
}

size_t vital_signs_record_size(void)
{
    return sizeof(struct replacement_record);
}

struct takeover_signs vital_signs_takeovers(const struct vital_signs *signs)
{
    struct replacement_record *record = signs->record;
    return record == NULL
               ? (struct takeover_signs){0}
               : (struct takeover_signs){.done = atomic_load(&record->takeovers),
                                         .refused = atomic_load(&record->takeovers_refused),
                                         .media_waits = atomic_load(&record->media_waits) != 0};
}

uint64_t vital_signs_replacement_total(const struct vital_signs *signs, enum face face)
{
    return signs->record != NULL ? atomic_load(&signs->record->totals[face]) : 0;
}
