// One word in each language for who works in the same booth, and one for a microphone that is muted while its key is held: at the desk, in
// the list of keys, in the help.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PageLanguage } from '../src/i18n/catalogues.ts';
import { LANGUAGES, WORDS } from './words_of_the_page.ts';

const OTHERS: Readonly<Record<PageLanguage, RegExp>> = {
    ar: /شريك|زميل المقصورة|زميل الكابينة/,
    zh: /同伴|同事|伙伴|同厢/,
    en: /\bpartner|\bcolleague|\bbooth-mate/i,
    fr: /collègue|partenaire/i,
    ru: /коллег|партн[её]р/i,
    es: /compañer|colega|cabinero/i,
};
const WORD: Readonly<Record<PageLanguage, RegExp>> = {
    ar: /زميل|زملا/,
    zh: /搭档/,
    en: /boothmate/i,
    fr: /concabin/i,
    ru: /напарник/i,
    es: /concabino/i,
};

for (const language of LANGUAGES) {
    test(`${language}: one word for the boothmate`, () => {
        const help = readFileSync(join(import.meta.dirname, `../src/help/${language}.json`), 'utf8');
        assert.match(WORDS['desk.boothmate']?.[language] ?? '', WORD[language]);
        assert.match(help, WORD[language]);
        assert.doesNotMatch(help, OTHERS[language]);
        const found = Object.entries(WORDS).filter(([, words]) => OTHERS[language].test(words[language]));
        assert.deepEqual(
            found.map(([key]) => key),
            [],
        );
    });
}

test('cough says the same on its key, in the banner, in the strip and in the list of keys', () => {
    assert.equal(WORDS['desk.cough']?.en, 'Muted while held');
    assert.deepEqual(
        Object.keys(WORDS).filter((key) => /cough/.test(key) && key !== 'microphone.cough'),
        ['desk.cough'],
    );
    for (const part of ['keys.ts', 'Speak.tsx', 'AirBanner.tsx', 'Strip.tsx']) {
        assert.match(
            readFileSync(join(import.meta.dirname, '../src/desk', part), 'utf8'),
            /'desk\.cough'/,
            part,
        );
    }
});
