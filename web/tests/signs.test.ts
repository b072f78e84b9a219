// The signs between the words: each language has its own, one kind of each, in the catalogues and in the help.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import type { PageLanguage } from '../src/i18n/catalogues.ts';
import { code, SOURCE } from './page_graph.ts';
import { LANGUAGES, WORDS } from './words_of_the_page.ts';

// What stands in the page of a message: a value, whatever it is, is one letter here.
function shown(elements: MessageFormatElement[]): string[] {
    let here = '';
    const choices: string[] = [];
    for (const element of elements) {
        if (element.type === TYPE.literal) {
            here += element.value;
        } else if (element.type === TYPE.plural || element.type === TYPE.select) {
            here += 'x';
            choices.push(...Object.values(element.options).flatMap(({ value }) => shown(value)));
        } else {
            here += 'x';
        }
    }
    return [here, ...choices];
}

function textsIn(value: unknown): string[] {
    return typeof value === 'string'
        ? [value]
        : typeof value === 'object' && value !== null
          ? Object.values(value).flatMap(textsIn)
          : [];
}

function everyText(language: PageLanguage): string[] {
    const words = Object.values(WORDS).flatMap((texts) => shown(parse(texts[language], { ignoreTag: true })));
    const help: unknown = JSON.parse(readFileSync(join(SOURCE, 'help', `${language}.json`), 'utf8'));
    return [...words, ...textsIn(help)];
}

const WRONG: Readonly<Partial<Record<PageLanguage, RegExp>>> = {
    // Full-width signs carry their own room: no blank beside them, and no sign of the narrow kind beside a Chinese letter.
    zh: /[：，。；？！、（）“”] | [：，。；？！、（）]|\p{Script=Han}[:,;?!()]|[:,;?!()]\p{Script=Han}/u,
    ar: /\p{Script=Arabic}\p{M}*[,;?]/u,
};

for (const language of LANGUAGES) {
    test(`${language}: apostrophes and quotation marks are the curly ones, an ellipsis is one sign`, () => {
        const wrong = everyText(language).filter((one) => /['"]|\.\.\./.test(one));
        assert.deepEqual(wrong, []);
    });

    const signs = WRONG[language];
    if (signs !== undefined) {
        test(`${language}: the signs are those of its script`, () => {
            assert.deepEqual(
                everyText(language).filter((one) => signs.test(one)),
                [],
            );
        });
    }
}

// A colon has another room around it in French, and is another sign in Chinese: it belongs into the words.
test('no part puts a sign of its own between words', () => {
    const parts = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.tsx'),
    );
    assert.ok(parts.length > 50);
    const wrong = parts.flatMap((name) =>
        code(readFileSync(join(SOURCE, name), 'utf8'))
            .split('\n')
            .filter((line) => /\)\}[:;,?!]|\{' '\}|[:;,?!]<\//.test(line))
            .map((line) => `${name}: ${line.trim()}`),
    );
    assert.deepEqual(wrong, []);
});

// What a sign that stands beside words may be said with, in English: of a sign for an act the act, of one for a state the state.
const MEANS: Readonly<Record<string, RegExp>> = {
    bell: /chime/i,
    camera: /camera/i,
    camera_off: /camera (is )?(closed|off)|turn the camera off/i,
    chat: /message/i,
    check: /acknowledged|served|answer|sent|carried|solved|done/i,
    clock: /suspend|hours|history|in \{|renew|time|sound check/i,
    close: /withdraw|remove|close|take .* (off|back)/i,
    gavel: /sitting/i,
    globe: /language/i,
    hand: /ask|list/i,
    headphones: /listen|ear|volume|signal|level/i,
    keyboard: /key/i,
    leave: /sign out/i,
    list: /phrases|speakers/i,
    loudspeaker: /sound|speak|voice|floor|original/i,
    microphone: /microphone|floor|give now|sound check|opening|record/i,
    microphone_off: /muted|silenced|off the air|close my microphone/i,
    pause: /pause/i,
    people: /team|here|present|boothmate/i,
    play: /play|listen|tone|resume|go on/i,
    plus: /add|new|hand in|choose a file/i,
    print: /print/i,
    record: /record/i,
    screen: /screen/i,
    silent: /off air|silent/i,
    stop: /end|stop/i,
    undo: /undo/i,
};

test('a sign agrees with the words beside it', () => {
    const beside = /(?:<Icon name|icon)="(?<sign>\w+)"[^<>]*>\s*(?:<span[^>]*>\s*)?\{text\('(?<key>[\w.]+)'/g;
    const given = /icon="(?<sign>\w+)"\s+words=\{text\('(?<key>[\w.]+)'/g;
    const parts = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.tsx'),
    );
    const pairs = parts.flatMap((name) => {
        const source = readFileSync(join(SOURCE, name), 'utf8');
        return [beside, given].flatMap((one) => [...source.matchAll(one)].map(({ groups }) => groups ?? {}));
    });
    assert.ok(pairs.length > 40, `${pairs.length} pairs were found`);
    const wrong = pairs.filter(({ sign = '', key = '' }) => {
        const means = MEANS[sign];
        return means !== undefined && !means.test(WORDS[key]?.en ?? '');
    });
    assert.deepEqual(wrong, []);
});
