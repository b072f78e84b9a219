// People's words as the server takes them in (src/words), so that a field counts as it does: tests/data/words.json holds the two together.

const MARKS_MAX = 4;

const BLANK = /[\p{Z}\t-\r\u0085\u2800]/u;
const OWN_BLANK = /[\u00a0\u202f\u3000]/;
const BETWEEN = /\u200c|\u200d|[\u200e\u200f\u061c]/;
const OF_DIRECTION = /[\u200e\u200f\u061c]/;
const SEEN_FORMAT = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
const UNSEEN =
    /[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0\ufff0-\ufffb\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]|\u034f/u;
const MARK = /\p{M}/u;
const SPACING_MARK = /\p{Mc}/u;
const LETTER = /\p{L}/u;
const PICTURE = /\p{So}|[\u{1f3fb}-\u{1f3ff}]/u;
const FROM_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const JOINING =
    /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function joins(kept: readonly string[], base: string, between: string, next: string): boolean {
    const last = kept.at(-1) ?? '';
    if (MARK.test(last) && JOINING.test(last)) {
        return true;
    }
    if (between === '\u200d' && PICTURE.test(base)) {
        return PICTURE.test(next);
    }
    return (
        LETTER.test(base) &&
        JOINING.test(base) &&
        (LETTER.test(next) || MARK.test(next)) &&
        JOINING.test(next)
    );
}

/** What stays of it, code point by code point. */
function cleanSigns(text: string): string[] {
    const kept: string[] = [];
    const fromRight = FROM_RIGHT.test(text);
    let blank = '';
    let between = '';
    let base = '';
    let marks = 0;
    const settle = (next: string): void => {
        const means = OF_DIRECTION.test(between)
            ? fromRight && next !== ''
            : joins(kept, base, between, next);
        if (between !== '' && means) {
            kept.push(between);
        }
        between = '';
    };
    const put = (sign: string): void => {
        settle(blank || sign);
        kept.push(...(blank === '' ? [sign] : [blank, sign]));
        blank = '';
    };
    for (const sign of text) {
        if (BLANK.test(sign)) {
            const own = blank === '' && OWN_BLANK.test(sign);
            blank = kept.length === 0 ? '' : own ? sign : ' ';
        } else if (BETWEEN.test(sign)) {
            between ||= kept.length > 0 && blank === '' ? sign : '';
        } else if (UNSEEN.test(sign) && !SEEN_FORMAT.test(sign)) {
            // Nobody sees it.
        } else if (!MARK.test(sign)) {
            put(sign);
            base = sign;
            marks = 0;
        } else if (kept.length > 0 && blank === '' && (SPACING_MARK.test(sign) || marks < MARKS_MAX)) {
            put(sign);
            marks += SPACING_MARK.test(sign) ? 0 : 1;
        }
    }
    settle('');
    return kept;
}

/** As the server would keep it. */
export function cleanWords(text: string): string {
    return cleanSigns(cleanSigns(text).join('').normalize('NFC')).join('');
}

/** How many characters the server would count. */
export function countCharacters(text: string): number {
    return [...cleanWords(text)].length;
}

const BRIEF_MAX = 32;

/** A name for a sentence, which has to say the rest as well. */
export function brief(name: string): string {
    const signs = [...name];
    return signs.length > BRIEF_MAX ? `${signs.slice(0, BRIEF_MAX - 1).join('')}…` : name;
}
