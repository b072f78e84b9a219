// The sound graph: what is received is mixed here, in this page; the server only forwards.
//
//   receive slot ─► source ─┬─► meter
//                           └─► gain (balance × own gain) ─► side ─► sum ─┬─► room gain ─► (insert) ─┬─► output
//                             one's own microphone ─► right ◄─ take ─► left ┘                          │
//   language slot, echo test ─► delay ─► echo gain ─────────────────────┘
//
// Gains move by an exponential ramp: no click, and 95 % of the way in 30 ms. When what is heard changes they move softly (soft.ts).
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { SlotName } from '../contract/generated.ts';
import { isDeaf } from './lacks.ts';
import { levelOf, rootMeanSquare } from './measure.ts';
import { heardVoice, newVoice, nextVoice, type Step, softRenewal, softSteps, type Voice } from './soft.ts';

const RAMP_TIME_CONSTANT_S = 0.01;
const METER_INTERVAL_MS = 60;
const METER_WINDOW = 1024;
const MEASURE_WINDOW = 8192;
// Of the mix more is kept, so that a busy page that looks seldom misses nothing of it.
const MIX_WINDOW = 32768;
/** The delay of the echo test: long enough to hear oneself after one has spoken. */
export const ECHO_DELAY_S = 1.2;

interface Strip {
    element: HTMLAudioElement;
    source: MediaStreamAudioSourceNode;
    analyser: AnalyserNode;
    gain: GainNode;
    /** The voice received. */
    voice: Voice;
    /** Leads into one ear; null while both hear it. */
    side: AudioNode | null;
}

/** Where a slot is heard. */
export type Side = 'left' | 'both' | 'right';

let context: AudioContext | null = null;
let sumOfAll: GainNode | null = null;
let roomGain: GainNode | null = null;
let echoDelay: DelayNode | null = null;
let echoGain: GainNode | null = null;
let outputAnalyser: AnalyserNode | null = null;
let microphoneSource: MediaStreamAudioSourceNode | null = null;
let microphoneAnalyser: AnalyserNode | null = null;
let outputElement: HTMLAudioElement | null = null;
let outputStream: MediaStreamAudioDestinationNode | null = null;
let earAnalysers: { left: AnalyserNode; right: AnalyserNode } | null = null;
// What a take is made of: what is heard on its left, one's own microphone on its right; null while none is recorded.
let take: { heard: GainNode; own: GainNode } | null = null;

const strips = new Map<SlotName, Strip>();
const baseGains = new Map<SlotName, number>();
const ownGains = new Map<SlotName, Signal<number>>();
const sides = new Map<SlotName, Side>();
const levels = new Map<SlotName, Signal<number>>();
const microphoneLevelValue = signal(0);
const blockedValue = signal(false);
let roomVolume = 0;
let echoOn = false;

/** One's own microphone: 0 silence … 1 full scale, over 60 dB. Moves as soon as the microphone is open. */
export const microphoneLevel: ReadonlySignal<number> = microphoneLevelValue;
/** The browser waits for a press before it lets this page sound: show a key that calls `unlockAudio`. */
export const audioBlocked: ReadonlySignal<boolean> = blockedValue;

/** A slot's level as received, before any gain: 0 … 1 over 60 dB. */
export function slotLevel(slot: SlotName): ReadonlySignal<number> {
    return entry(levels, slot, 0);
}

/** The person's own gain of a slot, on top of the balance; 1 at first. */
export function slotGain(slot: SlotName): ReadonlySignal<number> {
    return entry(ownGains, slot, 1);
}

/** Sets the own gain of a slot: 0 … 1.5. */
export function setSlotGain(slot: SlotName, value: number): void {
    const own = entry(ownGains, slot, 1);
    own.value = Math.min(1.5, Math.max(0, value));
    applyGain(slot);
}

/** Gives a slot one ear, or both. */
export function setSlotSide(slot: SlotName, side: Side): void {
    sides.set(slot, side);
    const strip = strips.get(slot);
    if (strip !== undefined) {
        connectSide(strip, side);
    }
}

function connectSide(strip: Strip, side: Side): void {
    const { context: running, sum } = graph();
    strip.gain.disconnect();
    strip.side?.disconnect();
    strip.side = null;
    if (side === 'both') {
        strip.gain.connect(sum);
        return;
    }
    // Speech is one channel; what comes in two is put together first.
    const one = new GainNode(running, { channelCount: 1, channelCountMode: 'explicit' });
    const ears = running.createChannelMerger(2);
    strip.gain.connect(one).connect(ears, 0, side === 'left' ? 0 : 1);
    ears.connect(sum);
    strip.side = ears;
}

/**
 * Puts what `make` gives between the mix and the output; the function it resolves to takes it out again. `make` may give null: then
 * nothing is put in. One at a time.
 */
export async function insertIntoMix(
    make: (context: AudioContext) => Promise<{ input: AudioNode; output: AudioNode } | null>,
): Promise<() => void> {
    const { context: running, room, output } = graph();
    const insert = await make(running);
    if (insert === null) {
        return () => {};
    }
    room.disconnect();
    room.connect(insert.input);
    insert.output.connect(output);
    return () => {
        room.disconnect();
        insert.output.disconnect();
        room.connect(output);
    };
}

/** Lets the page sound. Call it in a press; harmless at any time. */
export async function unlockAudio(): Promise<void> {
    if (isDeaf) {
        return;
    }
    const running = graph().context;
    try {
        await running.resume();
        await Promise.all([...strips.values()].map((strip) => strip.element.play()));
        await outputElement?.play();
    } catch {
        // Still blocked: audioBlocked keeps saying so.
    }
    blockedValue.value = running.state !== 'running';
}

/** The levels the balance gives to slots. Owner: the binding in live/. */
export function setMix(gains: Partial<Record<SlotName, number>>): void {
    for (const [slot, gain] of Object.entries(gains) as [SlotName, number][]) {
        baseGains.set(slot, gain);
        applyGain(slot);
    }
}

/**
 * The same when what is heard changes, at this moment, from one source to another: softly. `renewed` names the slots in which the
 * server changes the source.
 */
export function changeMix(
    gains: Partial<Record<SlotName, number>>,
    softMs: number,
    renewed: readonly SlotName[],
): void {
    const heard = loudestHeard();
    for (const [slot, gain] of Object.entries(gains) as [SlotName, number][]) {
        baseGains.set(slot, gain);
        const strip = strips.get(slot);
        if (strip === undefined) {
            continue;
        }
        const now = strip.gain.gain.value;
        const wanted = wantedGain(slot);
        if (renewed.includes(slot) && now > 0 && wanted > 0) {
            walk(strip.gain, softRenewal(wanted, softMs));
        } else if (wanted !== now) {
            const own = Math.sqrt(strip.voice.power) * wanted;
            walk(strip.gain, softSteps(now, wanted, softMs, heard > 0 ? own / heard : 1));
        }
        if (renewed.includes(slot)) {
            strip.voice = nextVoice(strip.voice);
        }
    }
}

/** In these slots the server changes the source now. */
export function renewSlots(slots: readonly SlotName[], softMs: number): void {
    changeMix(Object.fromEntries(slots.map((slot) => [slot, baseGains.get(slot) ?? 0])), softMs, slots);
}

/** The amplitude of the loudest voice that is heard now; 0 when nobody has spoken. */
function loudestHeard(): number {
    return Math.max(
        0,
        ...[...strips.values()].map((one) => Math.sqrt(one.voice.power) * one.gain.gain.value),
    );
}

/** The volume of everything, 0 at the entrance. */
export function setRoomVolume(value: number): void {
    roomVolume = value;
    if (roomGain !== null && context !== null) {
        ramp(roomGain, value);
    }
}

/** Plays the language slot, delayed, whatever the room volume is. */
export function setEchoPath(on: boolean): void {
    echoOn = on;
    if (echoGain !== null) {
        ramp(echoGain, on ? 1 : 0);
    }
}

/** A new connection's receive track takes the slot's place in the mix. */
export function attachSlot(slot: SlotName, stream: MediaStream): void {
    detachSlot(slot);
    const { context: running, delay } = graph();
    // Chrome delivers a remote track to the graph only while a media element plays it too.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    element.play().catch(() => {
        blockedValue.value = running.state !== 'running';
    });
    const source = running.createMediaStreamSource(stream);
    const analyser = running.createAnalyser();
    analyser.fftSize = MEASURE_WINDOW;
    const gain = running.createGain();
    gain.gain.value = wantedGain(slot);
    source.connect(analyser);
    source.connect(gain);
    if (slot === 'language') {
        source.connect(delay);
    }
    const strip: Strip = { element, source, analyser, gain, voice: newVoice(), side: null };
    strips.set(slot, strip);
    connectSide(strip, sides.get(slot) ?? 'both');
    blockedValue.value = running.state !== 'running';
}

/** Takes a slot out of the mix. */
export function detachSlot(slot: SlotName): void {
    const strip = strips.get(slot);
    if (strip === undefined) {
        return;
    }
    strip.source.disconnect();
    strip.gain.disconnect();
    strip.side?.disconnect();
    strip.element.srcObject = null;
    strips.delete(slot);
    entry(levels, slot, 0).value = 0;
}

/** The level meter follows this stream; null for a closed microphone. */
export function attachMicrophone(stream: MediaStream | null): void {
    microphoneSource?.disconnect();
    microphoneSource = null;
    microphoneLevelValue.value = 0;
    if (stream === null || isDeaf) {
        return;
    }
    const running = graph().context;
    microphoneAnalyser ??= running.createAnalyser();
    microphoneAnalyser.fftSize = MEASURE_WINDOW;
    microphoneSource = running.createMediaStreamSource(stream);
    microphoneSource.connect(microphoneAnalyser);
    if (take !== null) {
        microphoneSource.connect(take.own);
    }
    blockedValue.value = running.state !== 'running';
}

/** Sends the sound to a device; empty for the system's own. False when the browser refuses. */
export async function setOutput(id: string): Promise<boolean> {
    try {
        const { context: running, output } = graph();
        if ('setSinkId' in running) {
            await (running as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(id);
            return true;
        }
        if (id === '' && outputElement === null) {
            return true;
        }
        // Firefox chooses devices for media elements only: the mix goes through one.
        outputStream ??= (running as AudioContext).createMediaStreamDestination();
        outputElement ??= new Audio();
        outputElement.srcObject = outputStream.stream;
        await outputElement.setSinkId(id);
        await outputElement.play();
        output.disconnect();
        output.connect(outputStream);
        return true;
    } catch {
        return false;
    }
}

/** Plays a recording (the entrance's own sentence); resolves when it has ended. */
export async function playRecording(recording: ArrayBuffer): Promise<void> {
    const { context: running, output } = graph();
    const buffer = await running.decodeAudioData(recording);
    await new Promise<void>((resolve) => {
        const player = running.createBufferSource();
        player.buffer = buffer;
        player.connect(output);
        player.onended = () => {
            player.disconnect();
            resolve();
        };
        player.start();
    });
}

/**
 * What is heard, before the volume, as the left of a stream, and one's own microphone as its right: also when it is off the air. One
 * at a time; `end` takes it apart.
 */
export function beginTake(): { stream: MediaStream; end: () => void } {
    const { context: running, sum } = graph();
    const one = { channelCount: 1, channelCountMode: 'explicit' } as const;
    const made = { heard: new GainNode(running, one), own: new GainNode(running, one) };
    const sides = running.createChannelMerger(2);
    const destination = new MediaStreamAudioDestinationNode(running, {
        channelCount: 2,
        channelCountMode: 'explicit',
    });
    sum.connect(made.heard).connect(sides, 0, 0);
    made.own.connect(sides, 0, 1);
    sides.connect(destination);
    microphoneSource?.connect(made.own);
    take = made;
    return {
        stream: destination.stream,
        end: () => {
            sum.disconnect(made.heard);
            sides.disconnect();
            take = null;
            if (microphoneSource !== null && microphoneAnalyser !== null) {
                microphoneSource.disconnect();
                microphoneSource.connect(microphoneAnalyser);
            }
        },
    };
}

/** What to measure: a slot as received, the mix as heard or one ear of it, or one's own microphone. */
export type MeasurePoint = SlotName | 'mix' | 'left' | 'right' | 'microphone';

// Made when first asked for: nobody but a measurement asks.
function ears(): { left: AnalyserNode; right: AnalyserNode } {
    if (earAnalysers === null) {
        const { context: running, output } = graph();
        const both = running.createChannelSplitter(2);
        const make = (at: number): AnalyserNode => {
            const analyser = running.createAnalyser();
            analyser.fftSize = MEASURE_WINDOW;
            both.connect(analyser, at);
            return analyser;
        };
        output.connect(both);
        earAnalysers = { left: make(0), right: make(1) };
    }
    return earAnalysers;
}

/** The newest samples at a point, their rate, and when the last of them was, in seconds of sound; null when there is none such now. */
export function samplesAt(
    point: MeasurePoint,
    count: number,
): { samples: Float32Array; rate: number; until: number } | null {
    const analyser =
        point === 'mix'
            ? outputAnalyser
            : point === 'microphone'
              ? microphoneAnalyser
              : point === 'left' || point === 'right'
                ? ears()[point]
                : strips.get(point)?.analyser;
    if (analyser === null || analyser === undefined || context === null) {
        return null;
    }
    const all = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(all);
    return {
        samples: all.subarray(all.length - Math.min(count, all.length)),
        rate: context.sampleRate,
        until: context.currentTime,
    };
}

/** The spectrum of one's own microphone now, dB for each bin, and how wide a bin is; null when it is closed. */
export function microphoneSpectrum(): { decibels: Float32Array; binHertz: number } | null {
    if (microphoneSource === null || microphoneAnalyser === null || context === null) {
        return null;
    }
    const found = new Float32Array(microphoneAnalyser.frequencyBinCount);
    microphoneAnalyser.getFloatFrequencyData(found);
    return { decibels: found, binHertz: context.sampleRate / microphoneAnalyser.fftSize };
}

/** The gain in force at a slot, as the audio thread has it now. */
export function gainInForce(slot: SlotName): number {
    return strips.get(slot)?.gain.gain.value ?? 0;
}

interface Graph {
    context: AudioContext;
    sum: GainNode;
    room: GainNode;
    delay: DelayNode;
    output: AnalyserNode;
}

function graph(): Graph {
    if (
        context !== null &&
        sumOfAll !== null &&
        roomGain !== null &&
        echoDelay !== null &&
        outputAnalyser !== null
    ) {
        return { context, sum: sumOfAll, room: roomGain, delay: echoDelay, output: outputAnalyser };
    }
    const made = new AudioContext({ latencyHint: 'interactive' });
    const output = made.createAnalyser();
    output.fftSize = MIX_WINDOW;
    output.connect(made.destination);
    const room = made.createGain();
    room.gain.value = roomVolume;
    room.connect(output);
    const sum = made.createGain();
    sum.connect(room);
    const delay = made.createDelay(2 * ECHO_DELAY_S);
    delay.delayTime.value = ECHO_DELAY_S;
    const echo = made.createGain();
    echo.gain.value = echoOn ? 1 : 0;
    delay.connect(echo).connect(output);
    made.addEventListener('statechange', () => {
        blockedValue.value = made.state !== 'running';
    });
    context = made;
    sumOfAll = sum;
    roomGain = room;
    echoDelay = delay;
    echoGain = echo;
    outputAnalyser = output;
    setInterval(readMeters, METER_INTERVAL_MS);
    return { context: made, sum, room, delay, output };
}

function readMeters(): void {
    batch(() => {
        for (const [slot, strip] of strips) {
            const samples = samplesAt(slot, METER_WINDOW)?.samples;
            entry(levels, slot, 0).value = samples === undefined ? 0 : levelOf(samples);
            strip.voice = heardVoice(strip.voice, samples === undefined ? 0 : rootMeanSquare(samples) ** 2);
        }
        if (microphoneSource !== null) {
            const measured = samplesAt('microphone', METER_WINDOW);
            microphoneLevelValue.value = measured === null ? 0 : levelOf(measured.samples);
        }
    });
}

function wantedGain(slot: SlotName): number {
    return (baseGains.get(slot) ?? 0) * entry(ownGains, slot, 1).peek();
}

function applyGain(slot: SlotName): void {
    const strip = strips.get(slot);
    if (strip !== undefined) {
        ramp(strip.gain, wantedGain(slot));
    }
}

function ramp(node: GainNode, to: number): void {
    const now = node.context.currentTime;
    node.gain.cancelScheduledValues(now);
    node.gain.setTargetAtTime(to, now, RAMP_TIME_CONSTANT_S);
}

// From the gain in force, by straight lines.
function walk(node: GainNode, steps: readonly Step[]): void {
    const { gain } = node;
    let at = node.context.currentTime;
    gain.cancelScheduledValues(at);
    gain.setValueAtTime(gain.value, at);
    for (const step of steps) {
        at += step.ms / 1000;
        gain.linearRampToValueAtTime(step.gain, at);
    }
}

function entry(map: Map<SlotName, Signal<number>>, slot: SlotName, initial: number): Signal<number> {
    let found = map.get(slot);
    if (found === undefined) {
        found = signal(initial);
        map.set(slot, found);
    }
    return found;
}
