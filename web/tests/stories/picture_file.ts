// Pictures as small files: PNG of at most 32 colours, without smoothing between them. No colour that stands out is lost to one that is
// frequent.
import { crc32, deflateSync } from 'node:zlib';

/** RGBA, row by row. */
export interface Pixels {
    width: number;
    height: number;
    data: Uint8Array;
}

const COLOURS_MAX = 32;
/** Of two colours in the palette, at least one part differs by so much: that is how far a picture may be from what was drawn. */
export const COLOUR_STEP = 32;

type Colour = readonly [number, number, number];

function distance([a, b, c]: Colour, [d, e, f]: Colour): number {
    return Math.max(Math.abs(a - d), Math.abs(b - e), Math.abs(c - f));
}

function colourOf(packed: number): Colour {
    return [packed >> 16, (packed >> 8) & 255, packed & 255];
}

function pack(data: Uint8Array, at: number): number {
    return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
}

// The most frequent colours, each far enough from those before it.
function paletteOf(data: Uint8Array): Colour[] {
    const counts = new Map<number, number>();
    for (let at = 0; at < data.length; at += 4) {
        const packed = pack(data, at);
        counts.set(packed, (counts.get(packed) ?? 0) + 1);
    }
    const palette: Colour[] = [];
    for (const [packed] of [...counts].sort((one, other) => other[1] - one[1])) {
        const colour = colourOf(packed);
        if (palette.every((one) => distance(one, colour) >= COLOUR_STEP)) {
            palette.push(colour);
        }
        if (palette.length === COLOURS_MAX) {
            break;
        }
    }
    return palette;
}

function nearest(palette: readonly Colour[], colour: Colour): number {
    let best = 0;
    palette.forEach((one, index) => {
        best = distance(one, colour) < distance(palette[best] ?? one, colour) ? index : best;
    });
    return best;
}

// One byte a pixel, each row behind a byte that says it is not filtered.
function rowsOf({ width, height, data }: Pixels, palette: readonly Colour[]): Buffer {
    const rows = Buffer.alloc((width + 1) * height);
    const known = new Map<number, number>();
    for (let pixel = 0; pixel < width * height; pixel += 1) {
        const packed = pack(data, 4 * pixel);
        const index = known.get(packed) ?? nearest(palette, colourOf(packed));
        known.set(packed, index);
        rows[pixel + Math.floor(pixel / width) + 1] = index;
    }
    return rows;
}

function chunk(type: string, data: Buffer): Buffer {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, sum]);
}

export function smallPng(pixels: Pixels): Buffer {
    const palette = paletteOf(pixels.data);
    const header = Buffer.alloc(13);
    header.writeUInt32BE(pixels.width, 0);
    header.writeUInt32BE(pixels.height, 4);
    header.set([8, 3, 0, 0, 0], 8); // eight bits, by palette
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        chunk('IHDR', header),
        chunk('PLTE', Buffer.from(palette.flat())),
        chunk('IDAT', deflateSync(rowsOf(pixels, palette), { level: 9 })),
        chunk('IEND', Buffer.alloc(0)),
    ]);
}
