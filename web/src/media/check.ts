// The entrance's check: sound, network, band, each with a verdict and the numbers behind it. It advises and never forbids.
import { type ReadonlySignal, signal } from '@preact/signals';
import { deviceStates } from './devices.ts';
import { microphoneLevel } from './graph.ts';
import { patience } from './patience.ts';
import { blockedPort, currentPeer, lineRoundTripMs, mediaPhase } from './peer.ts';
import { newestReading, readStatistics, type Statistics, statistics } from './statistics.ts';

export type Verdict = 'none' | 'good' | 'fair' | 'poor';

/** `code` names the sentence in the catalogues, `values` its numbers. */
export interface CheckLine {
    verdict: Verdict;
    code:
        | 'not-checked'
        | 'sound-good'
        | 'sound-quiet'
        | 'sound-silent'
        | 'sound-closed'
        | 'sound-here'
        | 'network-good'
        | 'network-slow'
        | 'network-lossy'
        | 'network-tcp'
        | 'network-none'
        | 'network-blocked'
        | 'band-good'
        | 'band-narrow'
        | 'band-poor'
        | 'band-unknown';
    values: Record<string, number>;
}

export interface ConnectionCheck {
    running: boolean;
    lines: { sound: CheckLine; network: CheckLine; band: CheckLine };
}

/** What the verdict on the network is made of. */
export interface NetworkMeasurement {
    connected: boolean;
    /** The UDP port that is blocked; 0 for none. */
    blockedPort: number;
    joinMs: number;
    roundTripMs: number;
    loss: number;
    protocol: string;
}

const CHECK_MS = 4000;
const WAIT_FOR_MEDIA_MS = 8000;
const WAIT_FOR_MEDIA_TRIPS = 14; // a little more than a connection is given at its first try
const notChecked: CheckLine = { verdict: 'none', code: 'not-checked', values: {} };

const checkValue = signal<ConnectionCheck>({
    running: false,
    lines: { sound: notChecked, network: notChecked, band: notChecked },
});

/** The newest check. */
export const check: ReadonlySignal<ConnectionCheck> = checkValue;

/** Checks for about four seconds: ask the person to say a sentence meanwhile. Never throws. */
export async function runCheck(): Promise<void> {
    if (checkValue.value.running) {
        return;
    }
    checkValue.value = { ...checkValue.value, running: true };
    await until(
        () => mediaPhase.value === 'connected',
        patience(WAIT_FOR_MEDIA_MS, WAIT_FOR_MEDIA_TRIPS, lineRoundTripMs()),
    );
    await readStatistics();
    let loudest = 0;
    const stopListening = microphoneLevel.subscribe((level) => {
        loudest = Math.max(loudest, level);
    });
    const [bits] = await Promise.all([measureBand(), until(() => false, CHECK_MS)]);
    stopListening();
    await readStatistics();
    checkValue.value = {
        running: false,
        lines: {
            sound: soundVerdict(
                deviceStates.value.microphone === 'open',
                loudest,
                mediaPhase.value === 'connected',
            ),
            network: networkVerdict(networkNow(statistics.value)),
            band: bandVerdict(bits),
        },
    };
}

/** `loudest` on the meter's scale of 0 … 1 over 60 dB. */
export function soundVerdict(open: boolean, loudest: number, arrives: boolean): CheckLine {
    if (!open) {
        return { verdict: 'poor', code: 'sound-closed', values: {} };
    }
    const values = { level: Math.round(100 * loudest) };
    if (loudest < 0.15) {
        return { verdict: 'poor', code: 'sound-silent', values };
    }
    if (!arrives) {
        return { verdict: 'fair', code: 'sound-here', values };
    }
    return loudest < 0.4
        ? { verdict: 'fair', code: 'sound-quiet', values }
        : { verdict: 'good', code: 'sound-good', values };
}

export function networkVerdict(measured: NetworkMeasurement): CheckLine {
    if (measured.blockedPort !== 0) {
        return { verdict: 'poor', code: 'network-blocked', values: { port: measured.blockedPort } };
    }
    if (!measured.connected) {
        return { verdict: 'poor', code: 'network-none', values: {} };
    }
    const values = {
        joinMs: Math.round(measured.joinMs),
        roundTripMs: Math.round(measured.roundTripMs),
        lossPercent: Math.round(1000 * measured.loss) / 10,
    };
    if (measured.loss > 0.03) {
        return { verdict: measured.loss > 0.1 ? 'poor' : 'fair', code: 'network-lossy', values };
    }
    if (measured.protocol === 'tcp') {
        return { verdict: 'fair', code: 'network-tcp', values };
    }
    if (measured.roundTripMs > 300) {
        return { verdict: measured.roundTripMs > 800 ? 'poor' : 'fair', code: 'network-slow', values };
    }
    return { verdict: 'good', code: 'network-good', values };
}

/** `bits` per second downwards; 0 when it could not be measured. */
export function bandVerdict(bits: number): CheckLine {
    if (bits <= 0) {
        return { verdict: 'none', code: 'band-unknown', values: {} };
    }
    if (bits >= 2_000_000) {
        return { verdict: 'good', code: 'band-good', values: { megabits: roughly(bits / 1e6) } };
    }
    const values = { kilobits: roughly(bits / 1000) };
    return bits < 300_000
        ? { verdict: 'poor', code: 'band-poor', values }
        : { verdict: 'fair', code: 'band-narrow', values };
}

// More than two figures would say that it was measured better than it was.
function roughly(value: number): number {
    return Number(value.toPrecision(2));
}

function networkNow(known: Statistics | null): NetworkMeasurement {
    const reading = newestReading();
    return {
        connected: mediaPhase.value === 'connected',
        blockedPort: blockedPort.value,
        joinMs: currentPeer()?.joinMs ?? 0,
        roundTripMs: reading?.roundTripMs ?? known?.roundTripMs ?? 0,
        loss: Math.max(known?.lossUp ?? 0, known?.lossDown ?? 0),
        protocol: reading?.protocol ?? '',
    };
}

// How fast this page's own script comes again. It is small, so that slow start makes the result cautious; that is the right side to err on.
async function measureBand(): Promise<number> {
    try {
        const began = performance.now();
        const response = await fetch(import.meta.url, { cache: 'no-store' });
        const headersAt = performance.now();
        const body = await response.arrayBuffer();
        const ended = performance.now();
        // Without the wait for the first byte, unless all came with it.
        const seconds = Math.max(ended - headersAt, (ended - began) / 10, 0.5) / 1000;
        const length = Number(response.headers.get('content-length') ?? 0);
        return (8 * (length > 0 ? length : body.byteLength)) / seconds;
    } catch {
        return 0;
    }
}

// Resolves when the condition of signals and time holds, or after `limit`.
function until(condition: () => boolean, limit: number): Promise<void> {
    return new Promise((resolve) => {
        const deadline = performance.now() + limit;
        const look = (): void => {
            if (condition() || performance.now() >= deadline) {
                resolve();
            } else {
                setTimeout(look, 100);
            }
        };
        look();
    });
}
