// One truth for the rules of the desks: the tables of the core's tests (tests/unit/meeting, told into tests/data/cases) are asked of
// what the page itself says of outputs, the interlock, relays, the rota and handovers before the server has answered.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type {
    ChannelId,
    Desk,
    DeskState,
    EventMessage,
    Language,
    Meeting,
    Output,
    RefusalReason,
} from '../src/contract/generated.ts';
import { deskHears, deskState } from '../src/state/booths.ts';
import {
    chosenOutput,
    type HandoverRole,
    handoverRole,
    holderOf,
    microphoneFeeds,
    nextOfRota,
    outputLanguage,
    type Place,
    type Press,
    placeOf,
    pressOf,
} from '../src/state/desk.ts';
import { reduce } from '../src/state/reduce.ts';

const CASES = join(import.meta.dirname, '../../tests/data/cases');
const tables = readdirSync(CASES);

interface Told {
    before: string;
    events: EventMessage[];
    step: string;
    refusal?: RefusalReason;
    then?: EventMessage[];
    desks: Record<string, { hears: ChannelId; state: DeskState }>;
}

/** A case, played by the page's own reducer. */
interface Case {
    told: Told;
    name: string;
    then: EventMessage[];
    before: Meeting;
    after: Meeting;
    who: string;
    command: string;
    words: string[];
}

function casesOf(table: string): Case[] {
    const [first, ...rest] = readFileSync(join(CASES, table), 'utf8').trimEnd().split('\n');
    const { room } = JSON.parse(first ?? '') as { room: Meeting };
    return rest.map((line) => {
        const told = JSON.parse(line) as Told;
        const before = told.events.reduce(reduce, room);
        const then = told.then ?? [];
        const [who = '', command = '', ...words] = told.step.split(' ');
        const name = `after "${told.before}": "${told.step}"`;
        return { told, name, then, before, after: then.reduce(reduce, before), who, command, words };
    });
}

const all = tables.flatMap(casesOf);

/** Asks a question of all cases that have it; a table that no longer asks it would say nothing. */
function ask(question: string, least: number, answer: (one: Case) => number): void {
    test(question, () => {
        const asked = all.reduce((sum, one) => sum + answer(one), 0);
        assert.ok(asked >= least, `asked ${asked} times`);
    });
}

ask('what a desk hears, and whether it is there, ready or on the air', 2000, ({ told, name, after }) => {
    const desks = after.booths.flatMap((booth) => booth.desks.map((desk) => ({ booth, desk })));
    assert.equal(desks.length, Object.keys(told.desks).length);
    for (const { booth, desk } of desks) {
        const core = told.desks[desk.participant];
        assert.equal(deskHears(after, booth, desk), core?.hears, `${name}: ${desk.participant} hears`);
        assert.equal(deskState(after, desk), core?.state, `${name}: ${desk.participant}`);
    }
    return desks.length;
});

ask('whose desk a channel carries', 250, ({ name, after }) => {
    let asked = 0;
    for (const channel of after.channels) {
        const byHand = channel.forced === true || (channel.feed ?? '') !== '';
        if (channel.id === 'floor' || byHand) {
            continue;
        }
        const carried = channel.state === 'interpreted' ? channel.holder : undefined;
        const holder = holderOf(after, channel.id)?.desk;
        if (carried === undefined && holder?.silence !== undefined) {
            continue; // nothing is heard of it: the channel carries something else, and the output is still theirs
        }
        assert.equal(holder?.participant, carried, `${name}: ${channel.id}`);
        asked += carried === undefined ? 0 : 1;
    }
    return asked;
});

// ---- A press of the microphone or of an output

/** The place as the press would have it: with the language that was chosen with the output. */
function pressed({ before, who, command, words }: Case): { place: Place; output: Output } | null {
    const place = placeOf(before, who);
    if (place === null) {
        return null;
    }
    if (command === 'desk.microphone' && words[0] === 'on' && place.desk.microphone === 'off') {
        return { place, output: chosenOutput(place.desk) };
    }
    if (command !== 'desk.output') {
        return null;
    }
    const [output, language] = words as [Output, Language | undefined];
    const chosen: Partial<Desk> =
        language === undefined || output === 'a' ? {} : { [`language_${output}`]: language };
    return { place: { booth: place.booth, desk: { ...place.desk, ...chosen } }, output };
}

const NO_LANGUAGE: readonly RefusalReason[] = ['output_needs_language', 'booth_not_into_language'];
const BY_OTHERS: Partial<Record<Press, RefusalReason>> = {
    overridden: 'partner_opened_over',
    kept: 'output_held',
};
// Refused for what no key of the page asks for, or for where the person is.
const ELSEWHERE: readonly RefusalReason[] = ['output_a_is_own', 'not_in_room', 'capacity_forbids'];

/** Who was on the air and is not any more, of one's own booth or of others. */
function closed({ then, who }: Case, booth: Language, own: boolean): boolean {
    return then.some(
        (event) =>
            event.type === 'desk.changed' &&
            event.data.participant !== who &&
            event.data.microphone === 'off' &&
            (event.data.language === booth) === own,
    );
}

ask('which language an output feeds, and whether there is one', 80, (one) => {
    const press = pressed(one);
    const { refusal } = one.told;
    if (press === null || (refusal !== undefined && ELSEWHERE.includes(refusal))) {
        return 0;
    }
    const language = outputLanguage(press.place.booth, press.place.desk, press.output);
    assert.equal(language === null, refusal !== undefined && NO_LANGUAGE.includes(refusal), one.name);
    const fed = turnsTo(one) ?? fedAfter(one);
    if (one.command === 'desk.output' && refusal === undefined && fed !== null) {
        assert.equal(fed, language, one.name);
    }
    return 1;
});

/** Where the microphone opens, or is turned to, that has not been heard there; null when it is nowhere on the way. */
function turnsTo({ after, who }: Case): Language | null {
    const desk = placeOf(after, who)?.desk;
    return (desk?.opening_since ?? 0) === 0 ? null : (desk?.opening_target ?? null);
}

/** What the microphone feeds that was pressed; null when it is not on the air. */
function fedAfter({ after, who }: Case): Language | null {
    const desk = placeOf(after, who)?.desk;
    return desk === undefined || desk.microphone === 'off' ? null : (desk.target ?? null);
}

ask('where a press of the microphone goes, and where one on the air is', 120, (one) => {
    const { before, after, who, command, words } = one;
    const fed = fedAfter(one);
    const place = placeOf(before, who);
    const placed = placeOf(after, who);
    if (fed === null || place === null || placed === null) {
        return 0;
    }
    assert.equal(microphoneFeeds(placed.booth, placed.desk), fed, one.name);
    if (command === 'desk.microphone' && words[0] === 'on' && place.desk.microphone === 'off') {
        assert.equal(microphoneFeeds(place.booth, place.desk), fed, one.name);
    }
    return 1;
});

ask('what a press would meet', 70, (one) => {
    const press = pressed(one);
    const { refusal } = one.told;
    const excused = refusal !== undefined && [...ELSEWHERE, ...NO_LANGUAGE].includes(refusal);
    // An output that is chosen off the air takes nothing from anybody.
    const chooses = one.command === 'desk.output' && press?.place.desk.microphone === 'off';
    if (press === null || chooses || excused) {
        return 0;
    }
    const met = pressOf(one.before, press.place, press.output);
    assert.equal(refusal, BY_OTHERS[met], `${one.name}: ${met}`);
    const { language } = press.place.booth;
    // One that is not heard yet closes nobody.
    const closes = met === 'closes_booth' && turnsTo(one) === null;
    assert.equal(closed(one, language, false), closes, `${one.name}: ${met}`);
    if (closed(one, language, true)) {
        assert.ok(met === 'closes_partner' || met === 'closes_booth', `${one.name}: ${met}`);
    }
    return 1;
});

// ---- Turns and handovers

ask('who is the next of the rota', 3, ({ then, before, name }) => {
    const chimes = then.some((event) => event.type === 'desk.chimed');
    const offers = then.flatMap((event) =>
        chimes && event.type === 'handover.changed' && event.data.handover.state === 'offered'
            ? [event.data]
            : [],
    );
    for (const { language, handover } of offers) {
        const booth = before.booths.find((one) => one.language === language);
        assert.ok(booth !== undefined);
        assert.equal(nextOfRota(before, booth, handover.from ?? '')?.participant, handover.to, name);
    }
    return offers.length;
});

ask('whom an offer goes to that names nobody', 2, ({ then, before, who, command, words, name }) => {
    const place = placeOf(before, who);
    const offer = then.find((event) => event.type === 'handover.changed');
    const asked = place?.booth.handover.state !== 'none';
    if (command !== 'handover.offer' || words.length > 0 || place === null || offer === undefined || asked) {
        return 0;
    }
    assert.equal(nextOfRota(before, place.booth, who)?.participant, offer.data.handover.to, name);
    return 1;
});

/** In which roles the keys of a handover are offered, and what they give (desk/commands.ts). */
const MAY: Record<string, readonly HandoverRole[]> = {
    'handover.request': ['may_request', 'stands_in', 'nobody_stands_in'],
    'handover.offer': ['may_offer'],
    'handover.accept': ['requested_of_me', 'offered_to_me', 'i_stand_in'],
};

ask('what one may do about a handover', 25, (one) => {
    const place = placeOf(one.before, one.who);
    const roles = MAY[one.command];
    if (place === null || roles === undefined || one.words.length > 0) {
        return 0;
    }
    const role = handoverRole(one.before, place);
    if (one.told.refusal !== undefined) {
        assert.ok(!roles.includes(role), `${one.name}: ${role}`);
    } else {
        assert.ok(role !== 'nothing' && role !== 'others', `${one.name}: ${role}`);
    }
    return 1;
});
