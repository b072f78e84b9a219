import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { baseFrom, pathWithin } from '../src/router/base.ts';
import { routeOf } from '../src/router/router.ts';

test('addresses', () => {
    assert.deepEqual(routeOf('/'), { page: 'sign-in' });
    assert.deepEqual(routeOf('/m/demo'), { page: 'meeting', meeting: 'demo' });
    assert.deepEqual(routeOf('/m/a%20b/'), { page: 'meeting', meeting: 'a b' });
    assert.deepEqual(routeOf('/m/demo/projector'), { page: 'projector', meeting: 'demo' });
    assert.deepEqual(routeOf('/help/interpreter'), { page: 'help', role: 'interpreter' });
    assert.deepEqual(routeOf('/help'), { page: 'help', role: '' });
    assert.deepEqual(routeOf('/m'), { page: 'missing' });
    assert.deepEqual(routeOf('/m/demo/other'), { page: 'missing' });
    assert.deepEqual(routeOf('/m/%E0%A4%A'), { page: 'missing' });
});

test('the page shows something at the addresses that the server answers with it, and at no others', () => {
    const table = readFileSync(join(import.meta.dirname, '../../tests/data/addresses.txt'), 'utf8');
    const lines = table.split('\n').filter((line) => /^(page|none) /.test(line));
    assert.ok(lines.length > 20);
    for (const line of lines) {
        const shown = routeOf(line.slice(5).split('/').map(encodeURIComponent).join('/'));
        assert.equal(shown.page === 'missing' ? 'none' : 'page', line.slice(0, 4), line);
    }
});

test('a server that stands under a path of its host', () => {
    assert.equal(baseFrom('/sub/'), '/sub');
    assert.equal(baseFrom('/a/b/'), '/a/b');
    for (const none of ['/', './', '', null, undefined, 'https://example.org/']) {
        assert.equal(baseFrom(none), '');
    }
    assert.equal(pathWithin('/sub/m/demo', '/sub'), '/m/demo');
    assert.equal(pathWithin('/sub', '/sub'), '/');
    assert.equal(pathWithin('/sub/', '/sub'), '/');
    assert.equal(pathWithin('/subway/m/demo', '/sub'), '/subway/m/demo');
    assert.equal(pathWithin('/m/demo', ''), '/m/demo');
});
