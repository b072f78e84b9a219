// A phone that was locked, a laptop that was closed: the page stood still, and what it holds may be dead without knowing. The line is made anew
// at once instead of after its silence, the page may sound again, and media that were cut are not waited for.
import { unlockAudio } from '../media/graph.ts';
import { currentPeer, rejoin } from '../media/peer.ts';
import { currentConnection } from './binding.ts';

const LOOK_EVERY_MS = 1000;
/** A page that is behind others is called once a second; one that was not called for so long stood still. */
export const ASLEEP_MS = 5000;

function wake(): void {
    currentConnection()?.retryNow(true);
    void unlockAudio();
    const state = currentPeer()?.connection.connectionState;
    if (state === 'disconnected' || state === 'failed') {
        rejoin();
    }
}

/** Called once. The wall's clock goes on while a device sleeps, the page's own may not. */
export function followWaking(): void {
    let before = Date.now();
    const look = (): void => {
        const now = Date.now();
        const asleep = now - before > ASLEEP_MS;
        before = now;
        if (asleep) {
            wake();
        }
    };
    setInterval(look, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
    window.addEventListener('pageshow', look);
}
