// What a browser lacks, and what the page says by itself where nothing of it begins.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacksOf } from '../src/media/lacks.ts';
import { startSections, startSheet, startWords } from '../tools/start.ts';
import { LANGUAGES } from './words_of_the_page.ts';

const WHOLE = {
    WebSocket: 1,
    RTCPeerConnection: 1,
    AudioContext: 1,
    isSecureContext: true,
    navigator: { mediaDevices: {} },
};

test('each part that is taken away is named', () => {
    assert.deepEqual(lacksOf(WHOLE), []);
    assert.deepEqual(lacksOf({ ...WHOLE, WebSocket: undefined }), ['line']);
    assert.deepEqual(lacksOf({ ...WHOLE, RTCPeerConnection: undefined }), ['peer']);
    assert.deepEqual(lacksOf({ ...WHOLE, AudioContext: undefined }), ['sound']);
    assert.deepEqual(lacksOf({ ...WHOLE, navigator: {} }), ['devices']);
    assert.deepEqual(lacksOf({ ...WHOLE, navigator: {}, isSecureContext: false }), ['secure']);
    assert.deepEqual(lacksOf({}), ['line', 'peer', 'sound', 'devices']);
});

test('what is said where nothing begins: six languages, the reader’s first, with the browsers that do', () => {
    const words = startWords();
    assert.deepEqual(Object.keys(words), LANGUAGES);
    for (const language of LANGUAGES) {
        const said = startSections(language);
        assert.ok(said.startsWith(`<section lang="${language}"`), language);
        for (const { title, wait } of Object.values(words)) {
            assert.ok(said.includes(title) && said.includes(wait), title);
        }
        assert.equal(said.match(/<h1>/g)?.length, 1);
        for (const version of ['105', '115', '16.4']) {
            assert.equal(said.split(version).length - 1, LANGUAGES.length, version);
        }
        assert.doesNotMatch(said, /[{}]|undefined/);
    }
    const other = LANGUAGES.filter((one) => one !== 'en').map((one) => JSON.stringify(words[one]));
    for (const word of ['browser', 'secretariat', 'newer', 'line', 'load']) {
        assert.ok(!other.some((text) => new RegExp(`\\b${word}\\b`).test(text)), word);
    }
});

test('its sheet shows it by itself, after a while; at once where no script may run', () => {
    assert.match(
        startSheet('start.css'),
        /#start\{visibility:hidden;.*animation:start-shown 1ms 6s forwards;\}/,
    );
    assert.equal(startSheet('no-script.css'), '#start{visibility:visible;}');
});
