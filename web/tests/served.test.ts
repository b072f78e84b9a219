// The language that stands in for one's own: after a moment, told by the meeting alone, and away again at once.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Channel, ChannelId } from '../src/contract/generated.ts';
import { followServed, UNSERVED_MAX_MS } from '../src/live/served.ts';
import { heardNow, setFallback, setListening } from '../src/state/listening.ts';
import * as store from '../src/state/store.ts';
import { aMeeting } from './meeting_fixture.ts';

mock.timers.enable({ apis: ['setTimeout'] });
let sequence = 0;

// French is spoken on the floor; these are interpreted into.
function interpret(...into: ChannelId[]): void {
    const channels = aMeeting().channels.map(
        (one): Channel => ({ ...one, state: into.includes(one.id) ? 'interpreted' : 'floor' }),
    );
    sequence += 1;
    store.shownStream().takeSnapshot({ ...aMeeting(), floor_language: 'fr', channels }, sequence);
}

test('it comes after a moment, and goes at once', () => {
    interpret('zh', 'en');
    setListening('zh');
    setFallback('en');
    const stop = followServed();
    assert.equal(heardNow.value, 'zh');

    interpret('en');
    mock.timers.tick(UNSERVED_MAX_MS - 1);
    assert.equal(heardNow.value, 'zh');
    mock.timers.tick(1);
    assert.equal(heardNow.value, 'en');

    interpret('zh', 'en');
    assert.equal(heardNow.value, 'zh');

    // Between two interpreters.
    interpret('en');
    mock.timers.tick(UNSERVED_MAX_MS / 2);
    interpret('zh', 'en');
    mock.timers.tick(UNSERVED_MAX_MS);
    assert.equal(heardNow.value, 'zh');
    stop();
});

test('nothing stands in that nobody serves either, nor without being chosen; the floor always can', () => {
    interpret();
    setListening('zh');
    setFallback('en');
    const stop = followServed();
    mock.timers.tick(UNSERVED_MAX_MS);
    assert.equal(heardNow.value, 'zh');
    setFallback('fr'); // it is spoken on the floor
    assert.equal(heardNow.value, 'fr');
    setFallback('floor');
    assert.equal(heardNow.value, 'floor');
    setFallback('none');
    assert.equal(heardNow.value, 'zh');

    setFallback('floor');
    assert.equal(heardNow.value, 'floor');
    stop();
    assert.equal(heardNow.value, 'zh');
});
