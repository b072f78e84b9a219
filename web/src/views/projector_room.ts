// How large a name of the wall can be: by its length, in four steps that the sheets have sizes for, so that nothing is measured while it changes.

// Wide signs count twice.
const WIDE = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/;

/** How much room these words need, in four steps: the sheet has a size for each. */
export function roomOf(words: string): 1 | 2 | 3 | 4 {
    const length = [...words].reduce((sum, sign) => sum + (WIDE.test(sign) ? 2 : 1), 0);
    return length <= 14 ? 1 : length <= 28 ? 2 : length <= 56 ? 3 : 4;
}
