// What the house decides by itself: pasted lines, names in six languages, what is due and missing, orders, and links that are in memory alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    type Body,
    CAPACITY_VALUES,
    type Delegation,
    type Person,
    type Plan,
} from '../src/contract/generated.ts';
import { byFrenchName, codesIn, countryNames, idOf, kindOf, MEMBER_CODES } from '../src/house/countries.ts';
import { dayIn, daysBetween, dueOf, lacksOf, missingCapacities, teamsOf } from '../src/house/due.ts';
import { inTurn } from '../src/house/in_turn.ts';
import { nextNumber, reordered } from '../src/house/order.ts';
import { fold, type Known, keyOf, readPasted } from '../src/house/pasted.ts';
import { emptyFields, faultOf, fieldsOf, wishOf } from '../src/house/plan_wish.ts';
import { assertUnchanged } from '../src/house/saving.ts';
import { filled, firstOf, givenOf } from '../src/house/six.ts';
import { loadDrawing, pathOf } from '../src/house/square_code.ts';
import { belowOf, treeOf } from '../src/house/tree.ts';
import { Problem } from '../src/live/problem.ts';
import { LANGUAGES, WORDS } from './words_of_the_page.ts';

const NOON = Date.UTC(2026, 11, 1, 12);

function plan(part: Partial<Plan> = {}): Plan {
    return {
        id: 'one',
        title: filled({ en: 'Meeting' }),
        form: 'remote',
        life: 'planned',
        sitting: 'closed',
        first_day: '2026-12-01',
        last_day: '2026-12-02',
        people: 3,
        items: 2,
        ...part,
    };
}

function delegation(code: string, en: string, fr: string): Delegation {
    return { id: idOf(code), code, kind: 'member', name: filled({ en, fr }) };
}

const FRANCE = delegation('FRA', 'France', 'France');
const EGYPT = delegation('EGY', 'Egypt', 'Égypte');

const KNOWN: Known = {
    capacities: new Map([
        ['delegate', 'delegate'],
        ['delegation', 'delegate'],
        ['interpreter', 'interpreter'],
    ]),
    languages: new Map([
        ['fr', 'fr'],
        ['francais', 'fr'],
    ]),
    delegations: [FRANCE, EGYPT],
    people: new Set([keyOf('Élise Martin', 'delegate')]),
    headings: new Set(['name', 'capacity', 'delegation', 'address']),
};

test('lines are read as they come: semicolons of three scripts, tabs, headings and blank lines', () => {
    const lines = readPasted(
        [
            'Name; Capacity; Delegation; Address',
            'Claire Dubois; Délégation; fra; claire@example.org',
            '',
            'Samir Khoury؛ interpreter؛ Français',
            '李文；；EGY',
            'Rania Fawzi\tdelegate\tÉgypte\t',
        ].join('\r\n'),
        KNOWN,
    );
    assert.deepEqual(
        lines.map((one) => one.faults),
        [[], [], [], []],
    );
    assert.deepEqual(
        lines.map((one) => one.wish),
        [
            { name: 'Claire Dubois', capacity: 'delegate', delegation: 'fra', address: 'claire@example.org' },
            { name: 'Samir Khoury', capacity: 'interpreter', language: 'fr' },
            { name: '李文', capacity: 'delegate', delegation: 'egy' },
            { name: 'Rania Fawzi', capacity: 'delegate', delegation: 'egy' },
        ],
    );
    assert.deepEqual(
        lines.map((one) => one.number),
        [2, 4, 5, 6],
    );
});

for (const language of LANGUAGES) {
    test(`${language}: the lines that the page shows as an example are good ones`, () => {
        const said = (key: string) => WORDS[key]?.[language] ?? assert.fail(key);
        const example = said('house.paste_example');
        const codes = ['EGY', 'CHN', 'FRA', 'RUS', 'MEX'].map((code) => delegation(code, code, code));
        const lines = readPasted(example, {
            capacities: new Map(CAPACITY_VALUES.map((one) => [fold(said(`capacity.${one}`)), one])),
            languages: new Map(LANGUAGES.map((one) => [fold(said(`language.${one}`)), one])),
            delegations: codes,
            people: new Set(),
            headings: new Set(
                ['name', 'capacity', 'delegation', 'address'].map((one) => fold(said(`house.field_${one}`))),
            ),
        });
        assert.deepEqual(
            lines.map(({ number, faults, wish }) => [number, faults, wish?.capacity]),
            [
                [2, [], 'delegate'],
                [3, [], 'interpreter'],
            ],
        );
    });
}

test('every bad line says what is wrong with it', () => {
    const faults = (text: string) => readPasted(text, KNOWN).map((one) => one.faults.join(' '));
    assert.deepEqual(faults('; delegate'), ['no_name']);
    assert.deepEqual(faults(`${'x'.repeat(121)}; delegate`), ['long_name']);
    assert.deepEqual(faults('Ana; king'), ['capacity']);
    assert.deepEqual(faults('Ana; king; XYZ'), ['capacity']);
    assert.deepEqual(faults('Ana; delegate; XYZ'), ['delegation']);
    assert.deepEqual(faults('Ana; interpreter'), ['language']);
    assert.deepEqual(faults('Ana; interpreter; FRA'), ['language']);
    for (const address of ['ana', 'a@b', 'a b@example.org', '<a@example.org>', `${'a'.repeat(250)}@b.org`]) {
        assert.deepEqual(faults(`Ana; delegate; FRA; ${address}`), ['address'], address);
    }
    assert.deepEqual(faults('Ana; delegate; FRA; a@b.org; more'), ['parts']);
    assert.deepEqual(faults('Ana; delegate\nANA ; delegate; FRA'), ['', 'twice']);
    assert.deepEqual(faults('elise  martin; delegate'), ['already']);
    assert.deepEqual(
        readPasted('Ana; king\nBo; delegate', KNOWN).map((one) => one.wish === null),
        [true, false],
    );
});

test('words are compared without accents, case and blanks', () => {
    assert.equal(fold('  Égypte  du\tNord '), 'egypte du nord');
    assert.equal(fold('Й'), fold('й'));
});

test('one language is enough, and what only fills is not taken for what was written', () => {
    assert.deepEqual(filled({ zh: '会议', ar: ' ' }), {
        ar: '会议',
        zh: '会议',
        en: '会议',
        fr: '会议',
        ru: '会议',
        es: '会议',
    });
    assert.equal(filled({ fr: 'Réunion', ar: 'اجتماع' }).en, 'اجتماع');
    assert.equal(filled({ fr: 'Réunion', en: 'Meeting' }).ru, 'Meeting');
    assert.deepEqual(givenOf(filled({ zh: '会议' }), 'zh'), { zh: '会议' });
    assert.deepEqual(givenOf(filled({ en: 'Meeting', fr: 'Réunion' }), 'fr'), {
        en: 'Meeting',
        fr: 'Réunion',
    });
    assert.equal(firstOf({ en: 'Meeting' }, 'fr'), 'en');
    assert.equal(firstOf({}, 'fr'), 'fr');
    assert.equal(firstOf({ fr: 'Réunion', en: 'Meeting' }, 'fr'), 'fr');
});

test('a country brings its names in six languages; what is none is an organisation', () => {
    assert.equal(MEMBER_CODES.length, 193);
    assert.deepEqual(codesIn('fra, KE;BRA\nWMO fra'), ['FRA', 'KEN', 'BRA', 'WMO']);
    const names = countryNames('KEN');
    assert.deepEqual(names, {
        ar: 'كينيا',
        zh: '肯尼亚',
        en: 'Kenya',
        fr: 'Kenya',
        ru: 'Кения',
        es: 'Kenia',
    });
    assert.equal(countryNames('WMO'), null);
    // Each code has a country behind it in every language.
    for (const code of MEMBER_CODES) {
        const all = Object.values(countryNames(code) ?? {});
        assert.equal(all.length, 6, code);
        assert.ok(
            all.every((one) => one !== '' && one !== code),
            code,
        );
    }
    assert.equal(kindOf('KEN'), 'member');
    assert.equal(kindOf('PSE'), 'observer');
    assert.equal(kindOf('WMO'), 'observer');
    assert.equal(idOf('C&I 2'), 'c-i-2');
});

test('delegations stand by their French names', () => {
    const sorted = [
        delegation('ZWE', 'Zimbabwe', 'Zimbabwe'),
        FRANCE,
        EGYPT,
        delegation('GBR', 'United Kingdom', 'Royaume-Uni'),
        delegation('USA', 'United States', 'États-Unis'),
    ].sort(byFrenchName);
    assert.deepEqual(
        sorted.map((one) => one.code),
        ['EGY', 'USA', 'FRA', 'GBR', 'ZWE'],
    );
});

test('what a meeting lacks; a meeting of no body needs no delegations', () => {
    assert.deepEqual(lacksOf(plan(), []), []);
    assert.deepEqual(lacksOf(plan({ body: 'council' }), []), ['delegations']);
    const { first_day, people, items, ...bare } = plan({ form: 'hall', unlinked: 2 });
    assert.deepEqual(lacksOf(bare, []), ['days', 'place', 'people', 'links', 'agenda']);
    assert.deepEqual([first_day, people, items], ['2026-12-01', 3, 2]);
});

test('two meetings in one hall are told, on the same days alone', () => {
    const hall = { form: 'hall', place: 'Room A' } as const;
    const other = (part: Partial<Plan>) => [plan({ ...hall, id: 'other', ...part })];
    const lacks = (part: Partial<Plan>) => lacksOf(plan(hall), other(part)).includes('hall');
    assert.equal(lacks({ place: ' room a' }), true);
    assert.equal(lacks({ first_day: '2026-12-02', last_day: '2026-12-05' }), true);
    assert.equal(lacks({ first_day: '2026-12-03', last_day: '2026-12-05' }), false);
    assert.equal(lacks({ place: 'Room B' }), false);
    assert.equal(lacks({ form: 'remote' }), false);
    assert.equal(lacks({ life: 'cancelled' }), false);
    assert.equal(lacks({ id: 'one' }), false);
});

test('what is due: now, today in the zone of the meeting, the coming fortnight, and what has no day', () => {
    const { first_day: _, last_day: __, ...undated } = plan({ id: 'undated' });
    const due = dueOf(
        [
            undated,
            plan({ id: 'soon', first_day: '2026-12-15', last_day: '2026-12-15' }),
            plan({ id: 'later', first_day: '2026-12-16', last_day: '2026-12-16' }),
            plan({ id: 'over', first_day: '2026-11-29', last_day: '2026-11-30' }),
            plan({ id: 'today' }),
            plan({ id: 'open', first_day: '2026-11-01', last_day: '2026-11-01', sitting: 'open' }),
            plan({ id: 'off', life: 'cancelled' }),
            // There it is the second already.
            plan({ id: 'far', first_day: '2026-12-02', last_day: '2026-12-02', zone: 'Pacific/Kiritimati' }),
        ],
        NOON,
    );
    assert.deepEqual(
        due.map(({ plan: { id }, when }) => [id, when]),
        [
            ['open', 'now'],
            ['today', 'today'],
            ['far', 'today'],
            ['soon', 'soon'],
            ['undated', 'undated'],
        ],
    );
    assert.equal(dayIn('Nowhere/Else', NOON), '2026-12-01');
    assert.equal(daysBetween('2026-02-28', '2026-03-01'), 1);
});

function person(capacity: Person['capacity'], language: Person['language'] = 'none'): Person {
    return {
        id: `${capacity}-${language}`,
        name: capacity,
        capacity,
        language,
        link: 'none',
        presence: 'away',
    };
}

test('booths and teams, and without whom no sitting goes well', () => {
    const people = [person('chair'), person('interpreter', 'fr'), person('interpreter', 'fr')];
    const states = Object.fromEntries(teamsOf(people).map((one) => [one.language, one.state]));
    assert.deepEqual(states, { ar: 'none', zh: 'none', en: 'none', fr: 'team', ru: 'none', es: 'none' });
    assert.equal(teamsOf([person('interpreter', 'es')]).at(-1)?.state, 'alone');
    assert.deepEqual(missingCapacities(plan({ body: 'council' }), people), [
        'secretary',
        'moderator',
        'technician',
    ]);
    // A moderator can do what a secretary is there for.
    assert.deepEqual(missingCapacities(plan({ body: 'council' }), [...people, person('moderator')]), [
        'technician',
    ]);
    assert.deepEqual(missingCapacities(plan(), people), []);
    assert.deepEqual(missingCapacities(plan(), []), ['chair']);
});

test('an agenda is put in another order, and its next number follows from the last', () => {
    const things = ['a', 'b', 'c'].map((id) => ({ id }));
    const ids = (to: number, id = 'a') =>
        reordered(things, id, to)
            .map((one) => one.id)
            .join('');
    assert.deepEqual([ids(1), ids(2), ids(9), ids(-1, 'c'), ids(0)], ['bac', 'bca', 'bca', 'cab', 'abc']);
    assert.deepEqual([[], ['1', '2'], ['3.1'], ['PL-09'], ['Any other business']].map(nextNumber), [
        '1',
        '3',
        '3.2',
        'PL-10',
        '',
    ]);
});

test('bodies stand below each other; a circle loses none', () => {
    const body = (id: string, parent?: string): Body => ({
        id,
        code: id,
        name: filled({ en: id }),
        ...(parent === undefined ? {} : { parent }),
    });
    const tree = (bodies: Body[]) => treeOf(bodies).map((one) => `${one.depth}${one.body.id}`);
    assert.deepEqual(tree([body('c', 'b'), body('a'), body('b', 'a'), body('d', 'gone')]), [
        '0a',
        '1b',
        '2c',
        '0d',
    ]);
    assert.deepEqual(tree([body('a', 'b'), body('b', 'a')]), ['0a', '1b']);
    assert.deepEqual(
        [...belowOf([body('a'), body('b', 'a'), body('c', 'b'), body('d')], 'a')],
        ['a', 'b', 'c'],
    );
});

test('a meeting as a form has it is the meeting again', () => {
    const one = plan({
        body: 'council',
        zone: 'Europe/Paris',
        form: 'hall',
        place: 'Room A',
        rehearsal: true,
    });
    const { title, first_day, last_day } = one;
    assert.deepEqual(wishOf(fieldsOf(one, 'en'), 'planned'), {
        title,
        body: 'council',
        first_day,
        last_day,
        zone: 'Europe/Paris',
        form: 'hall',
        place: 'Room A',
        life: 'planned',
        floor_microphones_max: 2,
        rehearsal: true,
    });
    const fields = emptyFields('UTC', '2026-12-01');
    assert.equal(faultOf(fields), 'no_title');
    assert.equal(faultOf({ ...fields, title: { fr: 'Réunion' } }), null);
    assert.equal(faultOf({ ...fields, title: { fr: 'Réunion' }, last_day: '2026-11-30' }), 'days_order');
    // One day is a first and a last, and no day is none.
    assert.equal(wishOf({ ...fields, last_day: '' }).last_day, '2026-12-01');
    assert.equal(wishOf({ ...fields, first_day: '' }).last_day, undefined);
});

test('many requests go one after the other, wait when they are told to, and stop at a refusal', async () => {
    const pauses: number[] = [];
    const outside = (told: number[]) => ({
        pause: async (ms: number) => void pauses.push(ms),
        told: (done: number) => void told.push(done),
    });
    const busy = new Problem({ type: '/problems/too-many', title: '', status: 429 }, 3);
    const told: number[] = [];
    let tries = 0;
    const all = await inTurn(
        ['a', 'b'],
        async () => {
            tries += 1;
            if (tries === 2) {
                throw busy;
            }
        },
        outside(told),
    );
    assert.deepEqual([all, told, pauses, tries], [{ done: 2, problem: null }, [1, 2], [3000], 3]);
    const conflict = new Problem({ type: '/problems/conflict', title: '', status: 409 });
    const some = await inTurn(
        ['a', 'b', 'c'],
        async (one) => {
            if (one === 'b') {
                throw conflict;
            }
        },
        outside([]),
    );
    assert.deepEqual(some, { done: 1, problem: conflict });
    const never = await inTurn(['a'], () => Promise.reject(busy), outside([]));
    assert.deepEqual(never, { done: 0, problem: busy });
});

test('what somebody else has changed is seen, what is gone is left to the server', () => {
    assert.throws(() => assertUnchanged({ a: 1 }, { a: 2 }));
    assert.doesNotThrow(() => assertUnchanged({ a: 1 }, { a: 1 }));
    assert.doesNotThrow(() => assertUnchanged({ a: 1 }, undefined));
});

test('a link is drawn as a code with a quiet border', async () => {
    assert.equal(
        pathOf([
            [false, true, true],
            [true, false, true],
        ]),
        'M1 0h2v1h-2zM0 1h1v1h-1zM2 1h1v1h-1z',
    );
    const draw = await loadDrawing();
    const { size, path } = draw(`https://meetings.example.org/m/council#${'a'.repeat(48)}`);
    // Versions of the standard have 17 + 4 n squares on a side; four of quiet stand around.
    assert.equal((size - 8 - 17) % 4, 0);
    // The finder in the corner: seven dark squares behind the border.
    assert.ok(path.startsWith('M4 4h7v1h-7z'));
    assert.ok(!/M[0-3] |M\d+ [0-3]h/.test(path));
});
