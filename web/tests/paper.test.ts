// Reading PDFs: words are found as people write them, and pages are as large as there is room.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findIn, fold, type PageWords, type Piece, partsOf, wordsOfPage } from '../src/paper/search.ts';
import { densityOf, scaleOf, stepFrom, ZOOMS } from '../src/paper/zoom.ts';

function page(...lines: string[]): PageWords {
    return wordsOfPage(
        lines.map((str, line) => ({
            str,
            hasEOL: true,
            height: 10,
            transform: [1, 0, 0, 1, 0, 700 - 20 * line],
        })),
    );
}

/** One line, letter by letter as it stands on the paper from the left. */
function letters(...across: string[]): PageWords {
    const pieces: Piece[] = across.map((str, index) => ({
        str,
        hasEOL: false,
        height: 10,
        transform: [1, 0, 0, 1, 8 * index, 700],
    }));
    return wordsOfPage(pieces);
}

function found(words: PageWords, query: string): string[] {
    return findIn(words, query, 100).map(([from, to]) => words.text.slice(from, to));
}

test('letters, accents, Arabic vowel signs and forms of letters are one', () => {
    const words = page('Le Conseil a ADOPTÉ la résolution', 'شكر وفدَ فَرنســا', 'ﻓﺮﻧﺴﺎ', 'Ёлка ﬁnal');
    assert.deepEqual(found(words, 'adopte'), ['ADOPTÉ']);
    assert.deepEqual(found(words, 'RÉSOLUTION'), ['résolution']);
    assert.deepEqual(found(words, 'فرنسا'), ['فَرنســا', 'ﻓﺮﻧﺴﺎ']);
    assert.deepEqual(found(words, 'елка'), ['Ёлка']);
    assert.deepEqual(found(words, 'final'), ['ﬁnal']);
});

test('the end of a line is a space, and none between Chinese characters', () => {
    assert.deepEqual(found(page('of the Secretary', 'General'), 'secretary  general'), [
        'Secretary\nGeneral',
    ]);
    assert.deepEqual(found(page('理事会审议了秘书', '长的报告'), '秘书长'), ['秘书\n长']);
});

test('nothing is found of nothing, no more than wished, and none over another', () => {
    const words = page('aaaa', 'b');
    assert.deepEqual(found(words, ''), []);
    assert.deepEqual(found(words, ' \u064e'), []);
    assert.deepEqual(found(words, 'aa'), ['aa', 'aa']);
    assert.equal(findIn(words, 'a', 3).length, 3);
    assert.deepEqual(found(words, '.*'), []);
});

test('Arabic that was written letter by letter from the left is read from the right, its numbers as they are', () => {
    const words = letters('ﺎ', 'ﺴ', 'ﻧ', 'ﺮ', 'ﻓ', ' ', '2', '0', '2', '6', ' ', 'مع');
    assert.equal(words.text.normalize('NFKC').trim(), 'مع 2026 فرنسا');
    assert.deepEqual(
        found(words, 'فرنسا').map((one) => one.length),
        [5],
    );
    const [range] = findIn(words, 'فرنسا', 1);
    assert.deepEqual(
        partsOf(words, range ?? [0, 0]).map((one) => one.piece),
        [4, 3, 2, 1, 0],
    );
    assert.equal(letters('See ', 'ﺎ', 'ﺴ', 'ﻧ', ' page 2').text.normalize('NFKC'), 'See نسا page 2\n');
    assert.equal(letters('C', '20', ' of').text, 'C20 of\n');
});

test('what is found is marked in the pieces in which it stands', () => {
    const words = letters('The Coun', 'cil con', 'sidered');
    const [range] = findIn(words, 'council', 1);
    assert.deepEqual(partsOf(words, range ?? [0, 0]), [
        { piece: 0, from: 4, to: 8 },
        { piece: 1, from: 0, to: 3 },
    ]);
});

test('what is folded knows where it came from', () => {
    const { text, at } = fold('  É\n\nﬁ𝒜');
    assert.equal(text, 'e fia');
    assert.deepEqual(at, [2, 3, 5, 5, 6, 8]);
});

test('pages are as wide as there is room, or a step', () => {
    assert.equal(scaleOf('fit', 600, 300), 0.5);
    assert.equal(scaleOf(1, 600, 300), 96 / 72);
    assert.ok(scaleOf('fit', 0, 0) > 0);
    assert.equal(stepFrom(1, 1), 1.25);
    assert.equal(stepFrom(0.58, 1), 0.75);
    assert.equal(stepFrom(0.58, -1), 0.5);
    assert.equal(stepFrom(0.3, -1), 0.3, 'a phone shows less than the least step');
    assert.equal(stepFrom(4, 1), 4);
    assert.equal(ZOOMS.includes(1), true);
});

test('a large page is drawn in fewer pixels, a small one as the device can', () => {
    assert.equal(densityOf(800, 1000, 2), 2);
    const density = densityOf(8000, 10_000, 2);
    assert.ok(8000 * density * (10_000 * density) <= 16_000_001);
});
