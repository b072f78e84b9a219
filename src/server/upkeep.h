// What whoever runs the server has to look after (contract: upkeep): the last backup, and the
// certificate, of which a renewed one is taken up while the server runs. Control thread only.
//
// The certificate's files are looked at every second. When they are others than those in use,
// and were the same for one look more (who renews writes two files), they are loaded: whoever comes
// from then on gets the new one, and connections that are there stay as they are. What cannot be
// used is refused once, in the log, and the one before goes on. A local one is made anew a month
// before it ends.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "http/http.h"
#include "server/certificate_files.h"
#include "server/config.h"
#include "store/store.h"

// Which files they are: any of it changes when one is replaced or written.
struct certificate_stamp {
    uint64_t inode[2]; // certificate, key; 0: not there
    int64_t size[2];
    int64_t written_ns[2];
};

struct certificate_watch {
    bool wanted; // there is TLS
    struct certificate_stamp used;
    struct certificate_stamp seen; // by the last look
    time_us look_at;
    time_ms expires_at;
    bool is_local;
    bool refused;
    uint64_t renewed;
};

// What is used from the start on; call before it is read.
void certificate_watch_begin(struct certificate_watch *watch, const struct config *config);
void certificate_watch_uses(struct certificate_watch *watch, const struct config *config,
                            const struct certificate_files *files);
void certificate_watch_look(struct certificate_watch *watch, const struct config *config,
                            struct http *http, time_us now, time_ms wall);

// ERR_MALFORMED or an error of the store: the note of the last backup cannot be read.
enum err CHECKED upkeep_find(struct store *store, const struct certificate_watch *watch,
                             struct upkeep *ret_upkeep);
