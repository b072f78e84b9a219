#include "faulty_vfs.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

struct faulty_file {
    sqlite3_file base;
    char path[256]; // empty for temporary files
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs faulty_vfs;
static _Atomic int64_t operations;
static _Atomic int64_t allowed = INT64_MAX;

static _Atomic enum faulty_kind fault;
static _Atomic int64_t fault_from;

void faulty_vfs_fail(enum faulty_kind kind, int64_t from)
{
    atomic_store(&fault_from, from);
    atomic_store(&fault, kind);
}

static bool has_reserve(const char *path)
{
    char reserve[300];
    snprintf(reserve, sizeof reserve, "%.*s/reserve",
             (int)(strrchr(path, '/') != NULL ? strrchr(path, '/') - path : 0), path);
    return access(reserve, F_OK) == 0;
}

static int failure_of(const struct faulty_file *file, bool sync)
{
    enum faulty_kind kind = atomic_load(&fault);
    if (atomic_load(&operations) < atomic_load(&fault_from) || (kind == FAULTY_SYNC) != sync) {
        return SQLITE_OK;
    }
    switch (kind) {
    case FAULTY_FULL: return SQLITE_FULL;
    case FAULTY_FULL_RESERVE: return has_reserve(file->path) ? SQLITE_FULL : SQLITE_OK;
    case FAULTY_WRITE: return SQLITE_IOERR_WRITE;
    case FAULTY_SYNC: return SQLITE_IOERR_FSYNC;
    case FAULTY_NOTHING:
    default: return SQLITE_OK;
    }
}

static bool operation_fails(void)
{
    return atomic_fetch_add(&operations, 1) >= atomic_load(&allowed);
}

static void keep_synced(const char *path)
{
    char kept[320];
    snprintf(kept, sizeof kept, "%s.synced", path);
    copy_file(path, kept);
}

static void put_back(const char *path)
{
    char kept[320];
    snprintf(kept, sizeof kept, "%s.synced", path);
    copy_file(kept, path);
}

void faulty_vfs_begin(const char *path)
{
    char log[300];
    snprintf(log, sizeof log, "%s-wal", path);
    keep_synced(path);
    keep_synced(log);
}

void faulty_vfs_forget_unsynced(const char *path, bool database, bool log)
{
    char other[300];
    snprintf(other, sizeof other, "%s-shm", path);
    unlink(other); // never survives
    snprintf(other, sizeof other, "%s-wal", path);
    if (database) {
        put_back(path);
    }
    if (log) {
        put_back(other);
    }
}

#define REAL(file) (((struct faulty_file *)(file))->real)

static int file_close(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}

static int file_read(sqlite3_file *file, void *to, int size, sqlite3_int64 offset)
{
    return REAL(file)->pMethods->xRead(REAL(file), to, size, offset);
}

static int file_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 offset)
{
    int failure = failure_of((struct faulty_file *)file, false);
    return operation_fails()      ? SQLITE_IOERR_WRITE
           : failure != SQLITE_OK ? failure
                                  : REAL(file)->pMethods->xWrite(REAL(file), from, size, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return operation_fails() ? SQLITE_IOERR_TRUNCATE
                             : REAL(file)->pMethods->xTruncate(REAL(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    int failure = failure_of((struct faulty_file *)file, true);
    if (operation_fails() || failure != SQLITE_OK) {
        return SQLITE_IOERR_FSYNC;
    }
    int result = REAL(file)->pMethods->xSync(REAL(file), flags);
    const char *path = ((struct faulty_file *)file)->path;
    if (result == SQLITE_OK && path[0] != '\0') {
        keep_synced(path);
    }
    return result;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), ret_size);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return REAL(file)->pMethods->xLock(REAL(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return REAL(file)->pMethods->xUnlock(REAL(file), lock);
}

static int file_check_lock(sqlite3_file *file, int *ret_locked)
{
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), ret_locked);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return REAL(file)->pMethods->xFileControl(REAL(file), operation, argument);
}

static int file_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int file_device(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int file_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_map)
{
    return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, ret_map);
}

static int file_map_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, count, flags);
}

static void file_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int file_unmap(sqlite3_file *file, int remove)
{
    return REAL(file)->pMethods->xShmUnmap(REAL(file), remove);
}

static const sqlite3_io_methods faulty_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_map,
    .xShmLock = file_map_lock,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    (void)vfs;
    struct faulty_file *faulty = (struct faulty_file *)file;
    *faulty = (struct faulty_file){.real = (sqlite3_file *)(faulty + 1)};
    snprintf(faulty->path, sizeof faulty->path, "%s", path != NULL ? path : "");
    int result = real_vfs->xOpen(real_vfs, path, faulty->real, flags, ret_flags);
    faulty->base.pMethods = faulty->real->pMethods != NULL ? &faulty_methods : NULL;
    return result;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    (void)vfs;
    return operation_fails() ? SQLITE_IOERR_DELETE : real_vfs->xDelete(real_vfs, path, sync);
}

void faulty_vfs_install(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    faulty_vfs = *real_vfs;
    faulty_vfs.zName = "faulty";
    faulty_vfs.pNext = NULL;
    faulty_vfs.szOsFile = (int)sizeof(struct faulty_file) + real_vfs->szOsFile;
    faulty_vfs.xOpen = vfs_open;
    faulty_vfs.xDelete = vfs_delete;
    assert_int_equal(sqlite3_vfs_register(&faulty_vfs, 1), SQLITE_OK);
}

void faulty_vfs_cut_after(int64_t count)
{
    atomic_store(&operations, 0);
    atomic_store(&allowed, count);
}

int64_t faulty_vfs_operations(void)
{
    return atomic_load(&operations);
}
