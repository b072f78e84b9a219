import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { ChatLine } from '../src/contract/generated.ts';
import { allLines, followChat, forgetPast, keepPast, mayBeOlder, readOn } from '../src/state/past_chat.ts';

function lines(from: number, to: number): ChatLine[] {
    return Array.from({ length: to - from + 1 }, (_, index) => ({
        room: 'interpreters',
        participant: `f${(from + index) % 3}`,
        at: from + index,
        text: `line ${from + index}`,
    }));
}

beforeEach(forgetPast);

test('before anything is read there are the lines of the state, and there may be older ones', () => {
    followChat(lines(40, 50));
    assert.deepEqual(allLines(lines(41, 51)), lines(41, 51));
    assert.equal(mayBeOlder(), true);
    assert.equal(readOn(), undefined);
});

test('what is read stands before the lines of the state, each once', () => {
    keepPast(lines(30, 50), 300, lines(40, 50));
    assert.deepEqual(allLines(lines(40, 50)), lines(30, 50));
    assert.equal(readOn(), 300);
    keepPast(lines(20, 29), 200, lines(40, 50));
    assert.deepEqual(allLines(lines(40, 50)), lines(20, 50));
    keepPast([], undefined, lines(40, 50));
    assert.equal(mayBeOlder(), false);
    assert.deepEqual(allLines(lines(40, 50)), lines(20, 50));
});

test('an answer that reaches less far than the state leaves no gap', () => {
    keepPast(lines(48, 50), 480, lines(40, 50));
    followChat(lines(41, 51));
    assert.deepEqual(allLines(lines(41, 51)), lines(40, 51));
    assert.equal(readOn(), 480);
});

test('lines that leave the state while the page looks stay', () => {
    keepPast(lines(30, 50), 300, lines(40, 50));
    for (let at = 51; at <= 70; at++) {
        followChat(lines(at - 10, at));
    }
    assert.deepEqual(allLines(lines(60, 70)), lines(30, 70));
});

test('after a gap the past is read anew, from the end', () => {
    keepPast(lines(30, 50), 300, lines(40, 50));
    followChat(lines(60, 70));
    assert.deepEqual(allLines(lines(60, 70)), lines(60, 70));
    assert.equal(readOn(), undefined);
    assert.equal(mayBeOlder(), true);
});

test('two lines of one moment are two', () => {
    const [one] = lines(7, 7);
    const twin = { ...(one as ChatLine), text: 'another' };
    keepPast([one as ChatLine, twin], undefined, [twin]);
    assert.equal(allLines([twin]).length, 2);
});
