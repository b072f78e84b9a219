// A part of the page that does not come: asked for again until it is here, and by a new page where asking again cannot help.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bring, type Hindrance, type ServedPage } from '../src/views/bring.ts';

interface Course {
    /** Whether each try succeeds; the last goes on. */
    comes: boolean[];
    /** What the server has, at each look. */
    page: ServedPage[];
    mayReload?: boolean;
    /** Ends the test of what would go on for ever. */
    pausesMax?: number;
}

async function follow({ comes, page, mayReload = true, pausesMax = 100 }: Course) {
    const told: Hindrance[] = [];
    const pauses: number[] = [];
    let reloads = 0;
    let tries = 0;
    const given = new Error('given up');
    const result = await bring(
        async () => {
            const here = comes[Math.min(tries, comes.length - 1)];
            tries += 1;
            if (!here) {
                throw new Error('not found');
            }
            return 'here';
        },
        {
            servedPage: async () => page.shift() ?? 'none',
            pause: async (ms) => {
                pauses.push(ms);
                if (pauses.length === pausesMax) {
                    throw given;
                }
            },
            reload: () => {
                reloads += mayReload ? 1 : 0;
                return mayReload;
            },
        },
        (why) => told.push(why),
    ).catch((thrown) => {
        assert.equal(thrown, given);
        return 'given up';
    });
    return { result, told, pauses, reloads, tries };
}

test('what comes at once is not talked about', async () => {
    const { result, told, pauses, tries } = await follow({ comes: [true], page: [] });
    assert.deepEqual({ result, told, pauses, tries }, { result: 'here', told: [], pauses: [], tries: 1 });
});

test('a line that is lost is told, and tried again with growing pauses until it is back', async () => {
    const { result, told, pauses, reloads } = await follow({
        comes: [false, false, false, false, false, false, false, true],
        page: [],
    });
    assert.equal(result, 'here');
    assert.deepEqual(new Set(told), new Set(['unreachable']));
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    assert.equal(reloads, 0);
});

test('a server with a newer page: this one is loaded anew', async () => {
    const { reloads, tries } = await follow({ comes: [false], page: ['other'], pausesMax: 1 });
    assert.deepEqual({ reloads, tries }, { reloads: 1, tries: 1 });
});

test('the same page, and the browser does not ask again: this one is loaded anew, not before the second try', async () => {
    const { reloads, tries } = await follow({ comes: [false], page: ['same', 'same'], pausesMax: 2 });
    assert.deepEqual({ reloads, tries }, { reloads: 1, tries: 2 });
    const once = await follow({ comes: [false, true], page: ['same'] });
    assert.deepEqual({ result: once.result, reloads: once.reloads }, { result: 'here', reloads: 0 });
    const late = await follow({ comes: [false, false, false, true], page: ['none', 'none', 'same'] });
    assert.deepEqual(late.pauses, [1000, 2000, 1000], 'when the server is back, soon');
    // A line that comes and goes is no reason.
    const flaky = await follow({ comes: [false, false, false, true], page: ['same', 'none', 'same'] });
    assert.equal(flaky.reloads, 0);
});

test('a page that was loaded anew a moment ago is not loaded again and again', async () => {
    const { told, reloads } = await follow({
        comes: [false],
        page: ['other', 'other', 'other'],
        mayReload: false,
        pausesMax: 3,
    });
    assert.deepEqual({ told, reloads }, { told: ['stuck', 'stuck', 'stuck'], reloads: 0 });
});
