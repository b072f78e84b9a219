// Finding words in the pages of a document, as people write them: large and small letters, accents, Arabic vowel signs and forms of letters
// are one; a line's end is a space, and none between Chinese characters.

/** What one page says, in the order of reading. */
export interface PageWords {
    text: string;
    /** Which pieces of what is drawn it is made of, and where each begins in `text`. */
    pieces: readonly { piece: number; start: number }[];
}

/** As pdf.js gives it: a piece in itself is in the order of reading, the pieces of a line may stand from left to right. */
export interface Piece {
    str: string;
    hasEOL: boolean;
    height: number;
    transform: readonly number[];
}

/** A place in one piece of a page. */
export interface Part {
    piece: number;
    from: number;
    to: number;
}

interface Folded {
    text: string;
    /** Where each character of it stands in the original; one more for the end. */
    at: number[];
}

/** What has words; marks of a document's structure have none. */
export function piecesOf(items: readonly object[]): Piece[] {
    return items.filter((one): one is Piece => 'str' in one);
}

const BLANK = /^\s$/u;
const HAN = /^\p{Script=Han}$/u;
// Marks on letters, what is not seen, and the stretched line of Arabic.
const LEFT_OUT = /[\p{M}\p{Cf}\u0640]/gu;
const MARK = /^[\p{M}\p{Cf}\u0640]$/u;

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const LEFT_TO_RIGHT = /[\p{L}\p{Nd}]/u;

type Run = 'right' | 'left' | 'neither';

function runOf(text: string): Run {
    if (RIGHT_TO_LEFT.test(text)) {
        return 'right';
    }
    return LEFT_TO_RIGHT.test(text) ? 'left' : 'neither';
}

function at(pieces: readonly Piece[], index: number, value: 4 | 5): number {
    return pieces[index]?.transform[value] ?? 0;
}

/** Turns around each longest run of one direction, with what has none between two of its pieces. */
function turn(line: readonly number[], pieces: readonly Piece[], which: Run): number[] {
    const turned: number[] = [];
    for (let from = 0; from < line.length; ) {
        let end = from;
        for (let to = from; to < line.length; to++) {
            const run = runOf(pieces[line[to] ?? 0]?.str ?? '');
            if (run === which) {
                end = to + 1;
            } else if (run !== 'neither' || end === from) {
                break;
            }
        }
        const taken = Math.max(end, from + 1);
        turned.push(...line.slice(from, taken).reverse());
        from = taken;
    }
    return turned;
}

/** The pieces of one line in the order of reading: programs that make PDFs write Arabic letter by letter from the left. */
function inOrder(line: readonly number[], pieces: readonly Piece[]): readonly number[] {
    const runs = [...line.map((one) => pieces[one]?.str ?? '').join('')].map(runOf);
    const right = runs.filter((one) => one === 'right').length;
    if (right === 0) {
        return line;
    }
    const left = runs.filter((one) => one === 'left').length;
    const across = [...line].sort((one, other) => at(pieces, one, 4) - at(pieces, other, 4));
    return right >= left ? turn(across.reverse(), pieces, 'left') : turn(across, pieces, 'right');
}

function linesOf(pieces: readonly Piece[]): number[][] {
    const lines: number[][] = [];
    pieces.forEach((piece, index) => {
        const before = pieces[index - 1];
        const apart = Math.abs(at(pieces, index, 5) - at(pieces, index - 1, 5));
        const same = before !== undefined && !before.hasEOL && apart <= Math.max(piece.height, 6) / 2;
        if (same) {
            lines.at(-1)?.push(index);
        } else {
            lines.push([index]);
        }
    });
    return lines;
}

export function wordsOfPage(all: readonly Piece[]): PageWords {
    const pieces: { piece: number; start: number }[] = [];
    let text = '';
    for (const line of linesOf(all)) {
        for (const piece of inOrder(line, all)) {
            pieces.push({ piece, start: text.length });
            text += all[piece]?.str ?? '';
        }
        text += '\n';
    }
    return { text, pieces };
}

export function fold(original: string): Folded {
    let text = '';
    const at: number[] = [];
    let blank = -1; // where blanks began that are not written yet
    let before = '';
    let index = 0;
    for (const character of original) {
        if (BLANK.test(character)) {
            blank = blank < 0 ? index : blank;
        } else {
            if (blank >= 0 && text !== '' && !(HAN.test(before) && HAN.test(character))) {
                text += ' ';
                at.push(blank);
            }
            blank = -1;
            before = character;
            const letters = character.normalize('NFKD').toLowerCase().replaceAll(LEFT_OUT, '');
            text += letters;
            for (let one = 0; one < letters.length; one++) {
                at.push(index);
            }
        }
        index += character.length;
    }
    at.push(index);
    return { text, at };
}

/** Behind a character, with the marks that stand on it. */
function endOf(text: string, at: number): number {
    let end = at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    while (end < text.length && MARK.test(text.charAt(end))) {
        end += 1;
    }
    return end;
}

/** Where `query` stands in a page, at most `most` times: beginnings and ends in its text. */
export function findIn(page: PageWords, query: string, most: number): [from: number, to: number][] {
    const wanted = fold(query).text;
    const { text, at } = fold(page.text);
    const found: [number, number][] = [];
    for (
        let from = wanted === '' ? -1 : text.indexOf(wanted);
        from >= 0 && found.length < most;
        from = text.indexOf(wanted, from + wanted.length)
    ) {
        found.push([at[from] ?? 0, endOf(page.text, at[from + wanted.length - 1] ?? 0)]);
    }
    return found;
}

/** The same as places in its pieces, in which it is marked. */
export function partsOf(page: PageWords, [from, to]: readonly [number, number]): Part[] {
    return page.pieces.flatMap(({ piece, start }, index) => {
        const end = page.pieces[index + 1]?.start ?? page.text.length;
        const part = { piece, from: Math.max(from, start) - start, to: Math.min(to, end) - start };
        return part.from < part.to ? [part] : [];
    });
}
