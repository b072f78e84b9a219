// Looks four times a second whether sound goes through, while somebody should be heard here or one's own microphone is open.
import { readFlow } from '../media/flow.ts';
import { currentPeer, lineRoundTripMs, mediaPhase } from '../media/peer.ts';
import { dueSlots } from '../state/due.ts';
import { FLOWS, FlowWatch, LOOK_EVERY_MS } from '../state/flow.ts';
import { heardNow } from '../state/listening.ts';
import { heardChannel, ownPlace } from '../state/own_desk.ts';
import * as store from '../state/store.ts';
import { deskSilenced } from './desk.ts';

function dueNow(): ReturnType<typeof dueSlots> {
    const now = store.meeting.peek();
    if (now === null || store.stage.peek() !== 'room') {
        return new Map();
    }
    const atDesk = ownPlace.peek() !== null;
    const heard = atDesk ? heardChannel.peek() : heardNow.peek();
    return dueSlots(now, store.me.peek()?.id ?? '', {
        slot: atDesk ? 'relay' : 'language',
        channel: heard === 'floor' ? null : store.channel(heard),
    });
}

async function look(watch: FlowWatch): Promise<void> {
    const peer = currentPeer();
    const due = dueNow();
    const open = store.iAmOnTheAir.peek() && !deskSilenced.peek();
    if (peer === null || mediaPhase.peek() !== 'connected' || (due.size === 0 && !open)) {
        watch.reset();
        store.setFlow(FLOWS);
        return;
    }
    const counted = await readFlow(peer, due.keys(), open).catch(() => null);
    if (counted === null || currentPeer() !== peer) {
        return;
    }
    const known = { at: performance.now(), roundTripMs: lineRoundTripMs(), due, open };
    store.setFlow(watch.note({ ...known, ...counted }));
}

/** Watches until the function it gives is called. */
export function watchFlow(): () => void {
    const watch = new FlowWatch();
    let watched = currentPeer();
    let busy = false;
    const timer = setInterval(async () => {
        if (busy) {
            return;
        }
        busy = true;
        if (watched !== currentPeer()) {
            watched = currentPeer();
            watch.reset();
        }
        await look(watch);
        busy = false;
    }, LOOK_EVERY_MS);
    return () => {
        clearInterval(timer);
        store.setFlow(FLOWS);
    };
}
