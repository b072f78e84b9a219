// What a meeting has room for is told in words before it is full: from nine tenths on, and no longer than it is so.

import type { Meeting } from '../contract/generated.ts';
import type { MessageKey } from '../i18n/index.ts';
import type { Listeners } from '../state/store.ts';

/** The contract's MEETING_…_MAX, which a test compares: taken from there the entrance, which has no room left, would load them. Of documents
 * a reader has those that they may read: whoever keeps the papers reads all. Of the participants' list a hundred are kept for the audience's
 * calls for help (src/meeting/setup.h), which are no participants'. */
export const MOST = {
    participants: 1500,
    delegations: 1000,
    agenda: 500,
    requests: 256,
    speaking_times: 256,
    documents: 2000,
    feeds: 32,
    hours: 72,
} as const satisfies Partial<Record<keyof Meeting, number>>;

/** Of the contents of its documents (src/store/content.h). */
const MEGABYTES_MOST = 512;

type Limited = keyof typeof MOST;

export interface NearLimit {
    key: MessageKey;
    used: number;
    most: number;
}

function usedOf(now: Meeting, name: Limited): number {
    return name === 'participants'
        ? now.participants.filter((one) => !one.audience).length
        : now[name].length;
}

/** As the server's own warnings (src/app/limits.c). */
export function isNear(used: number, most: number): boolean {
    return used >= most - Math.floor(most / 10);
}

/** Of the meeting, and of the server's pages, which is not told to everybody: nothing then. */
export function nearLimits(now: Meeting, { pages = 0, pages_most = 0 }: Listeners): NearLimit[] {
    const names = Object.keys(MOST) as Limited[];
    const all: NearLimit[] = names.map((name) => ({
        key: `limit.${name}`,
        used: usedOf(now, name),
        most: MOST[name],
    }));
    const bytes = now.documents.reduce((sum, one) => sum + one.size, 0);
    const megabytes = {
        key: 'limit.megabytes' as const,
        used: Math.floor(bytes / 2 ** 20),
        most: MEGABYTES_MOST,
    };
    return [...all, megabytes, { key: 'limit.pages' as const, used: pages, most: pages_most }].filter(
        (one) => one.most > 0 && isNear(one.used, one.most),
    );
}
