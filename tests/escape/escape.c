// escape media|control DATA PID…: takes on the walls of that face, by the function that the face
// itself calls, and then tries to get out. A line for each attempt: "refused NAME: why", or
// "ESCAPED NAME". Exits with 0 when nothing got through, 1 when something did, 3 when the walls
// could not be built.
//
// escape free DATA PID…: without any walls, what then gets through.
// escape … old-calls: the last attempt alone, of which there is no coming back.
#include "escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include "base/text.h"
#include "server/confinement.h"

int outcome(long answer)
{
    return answer >= 0 ? 0 : errno;
}

int closed(long answer)
{
    return answer < 0 && errno == EPERM ? EPERM : 0;
}

// What a face has before its walls stand: it must not be of use afterwards.
static void prepare(struct prey *prey)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    prey->udp = socket(AF_INET, SOCK_DGRAM, 0);
    prey->pages = memfd_create("pages", 0);
    if (prey->udp < 0 || bind(prey->udp, (struct sockaddr *)&own, sizeof(own)) != 0 ||
        prey->pages < 0 || ftruncate(prey->pages, 4096) != 0) {
        perror("escape");
        exit(2);
    }
    prey->page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, prey->pages, 0);
}

static unsigned try_all(const struct attempt *attempts, size_t count, const struct prey *prey,
                        unsigned face)
{
    unsigned escaped = 0;
    for (size_t i = 0; i < count; i++) {
        if ((attempts[i].faces & face) == 0) {
            continue;
        }
        int stopped = attempts[i].run(prey);
        escaped += stopped == 0 ? 1 : 0;
        printf(stopped == 0 ? "ESCAPED %s\n" : "refused %s: %s\n", attempts[i].name,
               strerror(stopped));
    }
    return escaped;
}

// The entrance for 32-bit programs has other numbers for its calls: 20 is getpid.
static void old_call(void)
{
#ifdef __x86_64__
    long answer = 20;
    __asm__ volatile("int $0x80" : "+a"(answer) : : "memory");
    printf("ESCAPED old-calls: %ld\n", answer);
#endif
}

int main(int argc, char **argv)
{
    struct prey prey = {0};
    struct config config;
    if (argc < 4) {
        return 2;
    }
    bool media = text_equal(argv[1], "media");
    prey.data = argv[2];
    for (int i = 3; i < argc && prey.others_count < 4; i++) {
        if (!text_equal(argv[i], "old-calls")) {
            prey.others[prey.others_count++] = (pid_t)strtol(argv[i], NULL, 10);
        }
    }
    prepare(&prey);
    config_default(&config);
    bool free = text_equal(argv[1], "free");
    if (chdir(prey.data) != 0 ||
        (free && config_set(&config, "server.confinement", "off") != ERR_NONE) ||
        (media ? confinement_media(&config) : confinement_control(&config)) != ERR_NONE) {
        return 3;
    }
    if (text_equal(argv[argc - 1], "old-calls")) {
        old_call();
        return 1;
    }
    unsigned face = free ? ESCAPE_FREE : media ? ESCAPE_MEDIA : ESCAPE_CONTROL;
    unsigned escaped = try_all(attempts_files, attempts_files_count, &prey, face);
    escaped += try_all(attempts_others, attempts_others_count, &prey, face);
    escaped += try_all(attempts_calls, attempts_calls_count, &prey, face);
    (void)fflush(stdout);
    return escaped == 0 ? 0 : 1;
}
