// The forms in which a channel's sound may reach a listener. Each form of a packet is made once for
// a channel, and only while somebody is in its group.
#pragma once

enum variant {
    VARIANT_PLAIN, // as the source sends it, usually 20 ms a packet
    VARIANT_LONG,  // packets of up to 60 ms: a third of the packets, 40 ms later
    VARIANT_RED1,  // each packet repeats the one before it (RFC 2198)
    VARIANT_RED2,  // the two before it
    VARIANT_COUNT,
};
