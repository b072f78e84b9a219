// The measure of unbroken sound at a listener: how much of it the browser had to invent.
//
// A page that is late itself (two cores, twelve pages) hears nothing wrong: its sound comes late, and whole. What is wrong shows in the
// counters of the receiver: packets that never came, and samples that were invented in their place because a packet was missing or too
// late when its turn came. They are read each 50 ms. A gap is a run of invented samples; the browser also counts the runs, so what two
// neighbouring readings belong to is known, and several runs in one reading count almost as one: the figure is never too small. Only a slot whose
// microphone was open, and the same one, all the time is looked at.
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
    /** The longest run, ms. */
    gapMs: number;
    /** Who spoke in it, and how long after the beginning of the speech it ended. */
    gapIn: string;
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
            runs: number;
        }
        const none = { seconds: 0, packets: 0, lost: 0, inventedMs: 0, gapMs: 0, gapIn: '' };
        const watched = [{ ...none }, { ...none }, { ...none }];
        window.testWatch = watched;
        const openedAt = (participant: string): number =>
            window.plenaryDiagnostics.meeting()?.floor.find((one) => one.participant === participant)
                ?.opened_at ?? 0;
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
            const found: Counters[] = sounds.map(() => ({ packets: 0, lost: 0, invented: 0, runs: 0 }));
            (await peer?.getStats())?.forEach((report) => {
                const slot = sounds.findIndex((one) => one.mid === report.mid);
                if (report.type === 'inbound-rtp' && slot >= 0) {
                    found[slot] = {
                        packets: report.packetsReceived ?? 0,
                        lost: (report.packetsLost ?? 0) + (report.packetsDiscarded ?? 0),
                        invented: (report.concealedSamples ?? 0) / 48,
                        runs: report.concealmentEvents ?? 0,
                    };
                }
            });
            return found;
        };
        interface Before {
            at: number;
            speaker: string;
            counters: Counters | undefined;
            run: number;
            /** What the last readings add once the speaker is known to have gone on; oldest first. */
            pending: (() => void)[];
        }
        // A page is told a little after the fact that a speaker ended: the last half second is not looked at.
        const END_READINGS = 10;
        let before: Before[] = [];
        const look = async (): Promise<void> => {
            const counters = await read();
            const at = performance.now();
            before = watched.map((slot, index) => {
                const speaker = speaks(index);
                const now = counters[index];
                const old = before[index];
                const next: Before = { at, speaker, counters: now, run: 0, pending: [] };
                slot.lost = now?.lost ?? 0;
                if (!now || !old?.counters || speaker === '' || speaker !== old.speaker) {
                    return next;
                }
                const { packets, invented, runs } = old.counters;
                const more = now.invented - invented;
                const begun = now.runs - runs;
                // The last run goes on, or new ones began; each of those is one block of 10 ms at least.
                next.run = begun > 0 ? more - 10 * (begun - 1) : more > 0 ? old.run + more : 0;
                const since = Date.now() - openedAt(speaker);
                next.pending = [
                    ...old.pending,
                    () => {
                        slot.seconds += (at - old.at) / 1000;
                        slot.packets += now.packets - packets;
                        slot.inventedMs += more;
                        if (next.run > slot.gapMs) {
                            slot.gapMs = next.run;
                            slot.gapIn = `${speaker} after ${since} ms`;
                        }
                    },
                ];
                if (next.pending.length > END_READINGS) {
                    next.pending.shift()?.();
                }
                return next;
            });
            setTimeout(look, 50);
        };
        void look();
    });
}

/** What was seen so far, one for each of `SOUND_SLOTS`. */
export async function soundWatched(person: Person): Promise<Watched[]> {
    return person.page.evaluate(() => window.testWatch ?? []);
}
