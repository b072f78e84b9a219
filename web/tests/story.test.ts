// One truth for two reducers: stories of all kinds of events, told by the core (tests/sim/sim_story.c), are reduced here to the states
// that the core came to.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EventMessage, Meeting } from '../src/contract/generated.ts';
import { reduce } from '../src/state/reduce.ts';

const ROOT = join(import.meta.dirname, '../..');
const STORIES = join(ROOT, 'tests/data/stories');
const stories = readdirSync(STORIES).filter((name) => name.endsWith('.jsonl'));

type Line = { meeting: Meeting } | { after: Meeting } | EventMessage;

/** What is not given is none, zero, no or empty: an optional field may be left out or say so. Output A is what is not said. */
const NOTHING: readonly unknown[] = ['none', 0, false, ''];

function wire(meeting: Meeting): unknown {
    return JSON.parse(
        JSON.stringify(meeting, (key, value: unknown) =>
            NOTHING.includes(value) || (key === 'output' && value === 'a') ? undefined : value,
        ),
    );
}

// What older stories were told without.
const YOUNGER = { help_calls: [], help_lines: [] };

// The first age whose stories say when a sitting was opened, and an item taken up.
const SAYS_WHEN = '007';

// What the state says now and did not say then is no difference.
function asThen(story: string, meeting: Meeting, then: Meeting): Meeting {
    const known = Object.fromEntries(
        Object.entries(meeting).filter(([key]) => key in then || !(key in YOUNGER)),
    ) as unknown as Meeting;
    if (story >= SAYS_WHEN) {
        return known;
    }
    const agenda = known.agenda.map((item) => ({ ...item, started_at: 0 }));
    return { ...known, agenda, opened_at: 0 };
}

function lines(story: string): Line[] {
    const text = readFileSync(join(STORIES, story), 'utf8');
    return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
}

for (const story of stories) {
    test(`${story}: event by event to the state of the core`, () => {
        let meeting: Meeting | null = null;
        let compared = 0;
        for (const line of lines(story)) {
            if ('meeting' in line) {
                meeting = { ...YOUNGER, ...line.meeting };
                continue;
            }
            assert.ok(meeting !== null);
            if ('after' in line) {
                assert.deepEqual(wire(asThen(story, meeting, line.after)), wire(line.after));
                compared += 1;
                continue;
            }
            meeting = reduce(meeting, line);
        }
        assert.ok(compared > 3);
    });
}

test('events of all kinds occur in the stories', () => {
    const wanted = readdirSync(join(ROOT, 'contract/events')).map((name) => name.replace(/\.json$/, ''));
    const told = new Set<string>();
    for (const line of stories.flatMap(lines)) {
        if ('type' in line) {
            told.add(line.type);
        }
    }
    const untold = wanted.filter((kind) => !told.has(kind));
    assert.deepEqual(untold, []);
});
