// The catalogues: six languages with the same keys, each message readable by the page's own parser, with the same arguments and every
// plural form its language has; every key used and every word of the views in them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';

const SOURCE = join(import.meta.dirname, '../src');
const LANGUAGES = ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const;
type Catalogue = Record<string, string>;

function readCatalogue(folder: string, language: string): Catalogue {
    return JSON.parse(readFileSync(join(SOURCE, folder, `${language}.json`), 'utf8')) as Catalogue;
}

const english = readCatalogue('i18n', 'en');

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

for (const language of LANGUAGES) {
    test(`${language}: the same keys as English, none empty`, () => {
        const messages = readCatalogue('i18n', language);
        assert.deepEqual(Object.keys(messages).sort(), Object.keys(english).sort());
        for (const [key, message] of Object.entries(messages)) {
            assert.notEqual(message.trim(), '', key);
            assert.equal(message, message.normalize('NFC'), key);
        }
    });

    test(`${language}: valid messages with the same arguments and all plural forms`, () => {
        const messages = readCatalogue('i18n', language);
        for (const [key, message] of Object.entries(messages)) {
            const found = walk(parse(message, { ignoreTag: true }));
            const wanted = walk(parse(english[key] ?? '', { ignoreTag: true }));
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
        const pages = readCatalogue('help', language) as unknown as Pages;
        const wanted = readCatalogue('help', 'en') as unknown as Pages;
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

// Without comments, so that their words are not taken for the page's.
function code(text: string): string {
    return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
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

test('every key that is used exists, and every key is used', () => {
    const all = [
        ...sources('views'),
        ...sources('elements'),
        ...sources('areas'),
        ...sources('desk'),
        ...sources('technician'),
        ...sources('training'),
        ...sources('i18n'),
    ]
        .map((one) => code(one.text))
        .join('\n');
    const literal = new Set(
        [...all.matchAll(/['"]([a-z_]+(?:\.[a-z_-]+)+)['"]/g)].map((match) => match[1] ?? ''),
    );
    const families = [...all.matchAll(/`([a-z_.]+)\$\{/g)].map((match) => match[1] ?? '');
    const bare = new Set([...all.matchAll(/text\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''));
    for (const key of Object.keys(english)) {
        const used = literal.has(key) || bare.has(key) || families.some((family) => key.startsWith(family));
        assert.ok(used, `${key} is never used`);
    }
    for (const key of [...bare].concat(
        [...all.matchAll(/text\(\s*'([a-z_.-]+)'/g)].map((match) => match[1] ?? ''),
    )) {
        assert.ok(Object.hasOwn(english, key), `${key} is in no catalogue`);
    }
});
