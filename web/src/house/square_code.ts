// QR codes as one path, drawn in the page: a link is given to nobody else to draw.

/** Unit squares from 0 to `size`, with the quiet border that readers need. */
export interface SquareCode {
    size: number;
    path: string;
}

export type Drawing = (words: string) => SquareCode;

// What a code of the standard has around it.
const QUIET = 4;

/** Runs of dark squares along each row. */
export function pathOf(rows: readonly (readonly boolean[])[]): string {
    return rows
        .flatMap((row, y) =>
            row.flatMap((dark, x) => {
                if (!dark || row[x - 1] === true) {
                    return [];
                }
                const end = row.indexOf(false, x);
                const length = (end < 0 ? row.length : end) - x;
                return [`M${x} ${y}h${length}v1h-${length}z`];
            }),
        )
        .join('');
}

/** Rejects when the library does not come. */
export async function loadDrawing(): Promise<Drawing> {
    const { encode } = await import('uqr');
    return (words) => {
        const { data, size } = encode(words, { ecc: 'M', border: QUIET });
        return { size, path: pathOf(data) };
    };
}
