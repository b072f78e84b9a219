// The words that a page has, in whatever order languages are chosen, screens come and files do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Area } from '../src/i18n/areas.ts';
import type { Catalogue, PageLanguage } from '../src/i18n/catalogues.ts';
import { Shelf } from '../src/i18n/shelf.ts';

// A line on which each file comes, or does not, when the test says so.
function makeShelf() {
    const asked: { name: string; come: () => void; fail: () => void }[] = [];
    const shown: { language: PageLanguage; words: string[] }[] = [];
    const shelf = new Shelf({
        preferred: () => 'en',
        load: (language: PageLanguage, area: Area) =>
            new Promise<Catalogue>((resolve, reject) => {
                const name = `${language}/${area}`;
                asked.push({
                    name,
                    come: () => resolve({ [name]: name }),
                    fail: () => reject(new Error(name)),
                });
            }),
        show: (language, words) => shown.push({ language, words: Object.keys(words).sort() }),
    });
    const take = (name: string) => {
        const at = asked.findIndex((one) => one.name === name);
        assert.notEqual(at, -1, `${name} was not asked for`);
        return asked.splice(at, 1)[0];
    };
    return {
        shelf,
        asked,
        shown,
        come: (name: string) => take(name)?.come(),
        fail: (name: string) => take(name)?.fail(),
    };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('the first screen waits for no words but its own', async () => {
    const { shelf, shown, come } = makeShelf();
    const first = shelf.choose('en');
    const room = shelf.bring(['room', 'desks']);
    come('en/entrance');
    await first;
    assert.deepEqual(shown, [{ language: 'en', words: ['en/entrance'] }]);
    come('en/room');
    come('en/desks');
    await room;
    assert.deepEqual(shown.at(-1)?.words, ['en/desks', 'en/entrance', 'en/room']);
});

test('a language that is chosen later comes with the words of every screen that is open', async () => {
    const { shelf, shown, come } = makeShelf();
    const first = Promise.all([shelf.choose('en'), shelf.bring(['room'])]);
    come('en/entrance');
    come('en/room');
    await first;
    const russian = shelf.choose('ru');
    come('ru/entrance');
    await settle();
    assert.equal(shown.at(-1)?.language, 'en');
    come('ru/room');
    await russian;
    assert.deepEqual(shown.at(-1), { language: 'ru', words: ['ru/entrance', 'ru/room'] });
});

test('a language chosen while a screen comes: neither is shown without the words of the other', async () => {
    const { shelf, shown, come } = makeShelf();
    const first = shelf.choose('en');
    come('en/entrance');
    await first;
    let here = false;
    const room = shelf.bring(['room']).then(() => {
        here = true;
    });
    const french = shelf.choose('fr');
    come('en/room');
    await settle();
    assert.equal(here, false, 'not before it has words in the language that was chosen');
    come('fr/room');
    await room;
    assert.deepEqual(shown.at(-1), { language: 'en', words: ['en/entrance', 'en/room'] });
    come('fr/entrance');
    await french;
    assert.deepEqual(shown.at(-1), { language: 'fr', words: ['fr/entrance', 'fr/room'] });
});

test('a language that does not come leaves the page as it was, and may be chosen again', async () => {
    const { shelf, shown, come, fail, asked } = makeShelf();
    const first = shelf.choose('en');
    come('en/entrance');
    await first;
    const arabic = shelf.choose('ar');
    fail('ar/entrance');
    await assert.rejects(arabic);
    assert.equal(shown.at(-1)?.language, 'en');
    const room = shelf.bring(['room']);
    assert.deepEqual(
        asked.map((one) => one.name),
        ['en/room'],
        'nobody waits for Arabic any more',
    );
    come('en/room');
    await room;
    const again = shelf.choose('ar');
    come('ar/entrance');
    come('ar/room');
    await again;
    assert.equal(shown.at(-1)?.language, 'ar');
});

test('words that do not come are asked for again, and hold up no other language', async () => {
    const { shelf, shown, come, fail } = makeShelf();
    const first = shelf.choose('en');
    come('en/entrance');
    await first;
    const room = shelf.bring(['room']);
    fail('en/room');
    await assert.rejects(room);
    const spanish = shelf.choose('es');
    come('es/entrance');
    await spanish;
    assert.deepEqual(shown.at(-1), { language: 'es', words: ['es/entrance'] });
    const again = shelf.bring(['room']);
    come('es/room');
    await again;
    assert.deepEqual(shown.at(-1)?.words, ['es/entrance', 'es/room']);
});

test('of two languages chosen one after the other the later is shown, whichever comes first', async () => {
    const { shelf, shown, come } = makeShelf();
    const both = Promise.all([shelf.choose('fr'), shelf.choose('zh')]);
    come('zh/entrance');
    come('fr/entrance');
    await both;
    assert.deepEqual(
        shown.map((one) => one.language),
        ['zh'],
    );
});
