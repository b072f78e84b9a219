// What this browser lacks of what a meeting needs: told before joining, because one cannot hear it afterwards.

/** `line` to the server; `peer` connections for sound and pictures; `sound` to mix it; `devices` to speak; `secure`: the same, because of the address. */
export type Lack = 'line' | 'peer' | 'sound' | 'devices' | 'secure';

const NEEDED = { line: 'WebSocket', peer: 'RTCPeerConnection', sound: 'AudioContext' } as const;

/** The part of a browser's window that is looked at. */
export interface Offered {
    WebSocket?: unknown;
    RTCPeerConnection?: unknown;
    AudioContext?: unknown;
    isSecureContext?: boolean;
    navigator?: { mediaDevices?: unknown };
}

export function lacksOf(window: Offered): Lack[] {
    const lacks = (['line', 'peer', 'sound'] as Lack[]).filter(
        (one) => window[NEEDED[one as keyof typeof NEEDED]] === undefined,
    );
    if (window.navigator?.mediaDevices === undefined) {
        lacks.push(window.isSecureContext === false ? 'secure' : 'devices');
    }
    return lacks;
}

/** Of this browser. */
export const lacks: readonly Lack[] = lacksOf(globalThis);

/** Nothing can be heard here. */
export const isDeaf = lacks.includes('peer') || lacks.includes('sound');
