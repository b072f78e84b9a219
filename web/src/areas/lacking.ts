// What this browser lacks of what this person needs, until it is put up with.

import { computed, signal } from '@preact/signals';
import { lacks } from '../media/lacks.ts';
import { capacity } from '../state/store.ts';
import { sendsMicrophone } from './roles.ts';

const accepted = signal(false);

/** Without its line to the server there is no page at all; what else is needed follows from whose page it is. */
export const lacking = computed(() => {
    const mine = capacity.value;
    return lacks.filter(
        (one) =>
            one === 'line' ||
            (mine !== null &&
                !accepted.value &&
                (one === 'peer' || one === 'sound' || sendsMicrophone(mine))),
    );
});

/** The person goes on without it. */
export function putUpWithIt(): void {
    accepted.value = true;
}
