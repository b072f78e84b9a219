// What a handover means for who sits at a desk of its booth, in one sentence.

import type { Booth } from '../contract/generated.ts';
import type { MessageKey } from '../i18n/index.ts';
import type { HandoverRole } from '../state/desk.ts';

// Nobody else has a place in a handover that is under way, or may do something where none is.
type Concerned = Exclude<HandoverRole, 'nothing' | 'others' | 'may_request' | 'may_offer'>;

// Who had the microphone may have been taken off the booth: then it has no name there any more.
export function handoverWords(role: Concerned, booth: Booth): MessageKey {
    const left = booth.desks.every((one) => one.participant !== booth.handover.from);
    if (left && (role === 'i_stand_in' || role === 'stands_in' || role === 'nobody_stands_in')) {
        return `handover.left_${role}`;
    }
    return `handover.${role}`;
}
