// What every screen of a meeting has, and the entrance does not wait for: what a screen reader is told, and the notices of the room.
import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';

export interface RoomParts {
    Announcer: FunctionComponent;
    Notices: FunctionComponent<{ quiet: boolean }>;
    /** One's own call for help. */
    Help: FunctionComponent;
}

/** null until they are here. */
export const roomParts = signal<RoomParts | null>(null);
