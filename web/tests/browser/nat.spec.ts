// A NAT that forgets the binding of a page that only listens: the page knows nothing of it, and its next datagram, whatever it is, brings the
// sound back. How soon that is depends on how often a page says something of its own.
import { expect, test } from './fixtures.ts';
import { NatLine } from './lines.ts';

const CHAIR = 500;
const REBINDINGS = 4;
const WATCHED_MS = 10_000;
const SENT_LEAST = 10;

test('a page that only listens is back with the first datagram it sends through another binding', async ({
    plenary,
    person,
    light,
}) => {
    const chair = await light.join({ role: 'chair', tone: CHAIR });
    await chair.command('floor.take');
    const line = new NatLine();
    const mediaPort = await line.open(plenary.port);
    const listener = await person({ role: 'listener', mediaPort });
    await listener.hears('mix', CHAIR);

    const before = line.sent;
    await listener.page.waitForTimeout(WATCHED_MS);
    const said = line.sent - before;
    console.log(`a page that only listens sent ${said} datagrams in ${WATCHED_MS / 1000} s`);
    expect(said, 'one a second at least').toBeGreaterThanOrEqual(SENT_LEAST);

    for (let n = 0; n < REBINDINGS; n += 1) {
        line.rebind();
        await expect.poll(() => line.sentUntilBack, { intervals: [20] }).toBeDefined();
        // One, and what it sent while the sound was on its way.
        expect(line.sentUntilBack).toBeLessThanOrEqual(2);
        await listener.hears('mix', CHAIR);
    }
    expect((await listener.state()).joins, 'it did not even notice').toBe(1);
    line.close();
});
