// From a meeting into the house, where one is in none: nothing is heard, sent or held open there.
import { batch } from '@preact/signals';
import { bind, unbind } from '../live/binding.ts';
import { releaseCamera, releaseMicrophone, releaseScreen } from '../media/devices.ts';
import { signedOut } from '../state/phase.ts';
import * as store from '../state/store.ts';

export function enterHouse(): void {
    const session = store.session.peek();
    if (session === null || store.shownMeeting.peek() === '') {
        return;
    }
    releaseMicrophone();
    releaseCamera();
    releaseScreen();
    batch(() => {
        unbind();
        store.setSession(null);
        store.setPhase(signedOut);
        bind({ ...session, meeting: '' });
    });
}
