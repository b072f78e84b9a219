// The measure of unbroken sound at a listener: how much of it the browser had to invent.
//
// A page that is late itself (two cores, twelve pages) hears nothing wrong: its sound comes late, and whole. What is wrong shows in two
// counters of the receiver: packets that never came, and samples that were invented in their place because a packet was missing or too
// late when its turn came. Both are read each 200 ms. A gap of 60 ms is 60 ms of invented sound in two neighbouring readings of a slot
// whose microphone was open, and the same one, all the time.
import type { Person } from './fixtures.ts';

/** The sound slots of a listener, in the order of the media plan. */
export const SOUND_SLOTS = ['floor_1', 'floor_2', 'language'] as const;

export interface Watched {
    /** Seconds during which the slot's source was known to speak. */
    seconds: number;
    packets: number;
    lost: number;
    /** Invented while the source spoke, ms in all. */
    inventedMs: number;
    /** The most in two neighbouring readings, ms. */
    gapMs: number;
    /** When that was, seconds after the beginning. */
    gapAt: number;
}

declare global {
    interface Window {
        testWatch?: Watched[];
    }
}

/** Begins to watch a listener's sound slots. */
export async function watchSound(person: Person): Promise<void> {
    await person.page.evaluate(() => {
        interface Counters {
            packets: number;
            lost: number;
            invented: number;
        }
        const began = performance.now();
        const none = { seconds: 0, packets: 0, lost: 0, inventedMs: 0, gapMs: 0, gapAt: 0 };
        const watched = [{ ...none }, { ...none }, { ...none }];
        window.testWatch = watched;
        const speaks = (slot: number): string => {
            const meeting = window.plenaryDiagnostics.meeting();
            const settled = (meeting?.floor ?? []).filter((one) => Date.now() - one.opened_at > 700);
            if (slot < 2) {
                return settled.find((one) => one.position === slot + 1)?.participant ?? '';
            }
            // A language is heard as long as the floor speaks: from its booth or, when that is silent, the floor itself.
            return settled.length > 0 ? 'floor' : '';
        };
        const read = async (): Promise<Counters[]> => {
            const peer = window.testPeers?.at(-1);
            const sounds = (peer?.getTransceivers() ?? []).filter(
                (one) => one.direction === 'recvonly' && one.receiver.track.kind === 'audio',
            );
            const found: Counters[] = sounds.map(() => ({ packets: 0, lost: 0, invented: 0 }));
            (await peer?.getStats())?.forEach((report) => {
                const slot = sounds.findIndex((one) => one.mid === report.mid);
                if (report.type === 'inbound-rtp' && slot >= 0) {
                    found[slot] = {
                        packets: report.packetsReceived ?? 0,
                        lost: (report.packetsLost ?? 0) + (report.packetsDiscarded ?? 0),
                        invented: (report.concealedSamples ?? 0) / 48,
                    };
                }
            });
            return found;
        };
        let before: { at: number; speaker: string; counters: Counters | undefined; invented: number }[] = [];
        const look = async (): Promise<void> => {
            const counters = await read();
            const at = performance.now();
            before = watched.map((slot, index) => {
                const speaker = speaks(index);
                const now = counters[index];
                const old = before[index];
                let invented = 0;
                if (now && old?.counters && speaker !== '' && speaker === old.speaker) {
                    invented = now.invented - old.counters.invented;
                    slot.seconds += (at - old.at) / 1000;
                    slot.packets += now.packets - old.counters.packets;
                    slot.inventedMs += invented;
                    if (invented + old.invented > slot.gapMs) {
                        slot.gapMs = invented + old.invented;
                        slot.gapAt = (at - began) / 1000;
                    }
                }
                slot.lost = now?.lost ?? 0;
                return { at, speaker, counters: now, invented };
            });
            setTimeout(look, 200);
        };
        void look();
    });
}

/** What was seen so far, one for each of `SOUND_SLOTS`. */
export async function soundWatched(person: Person): Promise<Watched[]> {
    return person.page.evaluate(() => window.testWatch ?? []);
}
