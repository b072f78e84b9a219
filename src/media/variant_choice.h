// Which form of a channel's sound a listener gets: by its wish and by the loss it reports. A pure
// machine, one per audio slot. Towards more protection at once; back only after several quiet
// reports, so that a line at a threshold does not go to and fro.
//
//   loss        < 1 %   1-3 %   > 3 %   > 10 %
//   auto        plain   plain   RED-1   RED-2     (RED where negotiated, else plain)
//   long        60 ms   plain   RED-1   RED-2     (60 ms for listen-only peers alone)
//   plain       plain, always
//   red1        RED-1   RED-1   RED-1   RED-2
//   red2        RED-2, always
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "link/link.h"
#include "media/variant.h"

#define VARIANT_CHOICE_PACKETS_MIN   20 // reports about fewer are added up
#define VARIANT_CHOICE_QUIET_REPORTS 3  // before it goes back a step

// What was negotiated; does not change.
struct variant_abilities {
    bool listen_only;  // the peer has no section to send
    bool long_packets; // the peer takes packets of 60 ms
    bool red;
};

struct variant_choice {
    struct variant_abilities abilities;
    enum link_variant wish;
    enum link_variant listen_only_wish; // the operator's, where the wish is auto
    uint8_t loss_level;                 // 0: below 1 %, 1: to 3 %, 2: to 10 %, 3: above
    uint8_t quiet_reports;
    uint32_t expected; // since the last report that was judged
    uint32_t lost;
};

void variant_choice_init(struct variant_choice *choice, const struct variant_abilities *abilities,
                         enum link_variant listen_only_wish);
void variant_choice_wish(struct variant_choice *choice, enum link_variant wish);
// What the listener reported since its last report; `lost` is at most `expected`.
void variant_choice_report(struct variant_choice *choice, uint32_t expected, uint32_t lost);
enum variant variant_choice_now(const struct variant_choice *choice);
