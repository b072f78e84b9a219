// One's own microphone on the floor that was closed and could not be written: nothing of it is heard, though the meeting still shows it.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { floorMicrophone, me } from '../state/store.ts';
import { told } from './act.ts';

// When the microphone was opened of which this was said; 0 for none.
const shut = signal(0);

/** Until it is written, or one has the floor anew. */
export const floorShut: ReadonlySignal<boolean> = computed(
    () => shut.value !== 0 && floorMicrophone(me.value?.id)?.opened_at === shut.value,
);

effect(() => {
    const shown = told.value;
    if (shown !== null && 'problem' in shown && shown.problem.refusal?.reason === 'closed_unwritten') {
        shut.value = floorMicrophone(me.peek()?.id)?.opened_at ?? 0;
    }
});
