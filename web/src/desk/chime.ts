// The chime at the end of a turn: in the ear, before the eye, both or neither, as the interpreter chose on this device. The sound is two
// soft strokes, made here, well below speech.

import { signal } from '@preact/signals';
import { playRecording } from '../media/media.ts';

export interface ChimeTaste {
    sound: boolean;
    flash: boolean;
}

const REMEMBERED = 'plenary.desk.chime';
const RATE = 24_000;
const SECONDS = 1.2;
const PEAK = 0.09;
const FLASH_MS = 8000;
const STROKES = [
    { at: 0, hertz: 660 },
    { at: 0.35, hertz: 523 },
] as const;

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
        playRecording(waveform()).catch(() => {});
    }
}

// A WAV file of the two strokes, each dying away.
export function waveform(): ArrayBuffer {
    const count = Math.round(RATE * SECONDS);
    const file = new ArrayBuffer(44 + 2 * count);
    const view = new DataView(file);
    const word = (at: number, letters: string): void => {
        for (let index = 0; index < letters.length; index += 1) {
            view.setUint8(at + index, letters.charCodeAt(index));
        }
    };
    word(0, 'RIFF');
    view.setUint32(4, 36 + 2 * count, true);
    word(8, 'WAVEfmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true);
    view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true);
    view.setUint32(28, 2 * RATE, true);
    view.setUint16(32, 2, true);
    view.setUint16(34, 16, true);
    word(36, 'data');
    view.setUint32(40, 2 * count, true);
    for (let index = 0; index < count; index += 1) {
        view.setInt16(44 + 2 * index, Math.round(32_767 * sample(index / RATE)), true);
    }
    return file;
}

function sample(time: number): number {
    let sum = 0;
    for (const { at, hertz } of STROKES) {
        const since = time - at;
        if (since > 0) {
            const attack = Math.min(1, since / 0.015);
            sum += attack * Math.exp(-6 * since) * Math.sin(2 * Math.PI * hertz * since);
        }
    }
    return PEAK * sum;
}

function remembered(): ChimeTaste {
    try {
        const stored = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') as Partial<ChimeTaste>;
        return { sound: stored.sound !== false, flash: stored.flash !== false };
    } catch {
        return { sound: true, flash: true };
    }
}
