// Compiled messages say what ICU MessageFormat says of them: another house's formatter is the oracle, for every message in every language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IntlMessageFormat } from 'intl-messageformat';
import { formatMessage, formatterOf, type MessageValues } from '../src/i18n/message.ts';
import { compileMessage } from '../tools/words.ts';
import { LANGUAGES, WORDS } from './words_of_the_page.ts';

const LOCALES = { ar: 'ar-u-nu-latn', zh: 'zh-CN', en: 'en-GB', fr: 'fr-FR', ru: 'ru-RU', es: 'es-ES' };
// One for each plural form that a language of ours has, and one with a separator.
const NUMBERS = [0, 1, 2, 3, 5, 11, 21, 22, 100, 1_234_567, 2_000_000, 0.5];

// What a message asks for, without knowing its form: whatever is read from it.
function valuesOf(number: number): MessageValues {
    return new Proxy({} as MessageValues, { get: () => number, has: () => true });
}

for (const language of LANGUAGES) {
    test(`${language}: every message compiled says the same`, () => {
        const locale = LOCALES[language];
        const formatter = formatterOf(locale);
        for (const [key, { [language]: text }] of Object.entries(WORDS)) {
            const compiled = compileMessage(text);
            const oracle = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
            for (const number of NUMBERS) {
                const values = valuesOf(number);
                assert.equal(
                    formatMessage(compiled, formatter, values),
                    String(oracle.format(values)),
                    `${language} ${key} ${number}`,
                );
            }
        }
    });
}

const english = formatterOf('en-GB');

test('a value that is missing is an error, not a gap in the words', () => {
    const compiled = compileMessage('{name} has the floor');
    assert.throws(() => formatMessage(compiled, english, {}), /name/);
    assert.equal(formatMessage(compiled, english, { name: '' }), ' has the floor');
});

test('a name that runs against the words stands in a direction of its own', () => {
    const arabic = formatterOf('ar-u-nu-latn');
    const compiled = compileMessage('{name} · {at} · {count, number}');
    const said = (formatter: typeof english, name: string) =>
        formatMessage(compiled, formatter, { name, at: '12:30', count: 2 });
    assert.equal(said(english, 'Ana (عمر)'), '\u2068Ana (عمر)\u2069 · 12:30 · 2');
    assert.equal(said(english, 'ليلى'), '\u2068ليلى\u2069 · 12:30 · 2');
    assert.equal(said(english, 'Ana'), 'Ana · 12:30 · 2');
    assert.equal(said(arabic, 'ليلى'), 'ليلى · 12:30 · 2');
    assert.equal(said(arabic, 'Ana'), '\u2068Ana\u2069 · 12:30 · 2');
});

test('words with braces and signs that look like more are words', () => {
    assert.equal(formatMessage(compileMessage("'{'a'}' <b> # it''s"), english, {}), "{a} <b> # it's");
});

test('what the page cannot format does not pass the build', () => {
    for (const text of [
        '{at, date, short}',
        '{share, number, percent}',
        '{who, select, me {I} other {they}}',
        '{n, plural, offset:1 other {#}}',
    ]) {
        assert.throws(() => compileMessage(text), /nothing formats/, text);
    }
});
