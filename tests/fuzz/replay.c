// Runs a fuzz target on every file of the folders given, and on every beginning of the short ones.
// Fails when there is no file.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define INPUT_MAX    (1u << 20) // bytes; longer files are cut
#define SHORT_MAX    512u       // bytes: of these files every beginning is run
#define PATH_MAXIMUM 1024

static uint8_t input[INPUT_MAX];

// In memory of exactly its size, so that the address sanitizer sees a read beyond the end.
static void run(size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    ASSERT(exact != NULL);
    memcpy(exact, input, size);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    ASSERT(file != NULL);
    size_t size = fread(input, 1, sizeof(input), file);
    fclose(file);
    run(size);
    for (size_t beginning = 0; size <= SHORT_MAX && beginning < size; beginning++) {
        run(beginning);
    }
}

static unsigned run_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        fprintf(stderr, "%s: there is no such folder\n", folder);
        return 0;
    }
    unsigned files = 0;
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char path[PATH_MAXIMUM];
        struct stat about;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
            run_file(path);
            files++;
        }
    }
    closedir(entries);
    return files;
}

int main(int count, char **folders)
{
    int status = count > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
    for (int i = 1; i < count; i++) {
        unsigned files = run_folder(folders[i]);
        printf("%s: %u inputs\n", folders[i], files);
        status = files > 0 ? status : EXIT_FAILURE;
    }
    return status;
}
