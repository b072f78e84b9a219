#include "server/media_face.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"
#include "media/media_process.h"
#include "server/confinement.h"
#include "server/sockets.h"
#include "server/vital_signs.h"

_Static_assert(SOCKETS_CANDIDATES_MAX <= SDP_CANDIDATES_MAX,
               "every candidate has a place in the answer");

static enum err confine(void *config)
{
    return confinement_media(config);
}

int media_face_run(const struct config *config)
{
    struct sockets sockets;
    struct config own = *config;
    struct vital_signs signs;
    struct media_config media;
    char addresses[SOCKETS_CANDIDATES_MAX][SOCKETS_ADDRESS_MAX];
    uint32_t count = 0;
    enum log_level level = LOG_INFO;
    (void)log_level_from_text(config->log_level, &level);
    log_setup("media", level);
    // Without a board nobody watches: another program may start it for measurements.
    enum err watched = vital_signs_take(FACE_MEDIA, &signs);
    if (sockets_from_environment(&sockets) != ERR_NONE ||
        (watched != ERR_NONE && watched != ERR_NOT_FOUND)) {
        fprintf(stderr, "plenary media: this is started by plenary serve\n");
        return EXIT_FAILURE;
    }
    if (sockets_candidates(config, addresses, SOCKETS_CANDIDATES_MAX, &count) != ERR_NONE) {
        log_event(LOG_ERROR, "media.no_address", LOG_TEXT("host", config->host));
        return EXIT_FAILURE;
    }
    media_config_init(&media);
    media.thread_count = sockets.udp_count < MAILBOX_THREADS_MAX ? sockets.udp_count
                                                                 : MAILBOX_THREADS_MAX;
    for (unsigned i = 0; i < media.thread_count; i++) {
        media.udp_fds[i] = sockets.udp_fds[i];
    }
    media.link_fd = sockets.link_fd;
    media.port = (uint16_t)config->media_port;
    media.candidate_count = count;
    for (uint32_t i = 0; i < count; i++) {
        media.candidates[i] = addresses[i];
    }
    media.peers_max = (uint32_t)config->peers_max;
    // A page has several slots, a listener at the door one: the rooms keep theirs beside them.
    media.slots_max += media.peers_max;
    if (!link_variant_from_text(config->listen_only_variant, &media.listen_only_variant)) {
        log_event(LOG_ERROR, "media.unknown_variant",
                  LOG_TEXT("listen_only_variant", config->listen_only_variant));
        return EXIT_FAILURE;
    }
    media.sound_without_picture = text_equal(config->sound_without_picture, "on");
    media.log_level = level;
    media.heartbeats = signs.boards[FACE_MEDIA];
    if (transmit_config_from_text(config->transmit, &media.transmit) != ERR_NONE) {
        log_event(LOG_ERROR, "media.unknown_transmit", LOG_TEXT("transmit", config->transmit));
        return EXIT_FAILURE;
    }
    media.confine = confine;
    media.confine_context = &own;
    return media_process_run(&media);
}
