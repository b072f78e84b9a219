// What keeps a device from working, in words, and what to do.
import type { MessageKey } from '../i18n/index.ts';
import { type DeviceState, deviceStates, microphoneMuted } from '../media/devices.ts';

// What keeps one's own microphone from being heard, as far as this device knows, and what to do; null while nothing does.
export function microphoneProblem(): MessageKey | null {
    const state = deviceStates.value.microphone;
    if (state === 'closed') {
        return 'devices.not_open';
    }
    return deviceProblem(state) ?? (microphoneMuted.value ? 'devices.muted' : null);
}

export function microphoneReady(): boolean {
    return microphoneProblem() === null;
}

// What keeps a device from working, and what to do; null while nothing does.
export function deviceProblem(state: DeviceState): MessageKey | null {
    switch (state) {
        case 'closed':
        case 'open':
            return null;
        case 'asking':
            return 'devices.asking';
        case 'unanswered':
            return 'devices.unanswered';
        case 'denied':
            return 'devices.denied';
        case 'missing':
            return 'devices.missing';
        case 'busy':
            return 'devices.busy';
        case 'insecure':
            return 'devices.insecure';
        case 'ended':
            return 'devices.ended';
        case 'failed':
            return 'devices.failed';
    }
}
