import assert from 'node:assert/strict';
import { test } from 'node:test';
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
