// The sockets of the two ports and of the link, opened once by the supervisor and inherited by the
// processes it starts: a process that dies takes no port with it, and what arrives meanwhile waits
// in the kernel.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "server/config.h"

#define SOCKETS_THREADS_MAX    32
#define SOCKETS_CANDIDATES_MAX 8
#define SOCKETS_ADDRESS_MAX    46
#define SOCKETS_LINK_PATH      "link.sock" // within the data folder, which is the working directory

struct sockets {
    int listen_fd;
    int link_fd;
    int udp_fds[SOCKETS_THREADS_MAX];
    uint32_t udp_count;
    int ready_read_fd;  // supervisor: what control has to say (sockets_next_news)
    int ready_write_fd; // control
};

// `ret_problem` says in words what could not be opened. Descriptors are inheritable.
enum err CHECKED sockets_open(const struct config *config, struct sockets *ret_sockets,
                              char *ret_problem, size_t problem_size);
void sockets_close(struct sockets *sockets);
// In a process that is about to become media, or control: what it is for outlives exec, what the
// other alone is for does not.
enum err CHECKED sockets_keep(const struct sockets *sockets, bool for_media);
// Through the pipe of which control has the writing end, one byte for each thing it has to say.
// 0 when it has said nothing.
#define SOCKETS_NEWS_READY      'r' // it can do its work, once
#define SOCKETS_NEWS_MEDIA_IDLE 'm' // nobody needs media, which waits to be replaced
char sockets_next_news(const struct sockets *sockets);
// What a control process that is gone has said.
void sockets_forget_news(const struct sockets *sockets);
// Through the environment variable PLENARY_DESCRIPTORS.
enum err CHECKED sockets_to_environment(const struct sockets *sockets);
enum err CHECKED sockets_from_environment(struct sockets *ret_sockets);

// What http.listen comes to.
const char *sockets_listen_address(const struct config *config);
// The addresses announced to clients for media.
enum err CHECKED sockets_candidates(const struct config *config,
                                    char (*ret_addresses)[SOCKETS_ADDRESS_MAX],
                                    uint32_t addresses_max, uint32_t *ret_count);
// Media threads wished: the configuration's number, or the machine's cores.
uint32_t sockets_thread_count(const struct config *config);
