// Numbers of RFC 8489 and RFC 8445 shared by the reader and the writer of STUN messages. Internal
// to wire/.
#pragma once

#define STUN_COOKIE           0x2112a442u
#define STUN_FINGERPRINT_MASK 0x5354554eu
#define STUN_HEADER_SIZE      20
#define STUN_FAMILY_IPV4      1
#define STUN_FAMILY_IPV6      2
#define STUN_OPTIONAL_FIRST   0x8000 // attributes from here on may be ignored

#define STUN_ATTRIBUTE_USERNAME           0x0006
#define STUN_ATTRIBUTE_INTEGRITY          0x0008
#define STUN_ATTRIBUTE_ERROR_CODE         0x0009
#define STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES 0x000a
#define STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS 0x0020
#define STUN_ATTRIBUTE_PRIORITY           0x0024
#define STUN_ATTRIBUTE_USE_CANDIDATE      0x0025
#define STUN_ATTRIBUTE_FINGERPRINT        0x8028
#define STUN_ATTRIBUTE_ICE_CONTROLLED     0x8029
#define STUN_ATTRIBUTE_ICE_CONTROLLING    0x802a
