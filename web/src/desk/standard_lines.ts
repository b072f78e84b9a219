// The standard announcements come behind the desk: in six languages they are more words than the rest of it that waits for a press. Where they
// have not come one's own words are written, as always.

import { signal } from '@preact/signals';
import type { PageLanguage } from '../i18n/index.ts';

/** null until they are here. */
export const standardLines = signal<Readonly<Record<PageLanguage, readonly string[]>> | null>(null);

/** Asked for again by whoever needs them. */
export function bringStandardLines(): void {
    if (standardLines.peek() === null) {
        import('./announcements.ts').then(
            ({ ANNOUNCEMENTS }) => {
                standardLines.value = ANNOUNCEMENTS;
            },
            () => {},
        );
    }
}
