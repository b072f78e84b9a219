// What the pages of accounts make of what they know: a name for an account, and what of the server needs somebody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Upkeep } from '../src/contract/generated.ts';
import { accountOf, sameName } from '../src/house/accounts/account_name.ts';
import { sizeOf, thingsOf } from '../src/house/accounts/upkeep.ts';

test('a name makes an account, as far as it is in Latin letters', () => {
    assert.equal(accountOf('Awa Keïta'), 'awa.keita');
    assert.equal(accountOf("  Jean-Luc O'Neill, Ph.D. "), 'jean.luc.o.neill.ph.d');
    assert.equal(accountOf('王小明'), '');
    assert.equal(accountOf('Мария'), '');
    assert.equal(accountOf('<script>'), 'script');
    const long = accountOf('a'.repeat(62) + ' b'.repeat(20));
    assert.ok(long.length <= 63 && /^[a-z0-9][a-z0-9._@+-]*$/.test(long) && !long.endsWith('.'));
});

test('it follows the name until somebody writes another', () => {
    assert.deepEqual(sameName({ name: '', account: '' }, 'Awa'), { name: 'Awa', account: 'awa' });
    assert.deepEqual(sameName({ name: 'Awa', account: 'awa' }, 'Awa K'), {
        name: 'Awa K',
        account: 'awa.k',
    });
    assert.deepEqual(sameName({ name: 'Awa', account: 'akeita' }, 'Awa K'), { name: 'Awa K' });
});

const DAY_MS = 24 * 3600 * 1000;
const NOW = 1_800_000_000_000;
const WELL: Upkeep = {
    backup_at: NOW - DAY_MS,
    backup_bytes: 5,
    backup_sealed: true,
    certificate_expires_at: NOW + 60 * DAY_MS,
    certificate_refused: false,
    version: '1',
    store: 'well',
    free_bytes: 7,
};

function ill(more: Partial<Upkeep>, ...without: (keyof Upkeep)[]): string[] {
    const upkeep = Object.fromEntries(
        Object.entries({ ...WELL, ...more }).filter(([name]) => !without.includes(name as keyof Upkeep)),
    ) as unknown as Upkeep;
    return thingsOf(upkeep, NOW)
        .filter(({ well }) => !well)
        .map(({ name }) => name);
}

test('what of the server needs somebody', () => {
    assert.deepEqual(ill({}), []);
    assert.deepEqual(ill({}, 'backup_at', 'backup_bytes'), ['backup']);
    assert.deepEqual(ill({ backup_at: NOW - 8 * DAY_MS }), ['backup']);
    assert.deepEqual(ill({ certificate_expires_at: NOW + 13 * DAY_MS }), ['certificate']);
    assert.deepEqual(ill({ certificate_refused: true }), ['certificate']);
    assert.deepEqual(ill({}, 'certificate_expires_at'), []); // it is made elsewhere
    assert.deepEqual(ill({ store: 'reserve' }), ['disk']);
});

test('sizes in words', () => {
    assert.deepEqual(sizeOf(1_234_567), { unit: 'mega', value: 1.2 });
    assert.deepEqual(sizeOf(41_260_000_000), { unit: 'giga', value: 41.3 });
    assert.deepEqual(sizeOf(0), { unit: 'mega', value: 0 });
});
