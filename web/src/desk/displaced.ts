// Off the air for the sake of another microphone than a partner's who pressed: which, in words.

import type { Booth, Language } from '../contract/generated.ts';
import { languageName, type MessageKey, type MessageValues } from '../i18n/index.ts';
import { spoken } from '../state/desk.ts';

/** What an interpreter of this booth is told who was closed in favour of a booth; null for who was not. */
export function displacedWords(
    booth: Booth,
    by: Language | undefined,
): { key: MessageKey; values: MessageValues } | null {
    const other = spoken(by);
    if (other === null) {
        return null;
    }
    return other === booth.language
        ? { key: 'desk.displaced_own', values: {} }
        : { key: 'desk.displaced_taken', values: { booth: languageName(other) } };
}
