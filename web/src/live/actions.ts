// What a view can do to the world. Functions that can be refused reject with a `Problem` (problem.ts); the others say so.
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { CommandName, Commands, Microphone, Replies, Session, SignIn } from '../contract/generated.ts';
import {
    cameraStream,
    openCamera,
    openScreen,
    releaseCamera,
    releaseMicrophone,
    releaseScreen,
    watchDevices,
} from '../media/devices.ts';
import { stopEcho } from '../media/echo.ts';
import { unlockAudio } from '../media/graph.ts';
import { followMicrophone } from '../media/microphone.ts';
import { followHistory, navigate, route, takeLinkToken } from '../router/router.ts';
import * as store from '../state/store.ts';
import { StreamStore } from '../state/stream.ts';
import { bind, currentConnection, followAgain, showMeeting, unbind, watchPage } from './binding.ts';
import { followCamera } from './camera.ts';
import { giveDeskKey } from './desk.ts';
import { Problem, problemOf } from './problem.ts';
import {
    addSeat,
    deleteSession,
    deleteSessions,
    recallSession,
    rememberSession,
    requestSession,
} from './session.ts';

export { Problem, problemOf } from './problem.ts';

const problemValue = signal<Problem | null>(null);
const busyValue = signal(false);

/** Why the personal link in the address did not sign in; null when it did, or when there was none. */
export const signInProblem: ReadonlySignal<Problem | null> = problemValue;
/** A sign-in is under way. */
export const signingIn: ReadonlySignal<boolean> = busyValue;

/** Called once by `main.tsx`: takes the token of a personal link, or the session of this tab, and connects. */
export function start(): void {
    followHistory();
    watchDevices();
    followMicrophone();
    followCamera();
    watchPage();
    effect(followAddress);
    const here = route.value;
    const session = recallSession();
    if (here.page === 'house' && session !== null) {
        bind({ ...session, meeting: '' });
    }
    if (here.page !== 'meeting' && here.page !== 'projector') {
        return;
    }
    const token = takeLinkToken();
    if (token !== '') {
        void signInByLink(token, here.meeting);
        return;
    }
    if (session !== null && session.meeting === here.meeting) {
        bind(session);
    } else if (session !== null) {
        void resumeElsewhere(session, here.meeting);
    }
}

/** Shows another meeting that this person sits in; the one before is followed on, without its sound. */
export function openMeeting(meeting: string): void {
    const session = store.session.value;
    if (session === null) {
        return;
    }
    const here = { ...session, meeting };
    rememberSession(here);
    if (currentConnection() === null) {
        store.showStream(new StreamStore(meeting));
        bind(here);
    } else {
        showMeeting(meeting);
    }
    const at = route.value;
    if (at.page !== 'meeting' || at.meeting !== meeting) {
        navigate(`/m/${encodeURIComponent(meeting)}`);
    }
}

// The address names another meeting than this tab was in: whoever sits there too is taken there.
async function resumeElsewhere(session: Session, meeting: string): Promise<void> {
    busyValue.value = true;
    try {
        if (await (await import('./seats.ts')).hasSeat(session, meeting)) {
            adopt({ ...session, meeting });
        }
    } catch (thrown) {
        problemValue.value = problemOf(thrown);
    } finally {
        busyValue.value = false;
    }
}

// The browser's back and forward keys go between one's meetings as well.
function followAddress(): void {
    const at = route.value;
    if (
        at.page === 'meeting' &&
        store.shownMeeting.peek() !== '' &&
        store.shownMeeting.peek() !== at.meeting
    ) {
        const known = store.seats.peek().some((seat) => seat.meeting === at.meeting);
        if (known) {
            untracked(() => openMeeting(at.meeting));
        }
    }
}

/**
 * Signs in with an account, or with what a sign-in at the provider came back with; then the address is the meeting's, and without a meeting that of the house, where one is chosen. Rejects with
 * a `Problem` (status 401: wrong name or password). */
export async function signIn(wish: SignIn): Promise<void> {
    busyValue.value = true;
    problemValue.value = null;
    try {
        const session = await requestSession(wish);
        adopt(session);
        const at = route.value;
        if (session.meeting === undefined) {
            if (at.page === 'sign-in') {
                navigate('/house');
            }
        } else if (!('meeting' in at) || at.meeting !== session.meeting) {
            navigate(`/m/${encodeURIComponent(session.meeting)}`);
        }
    } finally {
        busyValue.value = false;
    }
}

/**
 * Signs out everywhere: this page, one's others, and the personal link, which signs nobody in any more. Rejects with a `Problem` while the
 * server cannot do it; then one stays.
 */
export async function signOutEverywhere(): Promise<void> {
    await deleteSessions(store.session.value?.token ?? '');
    await signOut();
}

/** Signs out: ends the session on the server, closes the devices, forgets the token. Never rejects. */
export async function signOut(): Promise<void> {
    const token = store.session.value?.token ?? '';
    unbind();
    releaseMicrophone();
    releaseCamera();
    releaseScreen();
    rememberSession(null);
    store.setSession(null);
    if (token !== '') {
        await deleteSession(token);
    }
}

/** After `ended` with reason `replaced`: makes this page the person's page again, and the other one ends. */
export function takeBack(): void {
    const session = store.session.value;
    if (session !== null && !followAgain()) {
        bind(session);
    }
}

/** Does not wait for the next attempt to reconnect. */
export function reconnectNow(): void {
    currentConnection()?.retryNow();
}

/**
 * Gives a command. While there is no connection it is refused at once with kind `not-connected`, except those of `HELD_COMMANDS`
 * (connection.ts), which wait up to 30 s.
 */
export async function command<N extends CommandName>(name: N, data: Commands[N]): Promise<Replies[N]> {
    const connection = currentConnection();
    if (connection === null) {
        throw Problem.local('not-connected');
    }
    const give = () => connection.command(name, data, store.shownStream().id);
    const reply =
        name === 'desk.microphone'
            ? await giveDeskKey((data as Commands['desk.microphone']).state === 'on', give)
            : await give();
    if (name === 'session.renew') {
        store.shownStream().expiring.value = null;
    }
    return reply;
}

/** Goes from the entrance into the room. Call it in the press of Join itself: it also lets the page sound. */
export async function enterRoom(): Promise<void> {
    void unlockAudio();
    await stopEcho();
    await command('room.enter', {});
    store.shownStream().setWantsRoom(true);
}

/** Back to the entrance. The devices stay open for the next time; nothing is sent. */
export async function leaveRoom(): Promise<void> {
    store.shownStream().setWantsRoom(false);
    await command('room.leave', {});
}

/** Opens the camera, the preferred one or the one named, and says so to the meeting, or the other way round. False when the camera did not open (see `deviceStates`). */
export async function setCamera(on: boolean, id?: string): Promise<boolean> {
    if (!on) {
        await command('camera.set', { on: false });
        releaseCamera();
        return true;
    }
    if (cameraStream.value === null && (await openCamera(id)) !== 'open') {
        return false;
    }
    await command('camera.set', { on: true });
    return true;
}

/** Asks what to share and says so to the meeting, or ends it. Call it in a press. False when nothing was chosen. */
export async function setScreen(on: boolean): Promise<boolean> {
    if (!on) {
        await command('screen.set', { on: false });
        releaseScreen();
        return true;
    }
    if ((await openScreen()) !== 'open') {
        return false;
    }
    try {
        await command('screen.set', { on: true });
        return true;
    } catch (thrown) {
        releaseScreen();
        throw thrown;
    }
}

/** An interpreter's key: on the air, off, or cough. Off and cough act on this device at once, whatever the network does. */
export async function setDeskMicrophone(state: Microphone): Promise<void> {
    await command('desk.microphone', { state });
}

// A tab is one person: a link to another meeting than theirs is another seat of theirs. Where that cannot be, it is a session of its own.
async function sessionByLink(token: string, meeting: string): Promise<Session> {
    const before = recallSession();
    const seat =
        before?.token !== undefined && before.meeting !== meeting
            ? await addSeat(before.token, { token })
            : null;
    if (before === null || seat === null) {
        return requestSession({ token });
    }
    const { participant, capacity } = seat;
    return { ...before, meeting: seat.meeting, participant, capacity };
}

async function signInByLink(token: string, meeting: string): Promise<void> {
    busyValue.value = true;
    try {
        adopt(await sessionByLink(token, meeting));
    } catch (thrown) {
        problemValue.value = problemOf(thrown);
    } finally {
        busyValue.value = false;
    }
}

/** Whose session it is, is signed in here. */
export function adopt(session: Session): void {
    rememberSession(session);
    bind(session);
}
