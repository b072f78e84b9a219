// The screen of a phone or tablet stays on in the room while the sitting is open: one who only listens touches nothing for an hour, and a
// device that locks closes microphone and line. It is given back when nobody needs it. A browser takes it away with the page's visibility.

import { computed, effect, signal } from '@preact/signals';
import { iAmOnTheAir, meeting, stage } from '../state/store.ts';

// A finger is its only pointer: what lies on a desk has a power plan of its own.
const HANDHELD = '(hover: none) and (pointer: coarse)';

const handheld = signal(false);
const visible = signal(false);

const needed = computed(() => {
    const now = meeting.value;
    const goesOn = now?.sitting === 'open' || now?.rehearsal === true || iAmOnTheAir.value;
    return stage.value === 'room' && goesOn && handheld.value;
});

let lock: Promise<WakeLockSentinel | null> | null = null;

// Refused by a device that saves power: it is asked again when the page is shown the next time.
function take(): Promise<WakeLockSentinel | null> {
    return navigator.wakeLock.request('screen').catch(() => null);
}

function giveBack(): void {
    void lock?.then((held) => held?.release());
    lock = null;
}

/** Called once. */
export function followAwake(): void {
    if (!('wakeLock' in navigator)) {
        return;
    }
    const device = matchMedia(HANDHELD);
    const note = (): void => {
        handheld.value = device.matches;
        visible.value = document.visibilityState === 'visible';
    };
    device.addEventListener('change', note);
    document.addEventListener('visibilitychange', note);
    note();
    effect(() => {
        if (needed.value && visible.value) {
            lock ??= take();
        } else {
            giveBack();
        }
    });
}
