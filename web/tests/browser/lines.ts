// Bad lines: UDP relays that carry only so much or lose packets, and a TCP relay that can be cut. Between one page and the server.
// A line with a rate, a queue and a delay is a pair of `Direction`s: `ShapedLine` carries UDP over them, `SlowLine` TCP; both may
// share one pair, as the sound and the page of one house do.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket as Stream } from 'node:net';

const HOST = '127.0.0.1';

/** A narrow line towards the page: packets queue for at most `QUEUE_MS`, then they are lost. Upwards it is wide. */
export class NarrowLine {
    private static readonly QUEUE_MS = 300;
    private readonly near = createSocket('udp4');
    private readonly far = createSocket('udp4');
    private bitsPerSecond = Number.POSITIVE_INFINITY;
    private freeAt = 0;
    private page: RemoteInfo | undefined;
    private closed = false;

    async open(serverPort: number): Promise<number> {
        this.near.on('message', (packet, from) => {
            this.page = from;
            this.far.send(packet, serverPort, HOST);
        });
        this.far.on('message', (packet) => this.deliver(packet));
        await Promise.all([listen(this.near), listen(this.far)]);
        return this.near.address().port;
    }

    narrow(bitsPerSecond: number): void {
        this.bitsPerSecond = bitsPerSecond;
    }

    private deliver(packet: Buffer): void {
        const now = performance.now();
        const begins = Math.max(now, this.freeAt);
        if (begins - now > NarrowLine.QUEUE_MS) {
            return;
        }
        this.freeAt = begins + (8000 * (packet.length + 28)) / this.bitsPerSecond;
        const send = (): void => {
            if (this.page && !this.closed) {
                this.near.send(packet, this.page.port, this.page.address);
            }
        };
        if (this.freeAt - now < 1) {
            send();
        } else {
            setTimeout(send, this.freeAt - now);
        }
    }

    close(): void {
        this.closed = true;
        this.near.close();
        this.far.close();
    }
}

/** A line that loses packets of both directions, each by chance: the same seed, the same chances. */
export class LossyLine {
    private readonly near = createSocket('udp4');
    private readonly far = createSocket('udp4');
    private share = 0;
    private page: RemoteInfo | undefined;

    private state: number;

    constructor(seed: number) {
        this.state = seed;
    }

    /** Firefox offers no loopback candidate: its line must be open at every address. Chromium's pages try them all, and need only one. */
    async open(serverPort: number, address = '0.0.0.0'): Promise<number> {
        this.near.on('message', (packet, from) => {
            this.page = from;
            if (!this.isLost()) {
                this.far.send(packet, serverPort, HOST);
            }
        });
        this.far.on('message', (packet) => {
            if (this.page && !this.isLost()) {
                this.near.send(packet, this.page.port, this.page.address);
            }
        });
        await Promise.all([listen(this.near, address), listen(this.far)]);
        return this.near.address().port;
    }

    lose(share: number): void {
        this.share = share;
    }

    private isLost(): boolean {
        this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
        return this.state / 2 ** 32 < this.share;
    }

    close(): void {
        this.near.close();
        this.far.close();
    }
}

/** A NAT in front of a page: it hands datagrams on from ports of its own, and forgets these bindings when it is told. */
export class NatLine {
    /** What comes so soon after a datagram by the old binding may have been overtaken by it: the server believes none of it. */
    private static readonly STRAGGLERS_MS = 300;
    private heardAt = 0;
    /** How many datagrams the page sent since the last rebinding, these left out. */
    sent = 0;
    /** How many of these the server had when its next media came; undefined: none came yet. */
    sentUntilBack: number | undefined;
    private spokeAt = 0;
    private readonly near = createSocket('udp4');
    private outside = new Map<string, Socket>();

    async open(serverPort: number): Promise<number> {
        this.near.on('message', (packet, page) => {
            const now = performance.now();
            this.sent += now - this.heardAt > NatLine.STRAGGLERS_MS ? 1 : 0;
            this.spokeAt = now;
            this.binding(page).send(packet, serverPort, HOST);
        });
        await listen(this.near);
        return this.near.address().port;
    }

    private binding(page: RemoteInfo): Socket {
        const key = `${page.address}:${page.port}`;
        const found = this.outside.get(key);
        if (found) {
            return found;
        }
        const socket = createSocket('udp4');
        this.outside.set(key, socket);
        socket.on('message', (packet) => {
            if (this.outside.get(key) === socket) {
                this.sentUntilBack ??= isMedia(packet) ? this.sent : undefined;
                this.near.send(packet, page.port, page.address);
            }
        });
        return socket;
    }

    rebind(): void {
        for (const socket of this.outside.values()) {
            socket.close();
        }
        this.outside.clear();
        this.sent = 0;
        this.heardAt = this.spokeAt;
        this.sentUntilBack = undefined;
    }

    close(): void {
        this.near.close();
        this.rebind();
    }
}

// RTP or RTCP (RFC 7983).
function isMedia(packet: Buffer): boolean {
    return (packet[0] ?? 0) >= 128 && (packet[0] ?? 0) < 192;
}

async function listen(socket: Socket, address = HOST): Promise<void> {
    socket.bind(0, address);
    await once(socket, 'listening');
}

/** The line of page and API: whole, or cut: then connections break and new ones are refused. */
export class CutLine {
    private readonly streams = new Set<Stream>();
    private isCut = false;
    private readonly server = createServer((near) => {
        if (this.isCut) {
            near.destroy();
            return;
        }
        const far = connect(this.serverPort, HOST);
        for (const [one, other] of [
            [near, far],
            [far, near],
        ] as const) {
            this.streams.add(one);
            one.on('error', () => {});
            one.on('close', () => {
                this.streams.delete(one);
                other.destroy();
            });
            one.pipe(other);
        }
    });
    private serverPort = 0;

    async open(serverPort: number): Promise<number> {
        this.serverPort = serverPort;
        this.server.listen(0, HOST);
        await once(this.server, 'listening');
        return (this.server.address() as AddressInfo).port;
    }

    cut(): void {
        this.isCut = true;
        for (const stream of this.streams) {
            stream.destroy();
        }
    }

    mend(): void {
        this.isCut = false;
    }

    /** The connections that there are carry nothing more, and neither end is told; new ones are whole. */
    deaden(): void {
        for (const stream of this.streams) {
            stream.unpipe();
            stream.resume();
        }
    }

    close(): void {
        this.cut();
        this.server.close();
    }
}

/** One direction of a line. What does not fit into the queue is dropped (UDP) or waits outside it (TCP). */
export interface Shape {
    bitsPerSecond?: number;
    /** How long the last packet that still fits waits, at this rate. */
    queueMs?: number;
    /** After the queue. */
    delayMs?: number;
    /** The share of packets that are lost by chance, after the queue; of UDP only. */
    loss?: number;
}

const DATAGRAM_OVERHEAD = 28;
const SEGMENT = 1400;
const SEGMENT_OVERHEAD = 40;
/** The share of the queue that TCP fills: it slows down when packets begin to be lost. */
const STREAM_SHARE = 0.5;

/** A bottleneck: packets leave one after another at its rate, in the order in which they came. */
export class Direction {
    /** Since the beginning; a test takes differences. Bytes as on the wire, headers included. */
    readonly count = { packets: 0, bytes: 0, dropped: 0, droppedBytes: 0, lost: 0 };
    private readonly leaving: { at: number; deliver: () => void }[] = [];
    private timer: NodeJS.Timeout | undefined;
    private freeAt = 0;
    /** When each packet has left that has not left yet. */
    private ends: number[] = [];

    private shape: Shape;
    private seed: number;

    constructor(shape: Shape = {}, seed = 1) {
        this.shape = shape;
        this.seed = seed;
    }

    /** From now on; what is in the queue already keeps its time. */
    reshape(shape: Shape): void {
        this.shape = shape;
    }

    get delayMs(): number {
        return this.shape.delayMs ?? 0;
    }

    /** How long a packet that comes now would wait. */
    get waitMs(): number {
        return Math.max(0, this.freeAt - performance.now());
    }

    /** Until a stream may send its next segment. */
    get streamWaitMs(): number {
        return Math.max(0, this.waitMs - (this.shape.queueMs ?? 100) * STREAM_SHARE);
    }

    /** How much waits, in time; what is being sent waits no more. */
    private get queuedMs(): number {
        const now = performance.now();
        this.ends = this.ends.filter((end) => end > now);
        return this.ends.length === 0 ? 0 : this.freeAt - this.ends[0]!;
    }

    /** A datagram with its headers. */
    datagram(size: number, deliver: () => void): void {
        if (this.queuedMs > (this.shape.queueMs ?? Number.POSITIVE_INFINITY)) {
            this.count.dropped += 1;
            this.count.droppedBytes += size;
            return;
        }
        const lost = this.isLost();
        this.count.lost += lost ? 1 : 0;
        this.carry(size, lost ? () => {} : deliver);
    }

    carry(size: number, deliver: () => void): void {
        const { bitsPerSecond = Number.POSITIVE_INFINITY } = this.shape;
        this.count.packets += 1;
        this.count.bytes += size;
        this.freeAt = Math.max(performance.now(), this.freeAt) + (8000 * size) / bitsPerSecond;
        this.ends.push(this.freeAt);
        // Never before an earlier one, also when the delay has become shorter.
        const at = Math.max(this.freeAt + this.delayMs, this.leaving.at(-1)?.at ?? 0);
        this.leaving.push({ at, deliver });
        if (this.leaving.length === 1) {
            this.release();
        }
    }

    private readonly release = (): void => {
        while (this.leaving[0] && this.leaving[0].at - performance.now() < 1) {
            this.leaving.shift()?.deliver();
        }
        if (this.leaving[0]) {
            this.timer = setTimeout(this.release, this.leaving[0].at - performance.now());
        }
    };

    private isLost(): boolean {
        this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
        return this.seed / 2 ** 32 < (this.shape.loss ?? 0);
    }

    close(): void {
        clearTimeout(this.timer);
        this.leaving.length = 0;
    }
}

/** UDP over a line of two directions. Each port of the page gets one of its own towards the server, as behind a NAT. */
export class ShapedLine {
    private readonly near = createSocket('udp4');
    private readonly far = new Map<string, Socket>();
    private closed = false;

    readonly up: Direction;
    readonly down: Direction;

    constructor(up: Direction, down: Direction) {
        this.up = up;
        this.down = down;
    }

    async open(serverPort: number, address = HOST): Promise<number> {
        this.near.on('message', (packet, from) => {
            this.up.datagram(packet.length + DATAGRAM_OVERHEAD, () => {
                if (!this.closed) {
                    this.behind(from).send(packet, serverPort, HOST);
                }
            });
        });
        await listen(this.near, address);
        return this.near.address().port;
    }

    private behind(page: RemoteInfo): Socket {
        const key = `${page.address}:${page.port}`;
        let socket = this.far.get(key);
        if (!socket) {
            socket = createSocket('udp4');
            socket.on('message', (packet) => {
                this.down.datagram(packet.length + DATAGRAM_OVERHEAD, () => {
                    if (!this.closed) {
                        this.near.send(packet, page.port, page.address);
                    }
                });
            });
            this.far.set(key, socket);
        }
        return socket;
    }

    close(): void {
        this.closed = true;
        this.up.close();
        this.down.close();
        this.near.close();
        for (const socket of this.far.values()) {
            socket.close();
        }
    }
}

/** TCP over a line of two directions: a new connection costs a round trip first; nothing is lost, what does not fit waits. */
export class SlowLine {
    private readonly streams = new Set<Stream>();
    private serverPort = 0;
    private readonly server = createServer({ allowHalfOpen: true }, (near) => {
        const far = connect({ port: this.serverPort, host: HOST, allowHalfOpen: true });
        for (const stream of [near, far]) {
            stream.setNoDelay(true);
            this.streams.add(stream);
            stream.on('error', () => {});
        }
        near.on('close', () => this.part(near, far, this.up));
        far.on('close', () => this.part(far, near, this.down));
        setTimeout(() => this.carry(near, far, this.up), this.up.delayMs + this.down.delayMs);
        this.carry(far, near, this.down);
    });

    readonly up: Direction;
    readonly down: Direction;

    constructor(up: Direction, down: Direction) {
        this.up = up;
        this.down = down;
    }

    async open(serverPort: number): Promise<number> {
        this.serverPort = serverPort;
        this.server.listen(0, HOST);
        await once(this.server, 'listening');
        return (this.server.address() as AddressInfo).port;
    }

    private carry(from: Stream, to: Stream, direction: Direction): void {
        from.on('end', () => direction.carry(SEGMENT_OVERHEAD, () => to.end()));
        // One segment is always on the line, as TCP has it, and takes its turn with the datagrams; more of them leave room.
        let flying = 0;
        from.on('data', async (bytes) => {
            from.pause();
            for (let at = 0; at < bytes.length; at += SEGMENT) {
                const segment = bytes.subarray(at, at + SEGMENT);
                while (flying > 0 && direction.streamWaitMs > 0) {
                    await new Promise((free) => setTimeout(free, direction.streamWaitMs));
                }
                flying += 1;
                direction.carry(segment.length + SEGMENT_OVERHEAD, () => {
                    flying -= 1;
                    to.write(segment);
                });
            }
            from.resume();
        });
    }

    // An end is carried behind the data; one without is a reset.
    private part(gone: Stream, other: Stream, direction: Direction): void {
        this.streams.delete(gone);
        if (!gone.readableEnded) {
            direction.carry(SEGMENT_OVERHEAD, () => other.destroy());
        }
    }

    close(): void {
        for (const stream of this.streams) {
            stream.destroy();
        }
        this.up.close();
        this.down.close();
        this.server.close();
    }
}
