// What the elements say. Pure, so that tests can read every answer without a page.

import type { MessageKey } from '../i18n/index.ts';

export interface Words {
    key: MessageKey;
    values?: Record<string, string | number>;
}

// Tones are drawn as colour and always come with the words and an icon.
export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export type TimerTone = 'plain' | 'ending' | 'over';

// The timer warns for the last 30 seconds of the time allowed, then says that it is over.
export function timerTone(spokenMs: number, allowedMs: number): TimerTone {
    if (spokenMs >= allowedMs) {
        return 'over';
    }
    return spokenMs >= allowedMs - 30_000 ? 'ending' : 'plain';
}

// A level of sound in four words. Levels are 0 … 1 over 60 dB: nothing below -55 dBFS, quiet below -34, too loud above -4.
export function levelWords(level: number): MessageKey {
    if (level < 5 / 60) {
        return 'level.nothing';
    }
    if (level < 26 / 60) {
        return 'level.quiet';
    }
    return level > 56 / 60 ? 'level.loud' : 'level.good';
}
