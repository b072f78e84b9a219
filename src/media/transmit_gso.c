// Runs of datagrams for one destination as one message with UDP_SEGMENT: the kernel's way through
// routing and filters is walked once a run. All segments are of one length but the last, which may
// be shorter.
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

#include "base/log.h"
#include "media/transmit_priv.h"

#define RUN_MAX    16 // datagrams; far below what the kernel allows
#define TABLE_SIZE 256
#define NONE       UINT16_MAX

struct run {
    const struct transmit_destination *destination;
    size_t segment;
    uint16_t first; // place in the batch
    uint16_t last;
    uint16_t count;
    bool open;
};

struct plan {
    unsigned count;
    struct run runs[TRANSMIT_BATCH];
    uint16_t next[TRANSMIT_BATCH]; // of the same run
    uint16_t table[TABLE_SIZE];    // by destination: the newest run
    struct iovec vectors[TRANSMIT_BATCH];
    struct mmsghdr messages[TRANSMIT_BATCH];
    _Alignas(
        8) uint8_t control[TRANSMIT_BATCH][TRANSMIT_CONTROL_SIZE + CMSG_SPACE(sizeof(uint16_t))];
};

static unsigned hash(const struct transmit_destination *destination)
{
    return (unsigned)((uintptr_t)destination / sizeof(*destination)) % TABLE_SIZE;
}

static void place_add(struct plan *plan, const struct transmit *transmit, uint16_t place)
{
    const struct transmit_destination *destination = transmit->destinations[place];
    size_t size = transmit->vectors[place].iov_len;
    uint16_t *newest = &plan->table[hash(destination)];
    struct run *run = *newest == NONE ? NULL : &plan->runs[*newest];
    plan->next[place] = NONE;
    if (run != NULL && run->open && run->destination == destination && size <= run->segment) {
        plan->next[run->last] = place;
        run->last = place;
        run->count++;
        run->open = size == run->segment && run->count < RUN_MAX;
        return;
    }
    *newest = (uint16_t)plan->count;
    plan->runs[plan->count++] = (struct run){
        .destination = destination,
        .segment = size,
        .first = place,
        .last = place,
        .count = 1,
        .open = size >= TRANSMIT_GSO_LEAST,
    };
}

// The message of a run; `at` is its first vector.
static struct mmsghdr run_message(struct plan *plan, const struct transmit *transmit,
                                  unsigned number, unsigned at)
{
    const struct run *run = &plan->runs[number];
    struct mmsghdr message = transmit->messages[run->first];
    uint16_t place = run->first;
    for (unsigned i = 0; i < run->count; i++) {
        plan->vectors[at + i] = transmit->vectors[place];
        place = plan->next[place];
    }
    message.msg_hdr.msg_iov = &plan->vectors[at];
    message.msg_hdr.msg_iovlen = run->count;
    if (run->count > 1) {
        uint16_t segment = (uint16_t)run->segment;
        uint8_t *control = plan->control[number];
        struct cmsghdr header = {
            .cmsg_len = CMSG_LEN(sizeof(segment)),
            .cmsg_level = SOL_UDP,
            .cmsg_type = UDP_SEGMENT,
        };
        memcpy(control, run->destination->control, run->destination->control_size);
        memcpy(control + run->destination->control_size, &header, sizeof(header));
        memcpy(control + run->destination->control_size + CMSG_LEN(0), &segment, sizeof(segment));
        message.msg_hdr.msg_control = control;
        message.msg_hdr.msg_controllen = run->destination->control_size +
                                         CMSG_SPACE(sizeof(segment));
    }
    return message;
}

// The places of the runs from `number` on, one by one.
static void runs_each(struct transmit *transmit, struct plan *plan, unsigned number)
{
    unsigned count = 0;
    for (; number < plan->count; number++) {
        for (uint16_t place = plan->runs[number].first; place != NONE; place = plan->next[place]) {
            plan->messages[count++] = transmit->messages[place];
        }
    }
    transmit_each(transmit, plan->messages, count);
}

static unsigned datagrams_of(const struct plan *plan, unsigned from, unsigned to, bool only_runs)
{
    unsigned count = 0;
    for (; from < to; from++) {
        count += only_runs && plan->runs[from].count == 1 ? 0 : plan->runs[from].count;
    }
    return count;
}

static void runs_send(struct transmit *transmit, struct plan *plan)
{
    unsigned done = 0;
    while (done < plan->count) {
        int error = 0;
        unsigned sent = transmit_messages(transmit, plan->messages + done, plan->count - done,
                                          &error);
        counter_add(&transmit->counters->transmit_gso_total,
                    datagrams_of(plan, done, done + sent, true));
        done += sent;
        if (error == EAGAIN) {
            counter_add(&transmit->counters->send_dropped_total,
                        datagrams_of(plan, done, plan->count, false));
            return;
        }
        if (error != 0 && plan->runs[done].count > 1) {
            // Too long for the device, or it cannot compute checksums: for good, whatever the
            // reason.
            transmit->gso = error != EINVAL && error != EIO && error != EOPNOTSUPP;
            if (!transmit->gso) {
                log_event(LOG_INFO, "media.transmit_no_gso", LOG_TEXT("reason", strerror(error)));
            }
            runs_each(transmit, plan, done);
            return;
        }
        if (error != 0) {
            counter_add(&transmit->counters->send_failed_total, 1);
            done++;
        }
    }
}

void transmit_gso(struct transmit *transmit)
{
    struct plan plan;
    unsigned at = 0;
    plan.count = 0;
    memset(plan.table, 0xff, sizeof(plan.table));
    for (unsigned place = 0; place < transmit->committed; place++) {
        place_add(&plan, transmit, (uint16_t)place);
    }
    for (unsigned number = 0; number < plan.count; number++) {
        plan.messages[number] = run_message(&plan, transmit, number, at);
        at += plan.runs[number].count;
    }
    runs_send(transmit, &plan);
}
