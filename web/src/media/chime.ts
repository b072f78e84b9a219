// The chime at the end of an interpreter's turn: two soft strokes, well below speech.

const RATE = 24_000;
const SECONDS = 1.2;
const PEAK = 0.09;
const STROKES = [
    { at: 0, hertz: 660 },
    { at: 0.35, hertz: 523 },
] as const;

/** The chime as a WAV file. */
export function chimeSound(): ArrayBuffer {
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
