// The times that are offered for interventions, and their words.

import { minutesAndSeconds } from '../elements/duration.ts';
import { text } from '../i18n/index.ts';

// 0 is without limit.
const OFFERED: readonly number[] = [0, 60, 120, 180, 300, 600, 900];

// With the one that holds, whoever set it and by whatever means.
export function secondsToChoose(held: number): readonly number[] {
    return OFFERED.includes(held) ? OFFERED : [...OFFERED, held].sort((one, other) => one - other);
}

export function secondsWords(seconds: number): string {
    if (seconds === 0) {
        return text('timer.no_limit');
    }
    return seconds % 60 === 0
        ? text('timer.minutes', { minutes: seconds / 60 })
        : minutesAndSeconds(seconds * 1000);
}
