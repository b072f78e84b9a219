// Takes: an interpreter's own recordings in a rehearsal, what was heard on the left, the own voice on the right. They stay in this page
// and go with it.
import { type ReadonlySignal, signal } from '@preact/signals';
import { beginTake } from './graph.ts';

/** How many are kept; the oldest goes first. */
export const TAKES_MAX = 20;
const BITS_PER_SECOND = 128_000;
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

/** A moment of a take: one's own microphone went on the air, or off. */
export interface TakeMark {
    /** Seconds from the beginning. */
    at: number;
    onAir: boolean;
}

export interface Take {
    id: number;
    begun: number;
    seconds: number;
    recording: Blob;
    marks: readonly TakeMark[];
}

const takesValue = signal<readonly Take[]>([]);
const sinceValue = signal(0);

/** Newest first. */
export const takes: ReadonlySignal<readonly Take[]> = takesValue;
/** When the take under way began, ms since 1970; 0: there is none. */
export const recordingSince: ReadonlySignal<number> = sinceValue;

let finish: (() => void) | null = null;
let marks: TakeMark[] = [];
let made = 0;

/** False when this browser cannot record. */
export function startTake(): boolean {
    const type = TYPES.find((one) => globalThis.MediaRecorder?.isTypeSupported(one));
    if (type === undefined || finish !== null) {
        return type !== undefined;
    }
    const { stream, end } = beginTake();
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
    const parts: Blob[] = [];
    const begun = Date.now();
    marks = [];
    recorder.ondataavailable = ({ data }) => {
        parts.push(data);
    };
    recorder.onstop = () => {
        end();
        made += 1;
        const take: Take = {
            id: made,
            begun,
            seconds: (Date.now() - begun) / 1000,
            recording: new Blob(parts, { type: type.split(';')[0] ?? type }),
            marks,
        };
        takesValue.value = [take, ...takesValue.peek()].slice(0, TAKES_MAX);
    };
    recorder.start(1000);
    sinceValue.value = begun;
    finish = () => {
        finish = null;
        sinceValue.value = 0;
        recorder.stop();
    };
    return true;
}

export function stopTake(): void {
    finish?.();
}

/** Notes that the microphone went on the air, or off; nothing when no take is under way. */
export function markTake(onAir: boolean): void {
    if (finish !== null && marks.at(-1)?.onAir !== onAir) {
        marks = [...marks, { at: (Date.now() - sinceValue.peek()) / 1000, onAir }];
    }
}

export function deleteTake(id: number): void {
    takesValue.value = takesValue.peek().filter((one) => one.id !== id);
}

/** Plays a take's two sides, each with a gain of its own, until what it gives is called. */
export function mixTake(player: HTMLAudioElement): {
    setGain: (side: 'heard' | 'own', gain: number) => void;
    end: () => void;
} {
    const context = new AudioContext();
    const sides = context.createChannelSplitter(2);
    const both = context.createChannelMerger(2);
    const gains = { heard: context.createGain(), own: context.createGain() };
    context.createMediaElementSource(player).connect(sides);
    sides.connect(gains.heard, 0).connect(both, 0, 0);
    sides.connect(gains.own, 1).connect(both, 0, 1);
    both.connect(context.destination);
    player.onplay = () => void context.resume();
    // What a browser has just recorded does not say how long it is: a look at its end tells.
    player.onloadedmetadata = () => {
        if (player.duration === Number.POSITIVE_INFINITY) {
            player.ontimeupdate = () => {
                player.ontimeupdate = null;
                player.currentTime = 0;
            };
            player.currentTime = Number.MAX_SAFE_INTEGER;
        }
    };
    return {
        setGain: (side, gain) => {
            gains[side].gain.value = gain;
        },
        end: () => void context.close(),
    };
}
