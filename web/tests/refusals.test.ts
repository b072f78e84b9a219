// What a refusal says: the server's reason in the reader's language, with what its words name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REFUSAL_REASONS } from '../src/contract/generated.ts';

const ROOT = join(import.meta.dirname, '../..');
const LANGUAGES = ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const;
const PLACES = { most: '{most}', participant: '{name}' } as const;

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
        const messages = read<string>(`web/src/i18n/${language}.json`);
        assert.deepEqual([...REFUSAL_REASONS].sort(), Object.keys(reasons).sort());
        for (const [name, reason] of Object.entries(reasons)) {
            const words = messages[`refusal.${name}`] ?? '';
            assert.notEqual(words, '', name);
            const sent = (reason.arguments ?? []).map((argument) => PLACES[argument]);
            assert.deepEqual(words.match(/\{[a-z]+\}/g) ?? [], sent, `${language} ${name}`);
        }
        assert.deepEqual(
            Object.keys(messages).filter((key) => key.startsWith('refusal.')).length,
            REFUSAL_REASONS.length,
        );
    });
}

test('no reader but the English one is given English', () => {
    const english = read<string>('web/src/i18n/en.json');
    for (const language of LANGUAGES.filter((one) => one !== 'en')) {
        const messages = read<string>(`web/src/i18n/${language}.json`);
        for (const name of REFUSAL_REASONS) {
            assert.notEqual(messages[`refusal.${name}`], english[`refusal.${name}`], `${language} ${name}`);
        }
    }
});
