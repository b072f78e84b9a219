// What is loaded until a screen stands: so many bytes as the server sends them, in so many files that the browser asks for them in one go.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { OutputAsset, OutputChunk } from 'rollup';
import { build } from 'vite';
import { CONSOLES } from '../src/views/console_table.ts';
import { packed } from '../tools/compress.ts';
import { LANGUAGES } from './words_of_the_page.ts';

const ENTRANCE_MAX = 60_000;
const CONSOLE_MAX = 150_000;
const PAGE_MAX = 12_000;
// A browser's connections to one server over HTTP/1.1: what does not fit waits for a round trip.
const FILES_AT_ONCE = 6;
// Areas whose files only i18n/catalogues_aside.ts knows.
const ASIDE = new Set(['accounts', 'ends', 'meetings', 'outside', 'paper', 'unable', 'wall']);

let files: Map<string, OutputChunk | OutputAsset>;

before(async () => {
    const output = await build({
        root: join(import.meta.dirname, '..'),
        logLevel: 'error',
        build: { write: false },
    });
    assert.ok('output' in output);
    files = new Map(output.output.map((file) => [file.fileName, file]));
});

function chunkOf(end: string): OutputChunk {
    const chunks = [...files.values()].filter((file) => file.type === 'chunk');
    const found =
        chunks.find((file) => file.facadeModuleId?.endsWith(end)) ??
        // One from which others take something, too, stands for no module alone.
        chunks.find((file) => file.isDynamicEntry && file.moduleIds.some((id) => id.endsWith(end)));
    assert.ok(found?.type === 'chunk', `no file begins with ${end}`);
    return found;
}

// A file and all that it does not run without: what it imports, and a worker that it starts.
function wholeOf(chunk: OutputChunk, whole = new Set<string>()): Set<string> {
    if (whole.has(chunk.fileName)) {
        return whole;
    }
    whole.add(chunk.fileName);
    for (const name of chunk.imports) {
        const file = files.get(name);
        assert.ok(file?.type === 'chunk', name);
        wholeOf(file, whole);
    }
    for (const name of files.keys()) {
        if (
            name.endsWith('.js') &&
            files.get(name)?.type === 'asset' &&
            chunk.code.includes(name.split('/').at(-1) ?? '/')
        ) {
            whole.add(name);
        }
    }
    return whole;
}

function words(area: string, language: string): string {
    return chunkOf(`/words/${area}.json?language=${language}`).fileName;
}

function entrance(language: string): Set<string> {
    return wholeOf(chunkOf('/index.html')).add(words('entrance', language));
}

function bytes(names: Iterable<string>): number {
    return [...names].reduce((sum, name) => {
        const file = files.get(name);
        return sum + packed(file?.type === 'chunk' ? file.code : (file?.source ?? assert.fail(name))).length;
    }, 0);
}

test('the entrance is one script and its words, and small in every language', () => {
    for (const language of LANGUAGES) {
        const loads = entrance(language);
        console.log(`entrance, ${language}: ${bytes(loads)} bytes`);
        assert.equal(loads.size, 2, [...loads].join(' '));
        assert.ok(bytes(loads) < ENTRANCE_MAX, `the entrance in ${language} loads ${bytes(loads)} bytes`);
    }
});

for (const [name, { view, words: areas }] of Object.entries(CONSOLES)) {
    test(`${name}: comes in one go, and is small with all that was there before`, () => {
        const [, path = ''] = String(view).match(/import\('\.+(.*?)'\)/) ?? [];
        for (const language of LANGUAGES) {
            const before = entrance(language);
            const loads = wholeOf(chunkOf(path));
            for (const area of areas) {
                loads.add(words(area, language));
                if (ASIDE.has(area)) {
                    loads.add(chunkOf('/i18n/catalogues_aside.ts').fileName);
                }
            }
            const more = [...loads].filter((one) => !before.has(one));
            const scripts = more.filter((one) => files.get(one)?.type === 'chunk');
            assert.ok(scripts.length <= FILES_AT_ONCE, scripts.join(' '));
            const all = bytes(new Set([...before, ...loads]));
            console.log(`${name}, ${language}: ${bytes(more)} bytes more, ${all} in all`);
            assert.ok(all < CONSOLE_MAX, `${name} in ${language} loads ${all} bytes`);
        }
    });
}

// A first answer of 14 KB comes in one flight; what a page says that does not begin is in it, and its sheet is a handful of bytes beside the script.
test('the page itself is one flight, with the words for a page that does not begin', () => {
    for (const language of ['en', ...LANGUAGES]) {
        const page = files.get(language === 'en' ? 'index.html' : `index.${language}.html`);
        assert.ok(page?.type === 'asset');
        const html = String(page.source);
        console.log(`index, ${language}: ${Buffer.byteLength(html)} bytes`);
        assert.ok(Buffer.byteLength(html) < PAGE_MAX, `${language}: ${Buffer.byteLength(html)} bytes`);
        assert.match(html, new RegExp(`<main id="start"><section lang="${language}"`));
        const sheets = [...html.matchAll(/<link rel="stylesheet" href="\.\/([^"]+)"/g)].map(
            ([, name]) => name ?? '',
        );
        assert.deepEqual(
            sheets.map((name) => name.replace(/-[\w-]{7}\.css$/, '')),
            ['assets/start', 'assets/no-script'],
        );
        assert.match(html, /<noscript><link [^>]*no-script[^>]*><\/noscript>/);
        assert.ok(bytes(sheets) < 1000);
        assert.ok(
            !/<script(?![^>]*src=)|<style| style="| on[a-z]+="/.test(html),
            'nothing that the policy forbids',
        );
    }
});

// The language has them, the oldest browsers that the page is built for do not. The compiler's `lib` knows the language of the sources; this
// reads the whole script, with what it is made of.
const TOO_NEW =
    /AbortSignal\.(?:timeout|any)|structuredClone|\.(?:findLast|findLastIndex|toReversed|toSorted|toSpliced)\(|Object\.groupBy|Promise\.(?:withResolvers|try)|Array\.fromAsync/;

test('nothing is asked of a browser that the oldest ones do not have', () => {
    for (const file of files.values()) {
        if (file.type === 'chunk') {
            assert.equal(file.code.match(TOO_NEW)?.[0], undefined, file.fileName);
        }
    }
});

// The file is imported for what it does: a build that takes it for one that does nothing leaves it out.
test('the icons of the room come with it', () => {
    const [, grip = '/'] =
        readFileSync(join(import.meta.dirname, '../src/elements/room_icons.ts'), 'utf8').match(
            /grip: '(.*)'/,
        ) ?? [];
    const scripts = [...wholeOf(chunkOf('/views/Room.tsx'))].map((name) => files.get(name));
    assert.ok(scripts.some((file) => file?.type === 'chunk' && file.code.includes(grip)));
});
