// Presses of one hand in one place are one press, whatever comes to stand there: clicked twice and three times, at all intervals, in a list
// that changes. In browsers: once.spec.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEAF_MS } from '../src/elements/steady.ts';
import { continues, type Press, type Train } from '../src/elements/train.ts';
import { seeded } from './seeded.ts';

const ROUNDS = process.env.PLENARY_LONG ? 200_000 : 5000;
const ROW_PX = 60;

/** A page as far as this is about it: a list of rows with a key each, one below the other, of which a press takes away the one it is for. */
class Page {
    rows: string[] = Array.from({ length: 6 }, (_, index) => `row ${index}`);
    taken: string[] = [];
    private train: Train | null = null;
    private made = 6;

    press(at: number, x: number, y: number, byKey = false): boolean {
        const key = this.rows[Math.floor(y / ROW_PX)] ?? null;
        const press: Press = { at, x, y, key, byKey };
        if (this.train !== null && key !== null && continues(this.train, press)) {
            this.train.at = at;
            return false;
        }
        this.train = { ...press, acted: key !== null };
        if (key !== null) {
            this.rows = this.rows.filter((one) => one !== key);
            this.taken.push(key);
        }
        return true;
    }

    /** Somebody else asks, withdraws, is given the floor, or is moved. */
    change(random: () => number): void {
        const at = Math.floor(random() * this.rows.length);
        const [row] = this.rows.splice(at, 1);
        if (row !== undefined && random() < 0.5) {
            this.rows.splice(Math.floor(random() * this.rows.length), 0, row);
        }
        this.made += 1;
        this.rows.splice(Math.floor(random() * this.rows.length), 0, `row ${this.made}`);
    }
}

test('two and three presses within 0 to 600 ms of each other take one row, whatever the list does meanwhile', () => {
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
        const random = seeded(seed);
        const page = new Page();
        const place = Math.floor(random() * 4) * ROW_PX + ROW_PX / 2;
        const meant = page.rows[Math.floor(place / ROW_PX)];
        const presses = random() < 0.5 ? 2 : 3;
        let at = 1000;
        for (let press = 0; press < presses; press += 1) {
            // A hand is not quite still.
            page.press(at, 10 + random() * 8, place + random() * 8 - 4);
            const pause = random() * (DEAF_MS - 1);
            for (let left = Math.floor(random() * 3); left > 0; left -= 1) {
                page.change(random);
            }
            at += pause;
        }
        assert.deepEqual(page.taken, [meant], `seed ${seed}`);
        // The next intent is heard again, and is for whoever stands there now.
        const next = page.rows[Math.floor(place / ROW_PX)];
        assert.ok(page.press(at + DEAF_MS, 10, place));
        assert.deepEqual(page.taken, [meant, next], `seed ${seed}`);
    }
});

const TRAIN: Train = { at: 0, x: 100, y: 100, key: 'give', byKey: false, acted: true };
const at = (more: Partial<Press>): Press => ({ at: 200, x: 100, y: 100, key: 'give', byKey: false, ...more });

test('another key in another place is another intent, however soon it is pressed', () => {
    assert.ok(!continues(TRAIN, at({ key: 'end', y: 160 })));
    assert.ok(continues(TRAIN, at({ key: 'end', y: 104 })), 'what has come to stand there is not meant');
    assert.ok(
        continues({ ...TRAIN, acted: false }, at({ key: 'end' })),
        'nor what lies under what was closed',
    );
    assert.ok(!continues({ ...TRAIN, key: null, acted: false }, at({})), 'who missed the key presses it now');
});

test('a key that gives no command may be pressed as fast as one likes', () => {
    assert.ok(!continues({ ...TRAIN, acted: false }, at({})));
    assert.ok(continues(TRAIN, at({})));
    assert.ok(!continues(TRAIN, at({ at: DEAF_MS })));
});

test('by keyboard the place is the focus, which the page itself may have moved', () => {
    const byKey: Train = { ...TRAIN, byKey: true };
    assert.ok(continues(byKey, at({ byKey: true, key: 'give the next', x: 0, y: 0 })));
    assert.ok(!continues({ ...byKey, acted: false }, at({ byKey: true, key: 'other' })));
    assert.ok(!continues(byKey, at({})), 'a pointer is another hand');
});
