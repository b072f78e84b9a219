// What only those need who sit in several meetings: it comes when it is known that there are several (views/consoles.ts).

import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';

export interface MeetingsParts {
    /** The key that opens the list. */
    Key: FunctionComponent;
    List: FunctionComponent<{ onOpen?: () => void }>;
    /** Why the meeting that is shown cannot be entered now, and the others. */
    Waits: FunctionComponent;
    /** Who calls from a meeting that is not shown. */
    Calls: FunctionComponent;
}

/** null until it is here. */
export const meetingsParts = signal<MeetingsParts | null>(null);
