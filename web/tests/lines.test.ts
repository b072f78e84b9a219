// The relays that stand for bad lines do what they say.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { Direction, ShapedLine, SlowLine } from './browser/lines.ts';

const HOST = '127.0.0.1';

test('a direction keeps what fits into its queue and counts what it drops', () => {
    // 100 bytes on the wire take 10 ms: one leaves, the last that fits waits 100.
    const direction = new Direction({ bitsPerSecond: 80_000, queueMs: 100 });
    for (let i = 0; i < 40; i++) {
        direction.datagram(100, () => {});
    }
    const { packets, dropped, bytes, droppedBytes } = direction.count;
    assert.equal(packets + dropped, 40);
    assert.ok(packets >= 10 && dropped > 0, `${packets} went through, ${dropped} dropped`);
    assert.equal(bytes, 100 * packets);
    assert.equal(droppedBytes, 100 * dropped);
    direction.close();
});

test('a shaped line carries both ways, in order', async (t) => {
    const server = createSocket('udp4');
    const page = createSocket('udp4');
    server.bind(0, HOST);
    await once(server, 'listening');
    const line = new ShapedLine(
        new Direction({ bitsPerSecond: 80_000, queueMs: 100, delayMs: 20 }),
        new Direction(),
    );
    t.after(() => {
        line.close();
        server.close();
        page.close();
    });
    const port = await line.open(server.address().port);
    const arrived: number[] = [];
    server.on('message', (packet, from) => {
        arrived.push(packet.readUInt8(0));
        const { packets, dropped } = line.up.count;
        if (packets + dropped === 40 && arrived.length === packets) {
            server.send('back', from.port, from.address);
        }
    });
    const answer = once(page, 'message');
    for (let i = 0; i < 40; i++) {
        page.send(Buffer.alloc(72, i), port, HOST);
    }
    assert.equal((await answer)[0].toString(), 'back');
    assert.ok(arrived.every((one, i) => i === 0 || one > (arrived[i - 1] ?? 0)));
});

test('a direction loses by chance, the same seed the same packets', () => {
    const lost = (seed: number): number[] => {
        const direction = new Direction({ loss: 0.1 }, seed);
        const arrived = new Set<number>();
        for (let i = 0; i < 1000; i++) {
            direction.datagram(100, () => arrived.add(i));
        }
        assert.equal(direction.count.lost, 1000 - arrived.size);
        return [...Array(1000).keys()].filter((one) => !arrived.has(one));
    };
    assert.deepEqual(lost(7), lost(7));
    assert.notDeepEqual(lost(7), lost(8));
    assert.ok(lost(7).length > 70 && lost(7).length < 130);
});

test('a slow line brings every byte, the end as well, after its round trips', async (t) => {
    const server = createServer({ allowHalfOpen: true }, (stream) => {
        const parts: Buffer[] = [];
        stream.on('data', (part) => parts.push(part));
        stream.on('end', () => stream.end(Buffer.concat(parts)));
    });
    server.listen(0, HOST);
    await once(server, 'listening');
    const line = new SlowLine(new Direction({ delayMs: 50 }), new Direction({ delayMs: 50 }));
    t.after(() => {
        line.close();
        server.close();
    });
    const began = performance.now();
    const page = connect(await line.open((server.address() as AddressInfo).port), HOST);
    const sent = Buffer.from([...Array(100_000).keys()].map((i) => i % 251));
    const back: Buffer[] = [];
    page.on('data', (part) => back.push(part));
    page.end(sent);
    await once(page, 'end');
    assert.ok(Buffer.concat(back).equals(sent));
    // One round trip for the connection, one for the question.
    assert.ok(performance.now() - began >= 199);
});
