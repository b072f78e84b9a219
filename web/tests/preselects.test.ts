// What the four keys of a desk carry: the pivots of the booth until one is stored, then what was stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Booth, ChannelId, Language, Meeting } from '../src/contract/generated.ts';
import { emptyBooth, emptyDesk } from '../src/state/booths.ts';
import { placeOf } from '../src/state/desk.ts';
import { pivotsOf, preselectsOf } from '../src/state/preselects.ts';
import { aMeeting, person } from './meeting_fixture.ts';

/** A booth of one for each language, which works into others by B and C. */
function booths(into: Partial<Record<Language, Language[]>>, stored: readonly ChannelId[] = []): Meeting {
    const languages = ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const;
    return {
        ...aMeeting(),
        participants: languages.map((language) => person(language, { capacity: 'interpreter', language })),
        booths: languages.map((language): Booth => {
            const booth = emptyBooth(language);
            const desk = emptyDesk(language);
            return {
                ...booth,
                setting: {
                    ...booth.setting,
                    allowed: (into[language] ?? []).map((one) => ({ language: one })),
                },
                desks: [
                    language === 'fr' && stored.length > 0
                        ? { ...desk, preselects: stored.map((channel) => ({ channel })) }
                        : desk,
                ],
            };
        }),
    };
}

function keysOf(meeting: Meeting, desk: string): ChannelId[] {
    const place = placeOf(meeting, desk);
    assert.ok(place !== null);
    return preselectsOf(meeting, place);
}

test('the keys begin with what other booths work into, never with the own language', () => {
    const meeting = booths({ ar: ['fr', 'en'], zh: ['en', 'ru'], ru: ['en'] });
    assert.deepEqual(keysOf(meeting, 'fr'), ['en', 'ru', 'es', 'zh']);
    assert.deepEqual(keysOf(meeting, 'en'), ['fr', 'ru', 'es', 'zh']);
    // What a booth itself works into is no pivot of its own.
    assert.deepEqual(pivotsOf(booths({ zh: ['ar'] }), emptyBooth('zh')), ['en', 'fr', 'es', 'ru', 'ar']);
    assert.deepEqual(keysOf(booths({}), 'es'), ['en', 'fr', 'ru', 'zh']);
});

test('once one is stored the keys are the desk’s own', () => {
    const meeting = booths({ zh: ['en'] }, ['floor', 'ru', 'floor', 'floor']);
    assert.deepEqual(keysOf(meeting, 'fr'), ['floor', 'ru', 'floor', 'floor']);
});
