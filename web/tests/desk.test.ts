// The desk's pure parts: outputs and their holders, the interlock as the page foretells it, what is heard, the handover's roles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Booth, type Desk, INTERLOCK_MODE_VALUES, type Meeting } from '../src/contract/generated.ts';
import { handoverWords } from '../src/desk/handover_words.ts';
import { chimeSound } from '../src/media/chime.ts';
import { emptyBooth, emptyDesk, tidySetting } from '../src/state/booths.ts';
import { linesOf, markRead, recallRead, seenUntil, threadKey, unread } from '../src/state/chats.ts';
import {
    autoRelayAt,
    depthOf,
    deskMix,
    FLOOR_BEHIND,
    handoverRole,
    holderOf,
    microphoneFeeds,
    nextOfRota,
    outputLanguage,
    placeOf,
    pressOf,
    routedAway,
    takesOver,
    wrongDirection,
} from '../src/state/desk.ts';
import { freshSignals, SIGNAL_FRESH_MS } from '../src/state/signals.ts';
import { aMeeting, person } from './meeting_fixture.ts';

/** Two booths: zh with B into en or fr, en; two desks each. */
function twoBooths(parts: Record<string, Partial<Desk>> = {}, more: Partial<Meeting> = {}): Meeting {
    const booth = (language: 'zh' | 'en'): Booth => ({
        ...emptyBooth(language),
        desks: [`${language}1`, `${language}2`].map((id) => ({ ...emptyDesk(id), ...parts[id] })),
    });
    const zh = booth('zh');
    return {
        ...aMeeting(),
        participants: ['zh1', 'zh2', 'en1', 'en2'].map((id) =>
            person(id, { capacity: 'interpreter', language: id.slice(0, 2) as 'zh' }),
        ),
        booths: [
            {
                ...zh,
                setting: {
                    ...zh.setting,
                    allowed: [{ language: 'en' }, { language: 'fr' }],
                    output_b: 'en',
                },
            },
            booth('en'),
        ],
        ...more,
    };
}

function at(meeting: Meeting, id: string) {
    const place = placeOf(meeting, id);
    assert.ok(place !== null);
    return place;
}

const onAir = (target: 'zh' | 'en' | 'fr', part: Partial<Desk> = {}): Partial<Desk> => ({
    microphone: 'on',
    output: 'a',
    target,
    opened: 5,
    ...part,
});

test('an output feeds the booth’s language, the desk’s choice or the booth’s preset, when allowed', () => {
    const { booth, desk } = at(twoBooths(), 'zh1');
    assert.equal(outputLanguage(booth, desk, 'a'), 'zh');
    assert.equal(outputLanguage(booth, desk, 'b'), 'en');
    assert.equal(outputLanguage(booth, desk, 'c'), null);
    assert.equal(outputLanguage(booth, { ...desk, language_b: 'fr' }, 'b'), 'fr');
    assert.equal(outputLanguage(booth, { ...desk, language_b: 'ru' }, 'b'), null);
    assert.equal(placeOf(twoBooths(), 'nobody'), null);
});

test('the holder is the newest open desk of a channel, whatever its booth', () => {
    const meeting = twoBooths({
        zh1: onAir('en', { output: 'b', opened: 9 }),
        en1: onAir('en', { microphone: 'cough' }),
    });
    assert.equal(holderOf(meeting, 'en')?.desk.participant, 'zh1');
    assert.equal(holderOf(meeting, 'zh'), null);
});

test('who is routed away by hand is not on the air, whatever the key says', () => {
    const routed = (part: Partial<Meeting['channels'][number]>, desk: Partial<Desk> = onAir('en')) => {
        const meeting = twoBooths({ en1: desk });
        const channels = meeting.channels.map((one) => (one.id === 'en' ? { ...one, ...part } : one));
        return routedAway({ ...meeting, channels }, at(meeting, 'en1'));
    };
    assert.equal(routed({}), false);
    assert.equal(routed({ forced: true }), true);
    assert.equal(routed({ forced: true, holder: 'te' }), true);
    assert.equal(routed({ forced: true, holder: 'en1' }), false);
    // Who is not heard there carries nothing: what is beneath goes on.
    assert.equal(routed({ forced: true, holder: 'te', silent_since: 5 }), false);
    assert.equal(routed({ forced: true }, {}), false);
});

test('every interlock mode says what a press may take', () => {
    const taken = (mode: (typeof INTERLOCK_MODE_VALUES)[number], held: 'a' | 'b') => {
        const meeting = twoBooths(
            held === 'a' ? { en1: onAir('en') } : { zh1: onAir('en', { output: 'b' }) },
            { interlock_a: mode, interlock_bc: mode },
        );
        return [
            pressOf(meeting, at(meeting, held === 'a' ? 'zh1' : 'en1'), 'a'),
            pressOf(meeting, at(meeting, held === 'a' ? 'zh1' : 'en1'), 'b'),
        ];
    };
    const table = Object.fromEntries(
        INTERLOCK_MODE_VALUES.map((mode) => [
            mode,
            // B of zh pressed against A of en; A of en pressed against B of zh.
            [taken(mode, 'a')[1], taken(mode, 'b')[0]],
        ]),
    );
    assert.deepEqual(table, {
        no_override: ['kept', 'kept'],
        override_allowed: ['closes_booth', 'closes_booth'],
        a_overrides_a: ['kept', 'kept'],
        a_overrides_bc: ['kept', 'closes_booth'],
        a_overrides_abc: ['kept', 'closes_booth'],
    });
});

test('within a booth its mode decides; who was overridden waits', () => {
    const override = twoBooths({ zh1: onAir('zh') });
    assert.equal(pressOf(override, at(override, 'zh2'), 'a'), 'closes_partner');
    assert.equal(pressOf(override, at(override, 'zh1'), 'a'), 'own');
    const mixed = twoBooths({ en1: onAir('en') });
    const place = at(mixed, 'en2');
    const shared = {
        ...place,
        booth: { ...place.booth, setting: { ...place.booth.setting, mode: 'mixed' as const } },
    };
    assert.equal(pressOf(mixed, shared, 'a'), 'joins_partner');
    const over = twoBooths({ zh1: onAir('zh'), zh2: { overridden_by: 'zh1' } });
    assert.equal(pressOf(over, at(over, 'zh2'), 'a'), 'overridden');
    // A partner who is not heard holds nothing against a press.
    const mute = twoBooths({
        zh1: { ...onAir('zh'), silence: 'no_sound', silent_since: 1 },
        zh2: { overridden_by: 'zh1' },
    });
    assert.equal(pressOf(mute, at(mute, 'zh2'), 'a'), 'closes_partner');
    assert.equal(pressOf(twoBooths(), at(twoBooths(), 'en1'), 'a'), 'free');
});

test('the relay is heard when it carries anything but the floor, else the floor’s own slots', () => {
    const base = { microphone: 'off', takingOver: false, monitored: false } as const;
    assert.deepEqual(deskMix({ ...base, hears: 'floor', carriesFloor: false }), {
        floor: 1,
        relay: 0,
        boothmate: 0,
    });
    assert.deepEqual(deskMix({ ...base, hears: 'en', carriesFloor: false }), {
        floor: 0,
        relay: 1,
        boothmate: 0,
    });
    assert.deepEqual(deskMix({ ...base, hears: 'en', carriesFloor: true }), {
        floor: 1,
        relay: 0,
        boothmate: 0,
    });
});

test('the partner is heard on standby, not on the air, and in front while one takes over', () => {
    const base = { hears: 'en', carriesFloor: false, monitored: true } as const;
    assert.equal(deskMix({ ...base, microphone: 'off', takingOver: false }).boothmate, 1);
    assert.equal(deskMix({ ...base, microphone: 'on', takingOver: false }).boothmate, 0);
    assert.deepEqual(deskMix({ ...base, monitored: false, microphone: 'off', takingOver: true }), {
        floor: 0,
        relay: FLOOR_BEHIND,
        boothmate: 1,
    });
    assert.equal(takesOver({ state: 'armed', from: 'a', to: 'b' }, 'b'), true);
    assert.equal(takesOver({ state: 'armed', from: 'a', to: 'b' }, 'a'), false);
    assert.equal(takesOver({ state: 'offered', from: 'a', to: 'b' }, 'b'), false);
});

test('a wrong direction: into the language spoken, or into the one heard', () => {
    const speaks = twoBooths({}, { floor_language: 'zh' });
    assert.equal(wrongDirection(speaks, at(speaks, 'zh1')), 'floor');
    assert.equal(wrongDirection(speaks, at(speaks, 'en1')), null);
    const turned = twoBooths({ zh1: { output: 'b' } }, { floor_language: 'zh' });
    assert.equal(wrongDirection(turned, at(turned, 'zh1')), null);
    const relayed = twoBooths({ zh1: { output: 'b', source: 'en' } }, { floor_language: 'ru' });
    assert.equal(wrongDirection(relayed, at(relayed, 'zh1')), 'relay');
    // On relay the floor's language is no matter.
    const safe = twoBooths({ zh1: { source: 'en' } }, { floor_language: 'zh' });
    assert.equal(wrongDirection(safe, at(safe, 'zh1')), null);
    // Who took over from a partner on B feeds what the partner fed, and who is about to will.
    const taken = twoBooths(
        { zh1: onAir('en', { output: 'b', language_b: 'fr' }) },
        { floor_language: 'en' },
    );
    assert.equal(wrongDirection(taken, at(taken, 'zh1')), 'floor');
    const armed = { state: 'armed' as const, from: 'zh1', to: 'zh2' };
    const booths = taken.booths.map((one) => (one.language === 'zh' ? { ...one, handover: armed } : one));
    assert.equal(wrongDirection({ ...taken, booths }, at({ ...taken, booths }, 'zh2')), 'floor');
});

test('auto-relay concerns the other booths', () => {
    const meeting = twoBooths({}, { auto_relay: 'en', auto_relay_booth: 'zh' });
    assert.deepEqual(autoRelayAt(meeting, at(meeting, 'en1').booth), { channel: 'en', from: 'zh' });
    assert.equal(autoRelayAt(meeting, at(meeting, 'zh1').booth), null);
    assert.equal(autoRelayAt(twoBooths(), at(twoBooths(), 'en1').booth), null);
});

test('depth: the original, first, second, third hand, or nothing', () => {
    const channel = { id: 'en' as const, auto_floor: true };
    assert.equal(depthOf('floor', null), 0);
    assert.equal(depthOf('en', { ...channel, state: 'floor' }), 0);
    assert.equal(depthOf('en', { ...channel, state: 'silent' }), null);
    assert.equal(depthOf('en', { ...channel, state: 'interpreted' }), 1);
    assert.equal(depthOf('en', { ...channel, state: 'interpreted', depth: 2 }), 2);
    assert.equal(depthOf('en', { ...channel, state: 'interpreted', depth: 3 }), 3);
});

test('what each of a booth may do in every state of a handover', () => {
    const roles = (state: Booth['handover']['state'], parts: Record<string, Partial<Desk>>) => {
        const meeting = twoBooths(parts);
        return ['zh1', 'zh2', 'en1'].map((id) => {
            const place = at(meeting, id);
            const handover = { state, from: 'zh1', to: 'zh2' };
            const booth = id === 'en1' ? place.booth : { ...place.booth, handover };
            return handoverRole(meeting, { ...place, booth });
        });
    };
    const working = { zh1: onAir('zh') };
    assert.deepEqual(roles('none', {}), ['nothing', 'nothing', 'nothing']);
    assert.deepEqual(roles('none', working), ['may_offer', 'may_request', 'nothing']);
    assert.deepEqual(roles('none', { ...working, zh2: { resting: true } }), [
        'nothing',
        'may_request',
        'nothing',
    ]);
    assert.deepEqual(roles('requested', working), ['requested_of_me', 'requested_by_me', 'nothing']);
    assert.deepEqual(roles('offered', working), ['offered_by_me', 'offered_to_me', 'nothing']);
    assert.deepEqual(roles('armed', working), ['i_give', 'i_take', 'nothing']);
    assert.deepEqual(roles('switching', working), ['switching', 'switching', 'nothing']);
    assert.deepEqual(roles('counting', working), ['i_am_lost', 'i_stand_in', 'nothing']);
    assert.deepEqual(roles('counting', { zh1: { lost_at: 1 } }), ['i_am_cut', 'i_stand_in', 'nothing']);
});

test('a countdown that nobody ends, and one that a third sees', () => {
    const role = (id: string, to: string, parts: Record<string, Partial<Desk>>) => {
        const meeting = twoBooths(parts);
        const place = at(meeting, id);
        const handover = { state: 'counting' as const, from: 'zh1', to };
        return handoverRole(meeting, { ...place, booth: { ...place.booth, handover } });
    };
    const open = { zh1: onAir('zh') };
    assert.equal(role('zh1', '', open), 'i_am_lost_alone');
    assert.equal(role('zh1', '', {}), 'i_am_cut_alone');
    assert.equal(role('zh2', '', open), 'nobody_stands_in');
    assert.equal(role('zh2', 'zh3', open), 'stands_in');
});

test('a countdown for who is taken off the booth', () => {
    const meeting = twoBooths({});
    const place = at(meeting, 'zh2');
    const handover = {
        state: 'counting' as const,
        from: 'zh9',
        to: 'zh2',
        output: 'b' as const,
        target: 'fr' as const,
    };
    const booth = { ...place.booth, handover };
    assert.equal(handoverRole(meeting, { ...place, booth }), 'i_stand_in');
    assert.equal(microphoneFeeds(booth, place.desk), 'fr');
    const other = at(meeting, 'zh1').desk;
    assert.equal(handoverRole(meeting, { booth, desk: other }), 'stands_in');
    assert.equal(microphoneFeeds(booth, other), 'zh');
    assert.equal(handoverWords('i_stand_in', booth), 'handover.left_i_stand_in');
    assert.equal(
        handoverWords('i_stand_in', { ...booth, handover: { ...handover, from: 'zh1' } }),
        'handover.i_stand_in',
    );
});

test('the next of the rota is the next on standby, around', () => {
    const meeting = twoBooths({ zh1: onAir('zh') });
    const { booth } = at(meeting, 'zh1');
    assert.equal(nextOfRota(meeting, booth, 'zh1')?.participant, 'zh2');
    const turned = twoBooths({ zh2: onAir('zh') });
    assert.equal(nextOfRota(turned, at(turned, 'zh2').booth, 'zh2')?.participant, 'zh1');
    const resting = twoBooths({ zh1: onAir('zh'), zh2: { resting: true } });
    assert.equal(nextOfRota(resting, at(resting, 'zh1').booth, 'zh1'), null);
});

test('a booth’s setting is made such as the server takes', () => {
    const plain = emptyBooth('zh').setting;
    assert.deepEqual(
        tidySetting({ ...plain, allowed: [{ language: 'en' }], output_b: 'en', output_c: 'fr', rota: true }),
        { ...plain, allowed: [{ language: 'en' }], output_b: 'en', rota: false },
    );
    assert.equal(tidySetting({ ...plain, turn_minutes: 30, rota: true }).rota, true);
    assert.ok(!('output_b' in tidySetting({ ...plain, output_b: 'none' })));
});

test('lines belong to their thread and are new until read', () => {
    const chat = [
        { room: 'booth', language: 'fr', participant: 'a', text: 'one', at: 10 },
        { room: 'interpreters', participant: 'a', text: 'two', at: 20 },
        { room: 'booth', language: 'fr', participant: 'b', phrase: 'thank_you', at: 30 },
        { room: 'booth', language: 'en', participant: 'c', text: 'three', at: 40 },
    ] as const;
    const thread = { room: 'booth', booth: 'fr' } as const;
    const lines = linesOf(chat, thread);
    assert.deepEqual(
        lines.map((one) => one.at),
        [10, 30],
    );
    assert.equal(linesOf(chat, { room: 'interpreters', booth: 'none' }).length, 1);
    assert.equal(unread(lines, 'b', 0), 1);
    assert.equal(unread(lines, 'c', 0), 2);
    markRead(thread, lines);
    assert.equal(unread(lines, 'c', seenUntil.value.get(threadKey(thread)) ?? 0), 0);
    markRead(thread, []);
    assert.equal(seenUntil.value.get(threadKey(thread)), 30);
});

test('a signal is news for a while, once of each kind, and about who speaks', () => {
    const signals = [
        { kind: 'slow_down', participant: 'ana', at: 1000 },
        { kind: 'slow_down', participant: 'ana', at: 6000 },
        { kind: 'louder', participant: 'gone', at: 6000 },
        { kind: 'bad_sound', participant: 'ana', language: 'fr', at: 7000 },
    ] as const;
    assert.deepEqual(
        freshSignals(signals, ['ana'], 8000).map((one) => [one.kind, one.at]),
        [
            ['slow_down', 6000],
            ['bad_sound', 7000],
        ],
    );
    assert.deepEqual(freshSignals(signals, ['ana'], 7000 + SIGNAL_FRESH_MS), []);
});

test('the chime is a sound that begins and ends in silence, well below full scale', () => {
    const view = new DataView(chimeSound());
    assert.equal(view.getUint32(40, true), view.byteLength - 44);
    const samples = Array.from({ length: (view.byteLength - 44) / 2 }, (_, index) =>
        Math.abs(view.getInt16(44 + 2 * index, true)),
    );
    const peak = Math.max(...samples);
    assert.ok(peak > 1000 && peak < 32_768 / 5, String(peak));
    assert.ok((samples[0] ?? 1) === 0 && Math.max(...samples.slice(-200)) < peak / 40);
});

test('what was read is remembered by the tab, for this person alone; what is kept is not trusted', () => {
    const kept = new Map<string, string>();
    Object.assign(globalThis, {
        sessionStorage: {
            getItem: (key: string) => kept.get(key) ?? null,
            setItem: (key: string, value: string) => kept.set(key, value),
        },
    });
    const thread = { room: 'booth', booth: 'fr' } as const;
    const line = { room: 'booth', language: 'fr', participant: 'f2', text: 'now', at: 70 } as const;
    recallRead('demo/f1');
    assert.equal(seenUntil.value.size, 0);
    markRead(thread, [line]);
    recallRead('demo/f2');
    assert.equal(seenUntil.value.size, 0);
    recallRead('demo/f1');
    assert.equal(seenUntil.value.get(threadKey(thread)), 70);
    for (const bad of ['{', '7', '["demo/f1", 3]', '["demo/f1", [["a"], 5, ["b", "c"]]]']) {
        kept.set('plenary.chats_read', bad);
        recallRead('demo/f1');
        assert.equal(seenUntil.value.size, 0, bad);
    }
    Reflect.deleteProperty(globalThis, 'sessionStorage');
});
