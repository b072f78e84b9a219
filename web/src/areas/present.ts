// The people of the meeting by where they are, in the order in which they are read: the podium first, then by name in the reader's language.

import type { Presence } from '../contract/generated.ts';
import { CAPACITY_VALUES } from '../contract/generated.ts';
import { plateWords } from '../elements/Plate.tsx';
import { meeting, type Plate, plate } from '../state/store.ts';

export function platesWith(states: readonly Presence[]): Plate[] {
    return (meeting.value?.participants ?? [])
        .filter((one) => states.includes(one.presence))
        .flatMap((one) => plate(one.id) ?? [])
        .sort(
            (a, b) =>
                CAPACITY_VALUES.indexOf(a.participant.capacity) -
                    CAPACITY_VALUES.indexOf(b.participant.capacity) ||
                plateWords(a).heading.localeCompare(plateWords(b).heading),
        );
}
