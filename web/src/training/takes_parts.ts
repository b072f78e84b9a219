// The recorder of a rehearsal comes when it is known that the meeting is one (views/consoles.ts): few desks ever have it.
import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';

export interface TakesParts {
    Card: FunctionComponent;
    /** Begins or ends a take. */
    toggle: () => void;
}

/** null until they are here. */
export const takesParts = signal<TakesParts | null>(null);

/** Nothing where there is no recorder. */
export function toggleTake(): void {
    takesParts.peek()?.toggle();
}
