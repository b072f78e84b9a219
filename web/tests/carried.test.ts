// What is said of a channel is what is spoken on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedBy } from '../src/areas/carried.ts';
import type { Channel, Meeting } from '../src/contract/generated.ts';
import { servedCount } from '../src/state/spoken.ts';
import * as store from '../src/state/store.ts';
import { aMeeting } from './meeting_fixture.ts';

let sequence = 0;

// The French channel as it is; every other is interpreted.
function french(
    part: Partial<Channel>,
    change: (meeting: Meeting) => Partial<Meeting> = () => ({}),
): Channel | null {
    const meeting = aMeeting();
    const channels = meeting.channels.map(
        (one): Channel => ({ ...one, state: 'interpreted', ...(one.id === 'fr' ? part : {}) }),
    );
    sequence += 1;
    store.shownStream().takeSnapshot({ ...meeting, channels, ...change(meeting) }, sequence);
    return channels.find((one) => one.id === 'fr') ?? null;
}

const speaks = (target: 'fr' | 'es') => (meeting: Meeting) => ({
    booths: meeting.booths.map((booth) => ({
        ...booth,
        desks: booth.desks.map((desk) => ({ ...desk, microphone: 'on' as const, target })),
    })),
});

test('a route by hand is named by the language that is spoken there, and is not served', () => {
    const spanish = french({ forced: true, holder: 'ines' }, speaks('es'));
    assert.deepEqual(carriedBy(spanish), { state: 'by_hand', icon: 'loudspeaker', language: 'es' });
    assert.equal(servedCount.value, 5);
});

test('its own language by hand is interpreted and served', () => {
    assert.equal(carriedBy(french({ forced: true, holder: 'ines' }, speaks('fr'))).state, 'interpreted');
    assert.equal(servedCount.value, 6);
});

test('a speaker by hand is named by the language of the floor, a technician by none', () => {
    const floor = (floor_language: 'ru' | 'none') => () => ({
        floor: [{ participant: 'ana', position: 1, opened_at: 5, requested: true }],
        floor_language,
    });
    const by = { forced: true, holder: 'ana', state: 'floor' } as const;
    assert.equal(carriedBy(french(by, floor('ru'))).language, 'ru');
    assert.equal(carriedBy(french(by, floor('none'))).language, 'none');
    assert.equal(carriedBy(french({ ...by, holder: 'chair' })).language, 'none');
});

test('the floor serves the language that is spoken there where it is carried, and silence by hand nobody', () => {
    const spoken = () => ({ floor_language: 'fr' as const });
    assert.equal(carriedBy(french({ state: 'floor' }, spoken)).state, 'floor');
    assert.equal(servedCount.value, 6);
    french({ state: 'floor' }, () => ({ floor_language: 'ru' as const }));
    assert.equal(servedCount.value, 5);
    assert.equal(carriedBy(french({ state: 'silent', forced: true, holder: '' }, spoken)).state, 'silent');
    assert.equal(servedCount.value, 5);
    assert.equal(carriedBy(french({ unserved_since: 7 })).state, 'unheard');
    assert.equal(servedCount.value, 5);
});
