#include "media/variant_choice.h"

#define LEVELS 4

// Permille of loss above which a level begins, and below which it is quiet enough to leave it.
static const uint32_t begins[LEVELS] = {0, 10, 30, 100};
static const uint32_t leaves[LEVELS] = {0, 5, 20, 70};

void variant_choice_init(struct variant_choice *choice, const struct variant_abilities *abilities,
                         enum link_variant listen_only_wish)
{
    *choice = (struct variant_choice){
        .abilities = *abilities,
        .wish = LINK_VARIANT_AUTO,
        .listen_only_wish = listen_only_wish,
    };
}

void variant_choice_wish(struct variant_choice *choice, enum link_variant wish)
{
    choice->wish = wish;
}

void variant_choice_report(struct variant_choice *choice, uint32_t expected, uint32_t lost)
{
    choice->expected += expected;
    choice->lost += lost;
    if (choice->expected < VARIANT_CHOICE_PACKETS_MIN) {
        return;
    }
    uint32_t permille = (uint32_t)((uint64_t)choice->lost * 1000 / choice->expected);
    choice->expected = 0;
    choice->lost = 0;
    uint8_t level = 0;
    for (uint8_t i = 1; i < LEVELS; i++) {
        // Exactly 1 % is no longer below it; 3 and 10 % must be exceeded.
        level = permille > begins[i] || (i == 1 && permille == begins[i]) ? i : level;
    }
    if (level > choice->loss_level) {
        choice->loss_level = level;
        choice->quiet_reports = 0;
    } else if (level < choice->loss_level && permille < leaves[choice->loss_level]) {
        choice->quiet_reports++;
        if (choice->quiet_reports == VARIANT_CHOICE_QUIET_REPORTS) {
            choice->loss_level--;
            choice->quiet_reports = 0;
        }
    } else {
        choice->quiet_reports = 0;
    }
}

static enum variant redundant(const struct variant_choice *choice, uint8_t level)
{
    if (!choice->abilities.red || level < 2) {
        return VARIANT_PLAIN;
    }
    return level == 2 ? VARIANT_RED1 : VARIANT_RED2;
}

enum variant variant_choice_now(const struct variant_choice *choice)
{
    enum link_variant wish = choice->wish;
    if (wish == LINK_VARIANT_AUTO && choice->abilities.listen_only) {
        wish = choice->listen_only_wish;
    }
    uint8_t level = choice->loss_level;
    switch (wish) {
    case LINK_VARIANT_PLAIN: return VARIANT_PLAIN;
    case LINK_VARIANT_LONG:
        if (level == 0 && choice->abilities.listen_only && choice->abilities.long_packets) {
            return VARIANT_LONG;
        }
        break;
    case LINK_VARIANT_RED1: return redundant(choice, level < 2 ? 2 : level);
    case LINK_VARIANT_RED2: return redundant(choice, LEVELS - 1);
    case LINK_VARIANT_AUTO:
    case LINK_VARIANT_END: break;
    }
    return redundant(choice, level);
}
