// Ties the parts of the page together for one session: the live connection fills the store; the store drives what media sends and plays.
// Nothing here is drawn and nothing is decided: each effect below is one sentence of docs/protocol.md.
import { effect, untracked } from '@preact/signals';
import { can, type Hello, type MediaPlan, type NoticeMessage, type Session } from '../contract/generated.ts';
import {
    cameraStream,
    microphoneStream,
    releaseCamera,
    releaseScreen,
    screenStream,
    selected,
} from '../media/devices.ts';
import { connectEcho, echoSends } from '../media/echo.ts';
import { attachMicrophone, changeMix, renewSlots, setMix, setOutput, setRoomVolume } from '../media/graph.ts';
import {
    blockedPort,
    holdOwnPictures,
    mediaPhase,
    rejoin,
    setSending,
    startMedia,
    stopMedia,
    takeMediaState,
} from '../media/peer.ts';
import { statistics, watchStatistics } from '../media/statistics.ts';
import { base } from '../router/base.ts';
import { recallRead } from '../state/chats.ts';
import { forgetLevels, takeLevels } from '../state/levels.ts';
import { boothmateMonitored, listening, mix, recallListening, softMs, volume } from '../state/listening.ts';
import { deskMix, deskOpens, heardChannel, ownPlace, takesOver } from '../state/own_desk.ts';
import * as store from '../state/store.ts';
import { iTalk } from '../state/talkback.ts';
import { type Listener, LiveConnection, type Outside } from './connection.ts';
import { deskOpened, deskPressed, deskSilenced, setDeskSilenced } from './desk.ts';
import { watchFlow } from './flow.ts';
import { probeSession, rememberSession } from './session.ts';

let connection: LiveConnection | null = null;
let stopEffects: (() => void)[] = [];
let plan: MediaPlan | null = null;
let hasSlot: ReadonlySet<string> = new Set();

/** The connection of this session; null when signed out. */
export function currentConnection(): LiveConnection | null {
    return connection;
}

/** Connects a session; another one before is ended. */
export function bind(session: Session): void {
    unbind();
    const meetingId = session.meeting ?? '';
    const token = session.token ?? '';
    store.setSession(session);
    connection = new LiveConnection(outside(token), listener(), meetingId, token);
    stopEffects = [
        effect(followOpening),
        effect(sendMicrophone),
        effect(sendTalkback),
        effect(sendCamera),
        effect(sendScreen),
        effect(playMix),
        effect(showLevel),
        effect(chooseOutput),
        effect(tellListening),
        effect(tellQuality),
        effect(returnToRoom),
        effect(endScreenWithItsTrack),
        effect(endCameraWithItsTrack),
        countInterruption(),
        watchFlow(),
    ];
    connection.start();
}

/** Ends the connection and media; the session itself is not touched. */
export function unbind(): void {
    for (const stop of stopEffects) {
        stop();
    }
    stopEffects = [];
    connection?.end('signed-out');
    connection = null;
    plan = null;
    arrived = false;
    forgetLevels();
    stopMedia();
}

/** Called once: what lasts as long as the page. */
export function watchPage(): void {
    window.addEventListener('online', () => connection?.retryNow());
    document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') {
            connection?.retryNow();
        }
    });
    connectEcho(async (on) => {
        await connection?.command('echo.set', { on });
    });
    watchStatistics(() => pictureExpected());
}

function listener(): Listener {
    return {
        phaseChanged: (phase) => {
            store.setPhase(phase);
            if (phase.phase === 'live') {
                joinMedia();
            } else if (phase.phase === 'ended') {
                stopMedia();
                if (phase.reason === 'expired' || phase.reason === 'refused') {
                    rememberSession(null);
                }
            }
        },
        takeHello,
        takeSnapshot: (snapshot, seq) => {
            const first = store.meeting.value === null;
            store.takeSnapshot(snapshot, seq);
            if (first) {
                arrive();
            }
        },
        takeEvents: store.takeEvents,
        takeNotice,
        takeServerTime: store.takeServerTime,
        sequence: () => (store.meeting.value === null ? 0 : store.sequence.value),
    };
}

function takeHello(hello: Hello): void {
    store.setExpiring(null); // told again behind it
    store.takeHello(hello);
    plan = hello.plan;
    hasSlot = new Set(hello.plan.sections.flatMap((section) => section.slot ?? []));
}

// Media that still stands is left alone: it does not need the live connection.
function joinMedia(): void {
    if (plan === null) {
        return;
    }
    const give = async (sdp: string): Promise<string> => {
        if (connection === null) {
            throw new Error('signed out');
        }
        return (await connection.command('media.join', { sdp })).sdp;
    };
    startMedia(plan, give, tellAgain, () => connection?.roundTripMs() ?? 0);
}

// The first snapshot of this page: what the person chose last time, and what a reload left behind.
function arrive(): void {
    const person = store.me.value;
    const meeting = store.meeting.value;
    if (person === null || meeting === null) {
        return;
    }
    recallListening(meeting.id, person);
    recallRead(`${meeting.id}/${person.id}`);
    if (person.presence === 'present' || person.presence === 'lost') {
        store.setWantsRoom(true);
    }
    // A page that was loaded anew goes on the air only by a new press: the server has closed the desk, and here nothing is heard even
    // before its word for it has come. One that was still opening is told to stop.
    const desk = can(person.capacity, 'has_desk');
    const opens = desk && deskOpens.value;
    if (opens || (desk && person.microphone !== 'off')) {
        setDeskSilenced(true);
    }
    arrived = true;
    queueMicrotask(() => {
        if (opens) {
            quietly(connection?.command('desk.microphone', { state: 'off' }));
        }
        if (person.camera && cameraStream.value === null) {
            quietly(connection?.command('camera.set', { on: false }));
        }
        if (person.screen && screenStream.value === null) {
            quietly(connection?.command('screen.set', { on: false }));
        }
    });
}

function takeNotice(notice: NoticeMessage): void {
    switch (notice.notice) {
        case 'media.lost':
            rejoin();
            break;
        case 'media.state':
            takeMediaState(notice.data.connected);
            break;
        case 'sound.interrupted':
            store.setSoundOut(notice.data.over ? 0 : notice.data.since);
            break;
        case 'processes.changed':
            store.setReplacements(notice.data.replaced);
            break;
        case 'pictures.state':
            store.setHeldPictures(notice.data);
            holdOwnPictures(notice.data.own_held);
            break;
        case 'listeners.changed':
            store.setListeners(notice.data.channels);
            break;
        case 'levels.changed':
            takeLevels(notice.data.levels, store.serverNow());
            break;
        case 'receivers.changed':
            store.setReceivers(notice.data);
            break;
        case 'store.changed':
            store.setStorage(notice.data);
            break;
        case 'health.changed':
            store.takeHealth(notice.data.health);
            break;
        case 'session.expiring':
            store.setExpiring(notice.data);
            break;
        case 'server.stopping':
        case 'session.ended':
            // The connection itself handles these.
            break;
    }
}

// ---- Effects: what is sent

// A microphone that opens by a handover was not pressed here.
function followOpening(): void {
    const since = ownPlace.value?.desk.opening_since ?? 0;
    if (since !== 0 && since !== openingSeen && arrived) {
        untracked(deskOpened);
    }
    openingSeen = since;
}
let openingSeen = 0;
let arrived = false;

// A delegate's microphone leaves this device only while the server says that it is open. An interpreter's track stays in its place at the
// desk and is silent until the key is pressed: nothing has to start then, and the server hears it when it lets it on the air.
function sendMicrophone(): void {
    const track = microphoneStream.value?.getAudioTracks()[0] ?? null;
    const person = store.me.value;
    const atDesk = can(person?.capacity, 'has_desk') && store.stage.value === 'room';
    const opens = deskOpens.value || deskPressed.value;
    const onAir = (store.iAmOnTheAir.value || (atDesk && opens)) && !deskSilenced.value;
    const echo = echoSends();
    if (track !== null) {
        track.enabled = onAir || echo || !atDesk;
    }
    setSending('microphone', onAir || echo || atDesk ? track : null);
}

// What is said aside goes by a track of its own, which the server puts on no channel. It is a copy of the microphone's: that one is
// silent while off the air.
function sendTalkback(): void {
    const track = microphoneStream.value?.getAudioTracks()[0] ?? null;
    const talks = iTalk.value;
    if (talks && track !== null && aside === null) {
        aside = track.clone();
        aside.enabled = true;
    }
    if (aside !== null && (!talks || track === null)) {
        aside.stop();
        aside = null;
    }
    setSending('talkback', aside);
}
let aside: MediaStreamTrack | null = null;

function sendCamera(): void {
    const track = cameraStream.value?.getVideoTracks()[0] ?? null;
    setSending('camera', store.me.value?.camera === true ? track : null);
}

function sendScreen(): void {
    const track = screenStream.value?.getVideoTracks()[0] ?? null;
    if (track !== null && 'contentHint' in track) {
        track.contentHint = 'detail';
    }
    setSending('screen', store.me.value?.screen === true ? track : null);
}

// The browser's own "stop sharing", or the server took the screen away.
function endScreenWithItsTrack(): void {
    const said = store.me.value?.screen === true;
    const open = screenStream.value !== null;
    if (said && !open) {
        quietly(connection?.command('screen.set', { on: false }));
    } else if (!said && open && untracked(() => screenWasSaid)) {
        releaseScreen();
    }
    screenWasSaid = said;
}
let screenWasSaid = false;

function endCameraWithItsTrack(): void {
    const said = store.me.value?.camera === true;
    const open = cameraStream.value !== null;
    if (said && !open) {
        quietly(connection?.command('camera.set', { on: false }));
    } else if (!said && open && cameraWasSaid && store.connectionPhase.value.phase === 'live') {
        releaseCamera();
    }
    cameraWasSaid = said;
}
let cameraWasSaid = false;

// ---- Effects: what is heard

function playMix(): void {
    const { floor, language } = mix.value;
    const room = store.stage.value === 'room';
    const loudness = volume.value;
    const desk = ownPlace.value;
    const heard = heardChannel.value;
    const atDesk =
        desk === null
            ? { floor, relay: 0, boothmate: 0 }
            : deskMix({
                  hears: heard,
                  state: store.channel(heard)?.state ?? 'silent',
                  microphone: desk.desk.microphone,
                  takingOver: takesOver(desk.booth.handover, desk.desk.participant),
                  monitored: boothmateMonitored.value,
              });
    const gains = {
        floor_1: atDesk.floor,
        floor_2: atDesk.floor,
        relay: atDesk.relay,
        boothmate: atDesk.boothmate,
        talkback: 1,
        language: desk === null ? language : 0,
    };
    // Another source: another channel chosen, or the same carries something else (the floor, another booth).
    const carried = desk === null ? listening.value : heard;
    const { state, booth, feed } = store.channel(carried) ?? {};
    const source = [carried, state, booth, feed].join('/');
    if (source === sourceHeard) {
        setMix(gains);
    } else {
        changeMix(
            gains,
            untracked(() => softMs.value),
            ['language', 'relay'],
        );
    }
    sourceHeard = source;
    // Squared: loudness follows the slider evenly.
    setRoomVolume(room ? loudness * loudness : 0);
}
let sourceHeard = '';

function showLevel(): void {
    attachMicrophone(microphoneStream.value);
}

function chooseOutput(): void {
    const { speaker } = selected.value;
    if (speaker !== '' || outputChosen) {
        outputChosen = true;
        void setOutput(speaker);
    }
}
let outputChosen = false;

// ---- Effects: what the server is told

function tellListening(): void {
    const channel = listening.value;
    if (store.connectionPhase.value.phase !== 'live') {
        return;
    }
    const asked = performance.now();
    const soft = softMs.peek();
    const told = connection?.command('listen.set', { slot: 'language', channel }).then(() => {
        // Behind a far line the server changes the source when it has long been as loud again as before.
        if (performance.now() - asked > soft) {
            renewSlots(['language'], soft);
        }
    });
    quietly(told);
}

// A new peer's slots may begin empty; and whoever runs the meeting hears that the try before came to nothing.
function tellAgain(): void {
    store.setHeldPictures(); // of this connection, the server has said nothing yet
    untracked(tellListening);
    if (blockedPort.peek() !== 0) {
        quietly(connection?.command('media.blocked', { blocked: true }));
    }
}

// After more than a minute away the server puts a person back to the entrance; whoever was in the room goes in again.
function returnToRoom(): void {
    const wanted = store.stage.value === 'room';
    const where = store.me.value?.presence;
    const live = store.connectionPhase.value.phase === 'live';
    if (wanted && live && (where === 'entrance' || where === 'away')) {
        quietly(connection?.command('room.enter', {}));
    }
}

function tellQuality(): void {
    const phase = mediaPhase.value;
    store.setMediaQuality(
        statistics.value?.quality ?? 'good',
        phase === 'joining' ? 'connecting' : phase === 'rejoining' ? 'reconnecting' : 'up',
        blockedPort.value,
    );
}

function pictureExpected(): boolean {
    const seen = store.speakerPlate.value?.participant;
    return (
        store.stage.value === 'room' &&
        hasSlot.has('speaker') &&
        seen?.camera === true &&
        seen.id !== store.me.value?.id
    );
}

function countInterruption(): () => void {
    let timer: ReturnType<typeof setInterval> | undefined;
    const stop = effect(() => {
        const { phase, since } = store.connectionPhase.value;
        clearInterval(timer);
        const interrupted = phase === 'reconnecting' || phase === 'offline';
        const count = (): void =>
            store.setInterruptedSeconds(interrupted ? Math.floor((performance.now() - since) / 1000) : 0);
        count();
        if (interrupted) {
            timer = setInterval(count, 1000);
        }
    });
    return () => {
        clearInterval(timer);
        stop();
    };
}

// Commands that merely follow the state: the next connection gives them again, a refusal changes nothing here.
function quietly(reply: Promise<unknown> | undefined): void {
    reply?.catch(() => {});
}

function outside(token: string): Outside {
    return {
        openSocket: (path, protocols, received, closed) => {
            const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
            const socket = new WebSocket(`${scheme}//${location.host}${base}${path}`, protocols);
            socket.onmessage = (event) => received(String(event.data));
            socket.onclose = closed;
            return socket;
        },
        now: () => performance.now(),
        after: (ms, action) => setTimeout(action, ms),
        cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout> | undefined),
        random: () => Math.random(),
        online: () => navigator.onLine,
        probe: () => probeSession(token),
    };
}
