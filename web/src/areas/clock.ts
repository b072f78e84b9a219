// One tick a second for every clock and timer of the page.

import { signal } from '@preact/signals';
import { serverNow } from '../state/store.ts';

const tick = signal(serverNow());
let running = false;

// The server's time, anew each second. Reading it in a component draws the component again each second.
export function clockNow(): number {
    if (!running) {
        running = true;
        setInterval(() => {
            tick.value = serverNow();
        }, 1000);
    }
    return tick.value;
}
