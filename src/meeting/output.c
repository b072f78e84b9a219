// The outputs of a desk. A feeds the booth's own language. B and C feed one of the languages that
// the booth is allowed to work into: the desk's choice, else the booth's.
#include "meeting/state.h"

enum output output_chosen(const struct desk *desk)
{
    return desk->output == OUTPUT_NONE ? OUTPUT_A : desk->output;
}

bool output_is_allowed(const struct booth *booth, enum language language)
{
    for (uint32_t i = 0; i < booth->setting.allowed_count; i++) {
        if (booth->setting.allowed[i].language == language) {
            return true;
        }
    }
    return false;
}

bool output_may_feed(const struct booth *booth, enum output output, enum language language)
{
    return output == OUTPUT_A ? language == booth->language : output_is_allowed(booth, language);
}

enum language output_target(const struct booth *booth, const struct desk *desk, enum output output)
{
    if (output == OUTPUT_A) {
        return booth->language;
    }
    const struct booth_setting *setting = &booth->setting;
    enum language own = output == OUTPUT_B ? desk->language_b : desk->language_c;
    enum language language = own != LANGUAGE_NONE ? own
                             : output == OUTPUT_B ? setting->output_b
                                                  : setting->output_c;
    return output_is_allowed(booth, language) ? language : LANGUAGE_NONE;
}
