// Bad lines: UDP relays that carry only so much or lose packets, and a TCP relay that can be cut. Between one page and the server.
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

    constructor(private state: number) {}

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

    close(): void {
        this.cut();
        this.server.close();
    }
}
