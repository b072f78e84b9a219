// The chime at the end of a turn: in the ear, before the eye, both or neither, as the interpreter chose on this device. The sound is
// media/chime.ts.

import { signal } from '@preact/signals';
import { chimeSound } from '../media/desk_media.ts';
import { playRecording } from '../media/media.ts';

export interface ChimeTaste {
    sound: boolean;
    flash: boolean;
}

const REMEMBERED = 'plenary.desk.chime';
const FLASH_MS = 8000;
const taste = signal<ChimeTaste>(remembered());
const flashing = signal(false);
let flashTimer = 0;

export const chimeTaste = taste;
// The chime is before the eye now.
export const chimeFlash = flashing;

export function chooseChime(part: Partial<ChimeTaste>): void {
    taste.value = { ...taste.value, ...part };
    try {
        localStorage.setItem(REMEMBERED, JSON.stringify(taste.value));
    } catch {
        // Forgotten with the page.
    }
}

// Rings as chosen.
export function ring(): void {
    const { sound, flash } = taste.peek();
    if (flash) {
        flashing.value = true;
        clearTimeout(flashTimer);
        flashTimer = window.setTimeout(() => {
            flashing.value = false;
        }, FLASH_MS);
    }
    if (sound) {
        playRecording(chimeSound()).catch(() => {});
    }
}

function remembered(): ChimeTaste {
    try {
        const stored = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') as Partial<ChimeTaste>;
        return { sound: stored.sound !== false, flash: stored.flash !== false };
    } catch {
        return { sound: true, flash: true };
    }
}
