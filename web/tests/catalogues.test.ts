// The words: each key in six languages, each message readable by the page's own parser, with the same arguments and every plural form its
// language has; every key used, and where it is used loaded; every word of the views among them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import type { Area } from '../src/i18n/areas.ts';
import { CONSOLES } from '../src/views/console_table.ts';
import { code, comesWith, SOURCE } from './page_graph.ts';
import { AREAS, LANGUAGES, readArea, WORDS } from './words_of_the_page.ts';

interface Found {
    names: Set<string>;
    plurals: { ordinal: boolean; forms: string[] }[];
}

function walk(elements: MessageFormatElement[], found: Found = { names: new Set(), plurals: [] }): Found {
    for (const element of elements) {
        if (element.type !== TYPE.literal && element.type !== TYPE.pound && element.type !== TYPE.tag) {
            found.names.add(element.value);
        }
        if (element.type === TYPE.plural) {
            found.plurals.push({
                ordinal: element.pluralType === 'ordinal',
                forms: Object.keys(element.options),
            });
        }
        if (element.type === TYPE.plural || element.type === TYPE.select) {
            for (const option of Object.values(element.options)) {
                walk(option.value, found);
            }
        }
    }
    return found;
}

for (const area of AREAS) {
    test(`${area}: each key in six languages, none empty`, () => {
        const words = readArea(area);
        assert.deepEqual(Object.keys(words), Object.keys(words).sort(), 'in order, so that merges are quiet');
        for (const [key, texts] of Object.entries(words)) {
            assert.deepEqual(Object.keys(texts), LANGUAGES, key);
            for (const message of Object.values(texts)) {
                assert.notEqual(message.trim(), '', key);
                assert.equal(message, message.normalize('NFC'), key);
            }
        }
    });
}

test('a key stands in one area', () => {
    const count = AREAS.reduce((sum, area) => sum + Object.keys(readArea(area)).length, 0);
    assert.equal(Object.keys(WORDS).length, count);
});

for (const language of LANGUAGES) {
    test(`${language}: valid messages with the same arguments and all plural forms`, () => {
        for (const [key, texts] of Object.entries(WORDS)) {
            const found = walk(parse(texts[language], { ignoreTag: true }));
            const wanted = walk(parse(texts.en, { ignoreTag: true }));
            assert.deepEqual([...found.names].sort(), [...wanted.names].sort(), `${language} ${key}`);
            for (const plural of found.plurals) {
                const rules = new Intl.PluralRules(language, {
                    type: plural.ordinal ? 'ordinal' : 'cardinal',
                });
                const categories = rules.resolvedOptions().pluralCategories;
                const named = plural.forms.filter((form) => !form.startsWith('='));
                assert.ok(named.includes('other'), `${language} ${key}: other`);
                for (const form of named) {
                    assert.ok(
                        categories.includes(form as Intl.LDMLPluralRule),
                        `${language} ${key}: ${form}`,
                    );
                }
                // A message that tells numbers apart at all must know every form of its language; "many" of French and
                // Spanish is for millions only.
                if (named.length > 1) {
                    for (const category of categories) {
                        const rare = category === 'many' && (language === 'fr' || language === 'es');
                        const zero = category === 'zero' && plural.forms.includes('=0');
                        assert.ok(
                            rare || zero || named.includes(category),
                            `${language} ${key}: no form ${category}`,
                        );
                    }
                }
            }
        }
    });

    test(`${language}: the help has every page of the English one`, () => {
        type Pages = Record<
            string,
            { title: string; lead: string; sections: { heading: string; lines: string[] }[] }
        >;
        const read = (name: string) =>
            JSON.parse(readFileSync(join(SOURCE, 'help', `${name}.json`), 'utf8')) as Pages;
        const pages = read(language);
        const wanted = read('en');
        assert.deepEqual(Object.keys(pages), Object.keys(wanted));
        for (const [topic, page] of Object.entries(pages)) {
            const shape = page.sections.map((section) => section.lines.length);
            assert.deepEqual(
                shape,
                wanted[topic]?.sections.map((section) => section.lines.length),
                topic,
            );
            for (const section of page.sections) {
                assert.equal(new Set(section.lines).size, section.lines.length, 'lines are their own keys');
            }
        }
        // A key is called as it is on the page.
        const key = readArea('entrance')['meetings.title']?.[language] ?? '';
        assert.ok(JSON.stringify(pages.everybody).includes(key), key);
    });
}

function sources(folder: string): { path: string; text: string }[] {
    return readdirSync(join(SOURCE, folder))
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => ({
            path: `${folder}/${name}`,
            text: readFileSync(join(SOURCE, folder, name), 'utf8'),
        }));
}

test('no view or part holds bare text', () => {
    const letters = /\p{L}{2,}/u;
    for (const { path, text } of [
        ...sources('views'),
        ...sources('elements'),
        ...sources('areas'),
        ...sources('desk'),
        ...sources('technician'),
        ...sources('training'),
        ...sources('house'),
        ...sources('house/accounts'),
        ...sources('paper'),
    ].filter((one) => one.path.endsWith('x'))) {
        const plain = code(text);
        // What stands between two tags, outside braces.
        for (const [whole, between] of plain.matchAll(/(?:\/|[\w"'}])>([^<>{}=;()]*)<[/A-Za-z]/g)) {
            assert.ok(!letters.test(between ?? ''), `${path}: ${whole}`);
        }
        for (const [whole, , value] of plain.matchAll(
            /\b(aria-label|title|placeholder|alt|label)="([^"]*)"/g,
        )) {
            assert.ok(!letters.test(value ?? ''), `${path}: ${whole}`);
        }
    }
});

// What names a key in a module: its name, or the beginning and end of a name with something between.
function namedIn(path: string): (key: string) => boolean {
    const text = code(readFileSync(join(SOURCE, path), 'utf8'));
    const literal = new Set(
        [...text.matchAll(/['"]([a-z_]+(?:\.[a-z0-9_-]+)*)['"]/g)].map((match) => match[1]),
    );
    const families = [...text.matchAll(/`([a-z_]+\.[a-z_.]*)\$\{[^}]*\}([a-z_.]*)/g)].map(
        ([, from, to]) =>
            new RegExp(`^${from?.replaceAll('.', '\\.')}[a-z0-9_-]+${to?.replaceAll('.', '\\.')}`),
    );
    return (key) => literal.has(key) || families.some((family) => family.test(key));
}

// Other modules have no words, but commands and events of the same names.
const WITH_WORDS = /^(views|elements|areas|desk|technician|training|house|paper|i18n)\//;

function keysOf(root: string): Set<string> {
    const named = [...comesWith(root)].filter((path) => WITH_WORDS.test(path)).map(namedIn);
    return new Set(Object.keys(WORDS).filter((key) => named.some((names) => names(key))));
}

// A screen's own file, from the import() in its entry of the table.
function fileOf(name: string): string {
    const [, file] = String(CONSOLES[name as keyof typeof CONSOLES].view).match(/import\('\.(.*?)'\)/) ?? [];
    assert.ok(file, `${name} is loaded by import()`);
    return join('views', `.${file}`);
}

const consoles = Object.keys(CONSOLES);
const keysOfPage = keysOf('main.tsx');
const keysOfConsole = new Map(consoles.map((name) => [name, keysOf(fileOf(name))]));
// It comes behind every first screen, with the words of the room.
for (const key of [
    'areas/Menu.tsx',
    'elements/ShortcutList.tsx',
    'areas/WhoIsHere.tsx',
    'areas/HelpPanel.tsx',
].flatMap((part) => [...keysOf(part)])) {
    keysOfConsole.get('room')?.add(key);
}

// Behind an interpreter's screen, in a rehearsal.
for (const key of keysOf('training/TakesCard.tsx')) {
    keysOfConsole.get('interpreter')?.add(key);
}

// Screens whose words are an area of their own.
const ALONE = new Set(['house', 'ended', 'missing', 'link', 'unable', 'projector']);

// Behind any screen, for who sits in several meetings.
const keysOfMeetings = keysOf('areas/Meetings.tsx');

// Behind any screen, with the first PDF that is opened.
const keysOfPaper = keysOf('paper/PdfPane.tsx');

// The pages of accounts come within the house and by a link of their own, with an area for both.
const OF_ACCOUNTS = ['house/accounts/', 'areas/SecondFactor.tsx', 'views/Begin.tsx'];
const modulesOfAccounts = [
    ...new Set(
        [
            'house/accounts/Accounts.tsx',
            'house/accounts/OwnAccount.tsx',
            'house/accounts/Server.tsx',
            'views/Begin.tsx',
        ].flatMap((root) => [...comesWith(root)]),
    ),
].filter((path) => OF_ACCOUNTS.some((one) => path.startsWith(one)));
const named = modulesOfAccounts.map(namedIn);
const isOfAccounts = (key: string): boolean => named.some((names) => names(key));

// Where a key belongs: as near to the screens that use it as there is an area.
function homeOf(key: string): Area | null {
    const users = consoles.filter((name) => keysOfConsole.get(name)?.has(key));
    if (isOfAccounts(key) && !keysOfPage.has(key) && users.every((name) => name === 'begin')) {
        return 'accounts';
    }
    const outside = users.filter((name) => CONSOLES[name as keyof typeof CONSOLES].words.includes('outside'));
    if (keysOfPage.has(key) || (outside.length > 0 && outside.length < users.length)) {
        return 'entrance';
    }
    if (outside.length > 0) {
        return 'outside';
    }
    if (users.includes('room')) {
        return 'room';
    }
    if (keysOfPaper.has(key) && users.length === 0) {
        return 'paper';
    }
    if (keysOfMeetings.has(key)) {
        return 'meetings';
    }
    const [only, ...others] = users;
    if (only === undefined) {
        return null;
    }
    const area = users.map((name) => CONSOLES[name as keyof typeof CONSOLES].words[0] ?? 'entrance');
    if (ALONE.has(only) && new Set(area).size === 1) {
        return area[0] ?? null;
    }
    return others.length === 0 && (only === 'interpreter' || only === 'technician') ? only : 'desks';
}

test('every key is used, and its words come with the screens that use it, not before', () => {
    for (const area of AREAS) {
        for (const key of Object.keys(readArea(area))) {
            // Which command is refused for which reason is the server's affair.
            if (!key.startsWith('refusal.')) {
                assert.equal(area, homeOf(key), `${key} belongs into another area, or is never used`);
            }
        }
    }
});

test('every key that is used exists', () => {
    for (const { path, text } of [
        'views',
        'elements',
        'areas',
        'desk',
        'technician',
        'training',
        'house',
        'house/accounts',
        'paper',
    ].flatMap(sources)) {
        for (const [, key] of code(text).matchAll(/text\(\s*'([a-z_.-]+)'/g)) {
            assert.ok(Object.hasOwn(WORDS, key ?? ''), `${path}: ${key} has no words`);
        }
    }
});
