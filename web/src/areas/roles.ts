// Which page a capacity works on, and what it may send.

import { type Ability, type Capacity, can } from '../contract/generated.ts';

export type Desk = 'room' | 'chair' | 'secretary' | 'moderator' | 'interpreter' | 'technician';

// The first that one can do says where one works.
const DESKS: readonly (readonly [Ability, Desk])[] = [
    ['presides', 'chair'],
    ['manages_people', 'moderator'],
    ['acts_for_chair', 'secretary'],
    ['has_desk', 'interpreter'],
    ['routes_sound', 'technician'],
];

export function deskOf(capacity: Capacity | null): Desk {
    return DESKS.find(([ability]) => can(capacity, ability))?.[1] ?? 'room';
}

// Who has a microphone in the meeting at all; the others only listen.
export function sendsMicrophone(capacity: Capacity | null): boolean {
    return can(capacity, 'has_microphone');
}
