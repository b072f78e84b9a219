// The four keys of a desk that carry a channel. Until one is stored they begin with the pivots of the booth: the languages that other booths
// work into by their outputs B and C, which it will take its relay from.
import type { Booth, ChannelId, Meeting } from '../contract/generated.ts';
import { type Place, type Spoken, spoken } from './desk.ts';

// After the pivots, as most rooms need them.
const OTHERWISE: readonly Spoken[] = ['en', 'fr', 'es', 'ru', 'zh', 'ar'];

/** The languages that a booth may take relay from, the likeliest first; never its own. */
export function pivotsOf(now: Meeting, booth: Booth): Spoken[] {
    const others = now.booths.filter((one) => one.language !== booth.language);
    const workInto = (language: Spoken): number =>
        others.filter((one) => one.setting.allowed.some((into) => into.language === language)).length;
    return OTHERWISE.filter((one) => one !== spoken(booth.language)).sort(
        (one, other) => workInto(other) - workInto(one),
    );
}

/** What the four keys carry. The floor on all of them, which has a key of its own, is what a desk begins with: nobody has stored anything. */
export function preselectsOf(now: Meeting, { booth, desk }: Place): ChannelId[] {
    const stored = desk.preselects.map((one) => one.channel);
    return stored.some((one) => one !== 'floor') ? stored : pivotsOf(now, booth).slice(0, stored.length);
}
