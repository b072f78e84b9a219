// The page counts what people write as the server does: the same cases as tests/unit/words.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
    COMMAND_CHANNEL_FORCE_REASON_MAX,
    COMMAND_CHAT_SEND_TEXT_MAX,
    COMMAND_DOCUMENT_ADD_TITLE_MAX,
    COMMAND_HELP_SAY_TEXT_MAX,
    COMMAND_INTERPRETATION_SUSPEND_ANNOUNCEMENT_MAX,
} from '../src/contract/generated.ts';
import { cleanWords, countCharacters } from '../src/elements/characters.ts';
import { TEXT_MOST } from '../src/elements/text_most.ts';

interface Case {
    says: string;
    from: string;
    to: string;
}

const CASES = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../tests/data/words.json'), 'utf8'),
) as Case[];

test('people’s words are cleaned as the server cleans them', () => {
    assert.ok(CASES.length > 20);
    for (const { says, from, to } of CASES) {
        assert.equal(cleanWords(from), to, says);
        assert.equal(cleanWords(to), to, says);
        assert.equal(countCharacters(from), [...to].length, says);
    }
});

test('a letter of any script is one character', () => {
    for (const letter of ['a', 'ж', 'م', '李', '𠀀', 'e\u0301']) {
        assert.equal(countCharacters(letter.repeat(120)), 120, letter);
    }
});

test('fields know the contract’s limits', () => {
    assert.deepEqual(TEXT_MOST, {
        line: COMMAND_CHAT_SEND_TEXT_MAX,
        help: COMMAND_HELP_SAY_TEXT_MAX,
        title: COMMAND_DOCUMENT_ADD_TITLE_MAX,
        announcement: COMMAND_INTERPRETATION_SUSPEND_ANNOUNCEMENT_MAX,
        reason: COMMAND_CHANNEL_FORCE_REASON_MAX,
    });
});
