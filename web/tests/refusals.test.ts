// What a refusal says: the server's reason in the reader's language, with what its words name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REFUSAL_REASONS } from '../src/contract/generated.ts';
import { LANGUAGES, readArea, WORDS } from './words_of_the_page.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLACES = { came: '{came}', most: '{most}', participant: '{name}' } as const;

interface Reason {
    words: string;
    arguments?: (keyof typeof PLACES)[];
}

function read<T>(path: string): Record<string, T> {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Record<string, T>;
}

const reasons = read<Reason>('contract/refusals.json');

for (const language of LANGUAGES) {
    test(`${language}: each reason has its words, which name what the server sends with it`, () => {
        assert.deepEqual([...REFUSAL_REASONS].sort(), Object.keys(reasons).sort());
        for (const [name, reason] of Object.entries(reasons)) {
            const words = WORDS[`refusal.${name}`]?.[language] ?? '';
            assert.notEqual(words, '', name);
            const sent = (reason.arguments ?? []).map((argument) => PLACES[argument]);
            assert.deepEqual(words.match(/\{[a-z]+\}/g) ?? [], sent, `${language} ${name}`);
        }
        assert.deepEqual(
            Object.keys(WORDS).filter((key) => key.startsWith('refusal.')).length,
            REFUSAL_REASONS.length,
        );
    });
}

test('no reader but the English one is given English', () => {
    for (const name of REFUSAL_REASONS) {
        const { en, ...others } = WORDS[`refusal.${name}`] ?? assert.fail(name);
        assert.ok(!Object.values(others).includes(en), name);
    }
});

// What the page itself, or a delegate, may be refused, by the commands they may give (contract/commands).
test('words come with the screens whose commands are refused', () => {
    const entrance = readArea('entrance');
    for (const name of ['capacity_forbids', 'server_stopping', 'link_is_no_session', 'entrance_alone']) {
        assert.ok(Object.hasOwn(entrance, `refusal.${name}`), name);
    }
    const delegate = { ...entrance, ...readArea('room') };
    for (const name of [
        'list_closed',
        'already_listed',
        'screen_taken',
        'document_kinds',
        'you_have_no_floor',
    ]) {
        assert.ok(Object.hasOwn(delegate, `refusal.${name}`), name);
    }
});
