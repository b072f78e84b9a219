#include "place.h"

#include "../test.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];

int place_enter(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/plenary-place-XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

int place_leave(void **state)
{
    (void)state;
    return chdir("/") == 0 ? nftw(folder, remove_one, 16, FTW_PHYS | FTW_DEPTH) : -1;
}

void place_put(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}
