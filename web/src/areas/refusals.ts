// What a refusal says to its reader, in their language: the reason when the server gave one, else the kind of problem in general words.
import { hasWords, type MessageKey, text } from '../i18n/index.ts';
import type { Problem } from '../live/problem.ts';
import { participant } from '../state/store.ts';
import { problemKey } from './words.ts';

/** Where the state of the meeting, one's capacity or one's wish is the reason: it is as it was. */
const NOTHING_CHANGED: readonly string[] = ['conflict', 'forbidden', 'not-found', 'invalid', 'full'];

/** Why, in one sentence; null when the server did not say, is newer than this page, or what was refused is none of this screen's commands. */
export function reasonWords({ refusal }: Problem): string | null {
    if (refusal === null) {
        return null;
    }
    const key: MessageKey = `refusal.${refusal.reason}`;
    return hasWords(key)
        ? text(key, {
              came: refusal.came ?? 0,
              most: refusal.most ?? 0,
              name: participant(refusal.participant)?.name ?? '',
          })
        : null;
}

export function problemWords(problem: Problem): string {
    const why = reasonWords(problem);
    if (why === null) {
        return text(problemKey(problem.kind), { detail: problem.kind });
    }
    return NOTHING_CHANGED.includes(problem.kind) ? text('problem.refused', { why }) : why;
}
