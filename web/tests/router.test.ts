import assert from 'node:assert/strict';
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
