// A sound of the page's own making, as a WAV file of 16 bits.

interface Wave {
    rate: number;
    seconds: number;
    channels: 1 | 2;
    /** A sample of -1 … 1 at a time in seconds. */
    sample: (time: number, channel: number) => number;
}

export function wavFile({ rate, seconds, channels, sample }: Wave): ArrayBuffer {
    const frames = Math.round(rate * seconds);
    const size = 2 * channels * frames;
    const file = new ArrayBuffer(44 + size);
    const view = new DataView(file);
    const word = (at: number, letters: string): void => {
        for (let index = 0; index < letters.length; index += 1) {
            view.setUint8(at + index, letters.charCodeAt(index));
        }
    };
    word(0, 'RIFF');
    view.setUint32(4, 36 + size, true);
    word(8, 'WAVEfmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true);
    view.setUint16(22, channels, true);
    view.setUint32(24, rate, true);
    view.setUint32(28, 2 * channels * rate, true);
    view.setUint16(32, 2 * channels, true);
    view.setUint16(34, 16, true);
    word(36, 'data');
    view.setUint32(40, size, true);
    for (let index = 0; index < frames * channels; index += 1) {
        const value = sample(Math.floor(index / channels) / rate, index % channels);
        view.setInt16(44 + 2 * index, Math.round(32_767 * value), true);
    }
    return file;
}
