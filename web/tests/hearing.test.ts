// Microphones that are not heard: what the events make of the meeting, and what the page says of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskAlarms, UNDONE_SHOWN_MS } from '../src/areas/alarms.ts';
import { feedSilenceWords, floorSilenceWords, ownSilenceWords } from '../src/areas/room_words.ts';
import type { EventMessage, EventName, Events, Meeting } from '../src/contract/generated.ts';
import { deskOpened, deskPressed, deskSilenced, giveDeskKey } from '../src/live/desk.ts';
import { placeOf } from '../src/state/desk.ts';
import { reduce } from '../src/state/reduce.ts';
import { unheardMicrophones } from '../src/state/silence.ts';
import { aMeeting, person } from './meeting_fixture.ts';

function after<N extends EventName>(meeting: Meeting, type: N, data: Events[N], at = 1000): Meeting {
    return reduce(meeting, { seq: at, at, by: '', type, data } as unknown as EventMessage);
}

// Two French interpreters, ines and eva.
function aBooth(): Meeting {
    const eva = person('eva', { capacity: 'interpreter', language: 'fr' });
    return after(aMeeting(), 'participant.added', { participant: eva });
}

const place = (meeting: Meeting, id: string) => {
    const found = placeOf(meeting, id);
    assert.ok(found !== null);
    return found;
};
const opening = { participant: 'eva', language: 'fr', since: 5000, output: 'a', target: 'fr' } as const;
const on = { participant: 'eva', language: 'fr', microphone: 'on' } as const;
const alarmsOf = (meeting: Meeting, id: string, time: number): string[] =>
    deskAlarms(meeting, place(meeting, id), time).map((one) => one.key);

test('a desk that opens is off the air until it is heard', () => {
    const opens = after(aBooth(), 'desk.opening', opening, 5000);
    assert.equal(place(opens, 'eva').desk.opening_since, 5000);
    assert.equal(place(opens, 'eva').desk.microphone, 'off');
    const heard = after(opens, 'desk.changed', on, 5400);
    assert.equal(place(heard, 'eva').desk.opening_since, 0);
    assert.equal(place(heard, 'eva').desk.opened_at, 5400);
    const off = after(opens, 'desk.opening', { participant: 'eva', language: 'fr' }, 5500);
    assert.equal(place(off, 'eva').desk.opening_since, 0);
    assert.equal(place(off, 'eva').desk.undone_at, 0);
});

test('a press that is undone is said to who pressed until the next press, and to the partner for a while', () => {
    const undone = after(
        after(aBooth(), 'desk.opening', opening, 5000),
        'desk.opening',
        { participant: 'eva', language: 'fr', undone: true },
        6000,
    );
    assert.deepEqual(alarmsOf(undone, 'eva', 1_000_000), ['desk.undone']);
    assert.deepEqual(alarmsOf(undone, 'ines', 6000), ['desk.mate_undone']);
    assert.deepEqual(alarmsOf(undone, 'ines', 6000 + UNDONE_SHOWN_MS), []);
    assert.deepEqual(alarmsOf(after(undone, 'desk.opening', opening, 7000), 'eva', 7000), []);
});

test('an open microphone that is not heard is said at its own desk and its partner’s', () => {
    const air = after(aBooth(), 'desk.changed', on, 5000);
    const silent = after(air, 'microphone.silent', { participant: 'eva', silence: 'no_sound', since: 8000 });
    assert.deepEqual(alarmsOf(silent, 'eva', 9000), ['desk.no_sound']);
    assert.deepEqual(alarmsOf(silent, 'ines', 9000), ['desk.mate_silent']);
    assert.deepEqual(unheardMicrophones(silent), [{ participant: 'eva', silence: 'no_sound', since: 8000 }]);
    const gone = after(silent, 'microphone.silent', {
        participant: 'eva',
        silence: 'no_packets',
        since: 8500,
    });
    assert.deepEqual(alarmsOf(gone, 'eva', 9000), ['desk.no_packets']);
    for (const again of [
        after(gone, 'microphone.silent', { participant: 'eva' }),
        after(gone, 'desk.changed', { ...on, microphone: 'off' }),
        after(gone, 'desk.changed', { ...on, microphone: 'cough' }),
    ]) {
        assert.deepEqual(alarmsOf(again, 'eva', 9000), []);
        assert.deepEqual(unheardMicrophones(again), []);
    }
});

test('a language that nobody serves is an alarm in its own booth, once it is more than a change of hands', () => {
    const now = aBooth();
    const dark = {
        ...now,
        channels: now.channels.map((one) => (one.id === 'fr' ? { ...one, unserved_since: 10_000 } : one)),
    };
    assert.deepEqual(alarmsOf(dark, 'eva', 11_999), []);
    const [alarm] = deskAlarms(dark, place(dark, 'eva'), 15_000);
    assert.equal(alarm?.key, 'desk.unserved');
    assert.equal(alarm?.values.time, '0:05');
});

test('of a feed on the floor that is not heard the same is said', () => {
    const feed = {
        id: 'hall',
        target: 'floor',
        position: 1,
        put_at: 0,
        sound: false,
        picture: false,
        since: 0,
    } as const;
    assert.equal(feedSilenceWords(feed, 0), null);
    const missed = { ...feed, silent_since: 1000, closes_at: 16_000 };
    assert.deepEqual(feedSilenceWords(missed, 3500), {
        key: 'floor.feed_silent',
        values: { name: 'hall', seconds: 13 },
    });
    assert.equal(feedSilenceWords({ ...missed, closes_at: 0 }, 3500)?.key, 'floor.feed_silent_kept');
});

test('on the floor the time is counted down, to the speaker and to who presides', () => {
    const floor = { participant: 'ana', opened_at: 0, position: 1 };
    assert.equal(ownSilenceWords(floor, 0), null);
    assert.equal(floorSilenceWords(null, 0), null);
    const missing = { ...floor, silence: 'no_packets', silent_since: 1000, closes_at: 16_000 } as const;
    assert.deepEqual(ownSilenceWords(missing, 3500), {
        key: 'microphone.no_packets',
        values: { seconds: 13 },
    });
    assert.deepEqual(floorSilenceWords(missing, 99_000), { key: 'floor.no_packets', values: { seconds: 0 } });
    const kept = { ...missing, closes_at: 0 };
    assert.equal(ownSilenceWords(kept, 3500)?.key, 'microphone.no_packets_kept');
    assert.equal(floorSilenceWords(kept, 3500)?.key, 'floor.no_packets_kept');
    const muted = { ...kept, silence: 'no_sound' } as const;
    assert.equal(ownSilenceWords(muted, 3500)?.key, 'microphone.no_sound_kept');
    const closes = { ...muted, closes_at: 17_000 };
    assert.deepEqual(ownSilenceWords(closes, 3500), { key: 'microphone.no_sound', values: { seconds: 14 } });
    assert.deepEqual(floorSilenceWords(closes, 3500), { key: 'floor.no_sound', values: { seconds: 14 } });
    assert.equal(floorSilenceWords(muted, 3500)?.key, 'floor.no_sound_kept');
});

test('microphone.silent and its end on the floor; a closed microphone takes them with it', () => {
    const open = after(aMeeting(), 'microphone.opened', { participant: 'ana', position: 1 }, 1000);
    const data = { participant: 'ana', silence: 'no_packets', since: 2000, closes_at: 17_000 } as const;
    const silent = after(open, 'microphone.silent', data);
    assert.equal(silent.floor[0]?.closes_at, 17_000);
    const back = after(silent, 'microphone.silent', { participant: 'ana' });
    assert.equal(back.floor[0]?.silence, undefined);
    assert.equal(back.floor[0]?.closes_at, 0);
    const closed = { participant: 'ana', spoken_ms: 9, reason: 'silent' } as const;
    assert.deepEqual(after(silent, 'microphone.closed', closed).floor, []);
});

test('the key acts here first: on sounds until the server answers, off silences whatever it says', async () => {
    let answer: (value: string) => void = () => {};
    const waits = () => new Promise<string>((done) => (answer = done));
    const given = giveDeskKey(true, waits);
    assert.deepEqual([deskPressed.value, deskSilenced.value], [true, false]);
    answer('yes');
    assert.equal(await given, 'yes');
    assert.equal(deskPressed.value, false);
    const refused = giveDeskKey(true, () => Promise.reject(new Error('held')));
    await assert.rejects(refused);
    assert.equal(deskPressed.value, false);
    // An opening by a handover opens after an off that is over, not during one.
    const off = giveDeskKey(false, waits);
    deskOpened();
    assert.equal(deskSilenced.value, true);
    answer('off');
    await off;
    deskOpened();
    assert.equal(deskSilenced.value, false);
    await assert.rejects(giveDeskKey(false, () => Promise.reject(new Error('nothing can be written'))));
    assert.equal(deskSilenced.value, true); // also when it could not be written
    await giveDeskKey(true, () => Promise.resolve());
    assert.equal(deskSilenced.value, false);
});
