// Every region that scrolls can be scrolled by keyboard.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SOURCE } from './page_graph.ts';

// Those that hold keys whenever they have something to scroll to.
const HOLDS_KEYS: Readonly<Record<string, string>> = {
    'take-list': 'each take is a key',
    'choice-list': 'each choice is a key',
    'chat-phrases': 'each phrase is a key',
    'desk-team': 'the chat takes the focus',
    'notice-keys': 'it holds nothing but keys',
    'plan-tabs': 'it holds nothing but links',
    'countries-drafts': 'each line opens by a key',
    'meeting-entrance': 'the way to the main part is its first link',
};

function read(pattern: string): string[] {
    return globSync(join(SOURCE, pattern)).map((path) => readFileSync(path, 'utf8'));
}

/** The classes whose rules let something scroll. */
function scrollers(css: string): string[] {
    return [...css.matchAll(/([^{}]+)\{([^{}]*overflow(?:-[xy])?: (?:auto|scroll)[^{}]*)\}/g)].map(
        ([, selector]) => selector?.match(/\.([a-z-]+)\s*$/)?.[1] ?? assert.fail(selector),
    );
}

const tags = read('**/*.tsx').flatMap((text) => text.match(/<[a-z]+\b[^>]*?class=[^>]*>/gs) ?? []);

for (const name of new Set(read('**/*.css').flatMap(scrollers))) {
    test(`${name} scrolls by keyboard`, () => {
        if (name in HOLDS_KEYS) {
            return;
        }
        const drawn = tags.filter((tag) => new RegExp(`["'\`\\s]${name}["'\`\\s$]`).test(tag));
        assert.notEqual(drawn.length, 0, 'drawn nowhere');
        for (const tag of drawn) {
            assert.match(tag, /ref=\{reachable\}|tabIndex=\{0\}/, tag);
        }
    });
}
