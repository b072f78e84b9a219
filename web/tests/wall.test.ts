// The wall's two languages, and how large a name can be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localized, localizedLanguage, sayIn, spokenLanguage, text, wordsOf } from '../src/i18n/index.ts';
import { readLanguages, usualLanguages, withFirst } from '../src/views/projector_languages.ts';
import { roomOf } from '../src/views/projector_room.ts';

test('an address names one language or two; anything else names none', () => {
    assert.deepEqual(readLanguages('fr,ar'), { first: 'fr', second: 'ar' });
    assert.deepEqual(readLanguages('ru'), { first: 'ru', second: null });
    assert.deepEqual(readLanguages('ru,'), { first: 'ru', second: null });
    assert.deepEqual(readLanguages('zh,zh'), { first: 'zh', second: null });
    assert.deepEqual(readLanguages('es,none'), { first: 'es', second: null });
    for (const nothing of [null, '', 'de', 'none,fr', 'constructor']) {
        assert.equal(readLanguages(nothing), null, String(nothing));
    }
});

test('there are two languages before anybody has chosen, and never the same twice', () => {
    assert.deepEqual(usualLanguages('en'), { first: 'en', second: 'fr' });
    assert.deepEqual(usualLanguages('fr'), { first: 'fr', second: 'en' });
    assert.deepEqual(usualLanguages('ar'), { first: 'ar', second: 'en' });
    assert.deepEqual(withFirst({ first: 'en', second: 'fr' }, 'fr'), { first: 'fr', second: 'en' });
    assert.deepEqual(withFirst({ first: 'en', second: 'fr' }, 'zh'), { first: 'zh', second: 'fr' });
    assert.deepEqual(withFirst({ first: 'en', second: null }, 'zh'), { first: 'zh', second: null });
});

const FRENCH = wordsOf('fr', { 'stage.nobody': 'Personne n’a la parole' });
const ARABIC = wordsOf('ar', { 'stage.nobody': 'لا أحد لديه الكلمة' });
const BRAZIL = { ar: 'البرازيل', zh: '', en: 'Brazil', fr: 'Brésil', ru: '', es: '' };

test('words of another language are said within sayIn() alone', () => {
    const say = () => [spokenLanguage(), text('stage.nobody'), localized(BRAZIL), localizedLanguage(BRAZIL)];
    const page = say();
    assert.deepEqual(sayIn(FRENCH, say), ['fr', 'Personne n’a la parole', 'Brésil', 'fr']);
    assert.deepEqual(
        sayIn(FRENCH, () => [sayIn(ARABIC, say)[0], spokenLanguage()]),
        ['ar', 'fr'],
    );
    assert.throws(() =>
        sayIn(ARABIC, () => {
            throw new Error('while it was said');
        }),
    );
    assert.deepEqual(say(), page);
});

test('a name has the more room the longer it is, and a wide sign counts twice', () => {
    assert.deepEqual(
        ['France', 'Switzerland', 'Trinidad and Tobago', 'x'.repeat(56), 'x'.repeat(120)].map(roomOf),
        [1, 1, 2, 3, 4],
    );
    assert.equal(roomOf('大不列颠及北爱尔兰联合王国'), 2);
    assert.equal(roomOf('中国'), 1);
});
