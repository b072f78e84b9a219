// Days and hours of meetings, in the reader's language.
import type { Plan } from '../contract/generated.ts';
import { formatTime, spokenLanguage } from '../i18n/index.ts';

// Numbers as the rest of the page writes them (i18n/index.ts).
function locale(): string {
    const language = spokenLanguage();
    return language === 'ar' ? 'ar-u-nu-latn' : language === 'en' ? 'en-GB' : language;
}

const LONG: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };

/** "1–4 December 2026"; empty without a day. */
export function daysWords({ first_day: first, last_day: last = first }: Plan): string {
    const from = Date.parse(`${first}T00:00:00Z`);
    const to = Date.parse(`${last}T00:00:00Z`);
    if (Number.isNaN(from)) {
        return '';
    }
    const format = new Intl.DateTimeFormat(locale(), LONG);
    return Number.isNaN(to) || to <= from ? format.format(from) : format.formatRange(from, to);
}

/** The hour in a zone, empty for one that the browser does not know. */
export function hourIn(zone: string, now: number): string {
    try {
        return formatTime(now, zone);
    } catch {
        return '';
    }
}

/** A day with its weekday, in a zone. */
export function whenWords(at: number): string {
    return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

export function ownZone(): string {
    return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** All that the browser knows, and the one that is wished for. */
export function zones(wished: string): string[] {
    const known = Intl.supportedValuesOf?.('timeZone') ?? [];
    return [...new Set([...known, 'UTC', ownZone(), wished])].filter((one) => one !== '').sort();
}
