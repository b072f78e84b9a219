// Which page a capacity works on, and what it may send.

import type { Capacity } from '../contract/generated.ts';

export type Desk = 'room' | 'chair' | 'moderator' | 'interpreter' | 'technician';

export function deskOf(capacity: Capacity | null): Desk {
    switch (capacity) {
        case 'chair':
            return 'chair';
        case 'moderator':
        case 'secretary':
            return 'moderator';
        case 'interpreter':
            return 'interpreter';
        case 'technician':
            return 'technician';
        default:
            return 'room';
    }
}

// Who has a microphone in the meeting at all; the others only listen.
export function sendsMicrophone(capacity: Capacity | null): boolean {
    return (
        capacity !== null && capacity !== 'listener' && capacity !== 'captioner' && capacity !== 'technician'
    );
}
