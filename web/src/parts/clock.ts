// One tick a second for every clock and timer of the page, and time written as minutes and seconds.

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

// "2:05", "1:02:05"; never negative: two clocks may differ by a moment.
export function minutesAndSeconds(milliseconds: number): string {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (value: number) => String(value).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
