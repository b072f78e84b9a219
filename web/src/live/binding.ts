// Ties the parts of the page together for one session: the live connection fills the store; the store drives what media sends and plays.
// Nothing here is drawn and nothing is decided: each effect below is one sentence of docs/protocol.md.
import { effect, untracked } from '@preact/signals';
import {
    type CommandName,
    type Commands,
    can,
    type NoticeMessage,
    type Replies,
    type Session,
    type SlotName,
} from '../contract/generated.ts';
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
import { isDeaf } from '../media/lacks.ts';
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
import { carriesFloor } from '../state/booths.ts';
import { recallRead } from '../state/chats.ts';
import { forgetLevels, takeLevels } from '../state/levels.ts';
import {
    alone,
    boothmateMonitored,
    heardNow,
    mix,
    recallListening,
    setAlone,
    softMs,
    soundPaused,
    volume,
} from '../state/listening.ts';
import { deskMix, deskOpening, deskOpens, heardChannel, ownPlace, takesOver } from '../state/own_desk.ts';
import type { ConnectionPhase } from '../state/phase.ts';
import * as store from '../state/store.ts';
import { StreamStore } from '../state/stream.ts';
import { iTalk } from '../state/talkback.ts';
import { LiveConnection, type Outside, type StreamListener } from './connection.ts';
import { deskOpened, deskPressed, deskSilenced, setDeskSilenced } from './desk.ts';
import { watchFlow } from './flow.ts';
import { followServed } from './served.ts';
import { isRefused, rememberSession } from './session.ts';

let connection: LiveConnection | null = null;
let stopEffects: (() => void)[] = [];

/** The connection of this session; null when signed out. */
export function currentConnection(): LiveConnection | null {
    return connection;
}

// In the meeting that is shown. Refused at once without a connection.
function tell<N extends CommandName>(name: N, data: Commands[N]): Promise<Replies[N]> | undefined {
    return connection?.command(name, data, store.shownStream().id);
}

/** Connects a session; another one before is ended. Without a meeting it waits until one is chosen. */
export function bind(session: Session): void {
    const token = session.token ?? '';
    unbind();
    store.setSession(session);
    const stream = store.shownStream();
    if (stream.id === '') {
        return;
    }
    stream.ended.value = '';
    connection = new LiveConnection(
        outside(token),
        { ...streamListener(stream), phaseChanged },
        stream.id,
        token,
    );
    for (const other of store.streamsBeside.peek()) {
        connection.follow(other.id, streamListener(other));
    }
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
        followServed(),
    ];
    connection.start();
}

/**
 * Shows another meeting of the same connection. The one before is followed on, without sound: one hears one meeting, and what one sent
 * there ends.
 */
export function showMeeting(meeting: string): void {
    if (connection === null || meeting === store.shownStream().id) {
        return;
    }
    leaveSound();
    const known = store.streamsBeside.peek().find((one) => one.id === meeting);
    const stream = known ?? new StreamStore(meeting);
    store.showStream(stream);
    if (known === undefined) {
        connection.follow(meeting, streamListener(stream));
    } else {
        joinMedia();
        arrive();
    }
}

/** Follows the meeting that is shown again, on the connection that stands for others; false when there is none. */
export function followAgain(): boolean {
    const stream = store.shownStream();
    if (connection === null || store.streamsBeside.peek().length === 0 || stream.ended.peek() === '') {
        return false;
    }
    stream.ended.value = '';
    connection.follow(stream.id, streamListener(stream));
    return true;
}

// Of the meeting that is shown.
function leaveSound(): void {
    if (store.me.value?.camera === true) {
        quietly(tell('camera.set', { on: false }));
    }
    if (store.me.value?.screen === true) {
        quietly(tell('screen.set', { on: false }));
    }
    quietly(tell('media.leave', {}));
    arrived = false;
    forgetLevels();
    stopMedia();
}

/** Ends the connection and media; the session itself is not touched. */
export function unbind(): void {
    for (const stop of stopEffects) {
        stop();
    }
    stopEffects = [];
    connection?.end('signed-out');
    connection = null;
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
        await tell('echo.set', { on });
    });
    watchStatistics(() => pictureExpected());
}

function phaseChanged(phase: ConnectionPhase): void {
    store.setPhase(phase);
    if (phase.phase === 'ended') {
        stopMedia();
        if (phase.reason === 'expired' || phase.reason === 'refused') {
            rememberSession(null);
        }
    }
}

function isShown(stream: StreamStore): boolean {
    return store.shownStream() === stream;
}

function streamListener(stream: StreamStore): StreamListener {
    return {
        ready: () => {
            stream.waiting.value = null;
            if (isShown(stream)) {
                joinMedia();
            }
        },
        takeHello: (hello) => stream.takeHello(hello),
        takeSnapshot: (snapshot, seq) => {
            const first = stream.meeting.value === null;
            stream.takeSnapshot(snapshot, seq);
            if (first && isShown(stream)) {
                arrive();
            }
        },
        takeEvents: (events) => stream.takeEvents(events),
        takeNotice: (notice) => takeNotice(stream, notice),
        takeServerTime: (now) => stream.takeServerTime(now),
        sequence: () => (stream.meeting.value === null ? 0 : stream.sequence.value),
        waits: ({ kind, field }) => {
            // Too many of what: the messages of a moment, or (it names the stream) the meetings of a connection.
            const { since } = stream.waiting.value ?? { since: performance.now() };
            stream.waiting.value = { kind: kind === 'too-many' && field !== '' ? 'streams' : kind, since };
        },
        ended: (reason) => {
            stream.waiting.value = null;
            stream.ended.value = reason;
            if (isShown(stream)) {
                stopMedia();
            } else {
                store.dropBeside(stream);
            }
        },
    };
}

function hasSlot(name: SlotName): boolean {
    return store.shownStream().plan?.sections.some((section) => section.slot === name) ?? false;
}

// Media that still stands is left alone: it does not need the live connection.
function joinMedia(): void {
    const { plan, id } = store.shownStream();
    if (plan === null || isDeaf) {
        return;
    }
    const give = async (sdp: string): Promise<string> => {
        if (connection === null) {
            throw new Error('signed out');
        }
        return (await connection.command('media.join', { sdp }, id)).sdp;
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
        store.shownStream().setWantsRoom(true);
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
            quietly(tell('desk.microphone', { state: 'off' }));
        }
        if (person.camera && cameraStream.value === null) {
            quietly(tell('camera.set', { on: false }));
        }
        if (person.screen && screenStream.value === null) {
            quietly(tell('screen.set', { on: false }));
        }
    });
}

function takeNotice(stream: StreamStore, notice: NoticeMessage): void {
    if (isShown(stream)) {
        takeMediaNotice(stream, notice);
    }
    switch (notice.notice) {
        case 'sound.interrupted':
            stream.soundOut.value = notice.data.over ? 0 : notice.data.since;
            break;
        case 'processes.changed':
            store.setReplacements(notice.data.replaced);
            break;
        case 'listeners.changed':
            stream.listeners.value = notice.data;
            break;
        case 'receivers.changed':
            stream.receivers.value = notice.data;
            break;
        case 'store.changed':
            stream.storage.value = notice.data;
            break;
        case 'health.changed':
            stream.takeHealth(notice.data.health);
            break;
        case 'session.expiring':
            stream.expiring.value = notice.data;
            break;
        default:
            // Of the sound, which is that of the meeting shown; or the connection itself handles it.
            break;
    }
}

function takeMediaNotice(stream: StreamStore, notice: NoticeMessage): void {
    switch (notice.notice) {
        case 'media.lost':
            rejoin();
            break;
        case 'media.state':
            takeMediaState(notice.data.connected);
            break;
        case 'pictures.state':
            stream.setHeldPictures(notice.data);
            holdOwnPictures(notice.data.own_held);
            break;
        case 'levels.changed':
            takeLevels(notice.data.levels, store.serverNow());
            break;
        default:
            break;
    }
}

// ---- Effects: what is sent

// A microphone that opens by a handover was not pressed here.
function followOpening(): void {
    const since = deskOpening.value;
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
        quietly(tell('screen.set', { on: false }));
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
        quietly(tell('camera.set', { on: false }));
    } else if (!said && open && cameraWasSaid && store.connectionPhase.value.phase === 'live') {
        releaseCamera();
    }
    cameraWasSaid = said;
}
let cameraWasSaid = false;

// ---- Effects: what is heard

function playMix(): void {
    const { floor, language } = mix.value;
    const room = store.stage.value === 'room' && !soundPaused.value;
    const loudness = volume.value;
    const desk = ownPlace.value;
    const heard = heardChannel.value;
    const atDesk =
        desk === null
            ? { floor, relay: 0, boothmate: 0 }
            : deskMix({
                  hears: heard,
                  carriesFloor: carriesFloor(store.channel(heard)),
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
    const carried = desk === null ? heardNow.value : heard;
    const { state, booth, feed } = store.channel(carried) ?? {};
    const source = [carried, state, booth, feed, JSON.stringify(alone.value)].join('/');
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
    const channel = heardNow.value;
    const source = alone.value;
    if (store.connectionPhase.value.phase !== 'live') {
        return;
    }
    const asked = performance.now();
    const soft = softMs.peek();
    const told = tell('listen.set', { slot: 'language', channel })?.then(() => {
        // Behind a far line the server changes the source when it has long been as loud again as before.
        if (performance.now() - asked > soft) {
            renewSlots(['language'], soft);
        }
    });
    quietly(told);
    if (source !== null) {
        tell('listen.source', source)?.catch(() => setAlone(null));
    }
}

// A new peer's slots may begin empty; and whoever runs the meeting hears that the try before came to nothing.
function tellAgain(): void {
    store.shownStream().setHeldPictures(); // of this connection, the server has said nothing yet
    untracked(tellListening);
    if (blockedPort.peek() !== 0) {
        quietly(tell('media.blocked', { blocked: true }));
    }
}

// After more than a minute away the server puts a person back to the entrance; whoever was in the room goes in again.
function returnToRoom(): void {
    const wanted = store.stage.value === 'room';
    const where = store.me.value?.presence;
    const live = store.connectionPhase.value.phase === 'live';
    if (wanted && live && (where === 'entrance' || where === 'away')) {
        quietly(tell('room.enter', {}));
    }
}

function tellQuality(): void {
    const phase = mediaPhase.value;
    store.setMediaQuality(
        statistics.value?.quality ?? 'good',
        isDeaf ? 'deaf' : phase === 'joining' ? 'connecting' : phase === 'rejoining' ? 'reconnecting' : 'up',
        blockedPort.value,
    );
}

function pictureExpected(): boolean {
    const seen = store.speakerPlate.value?.participant;
    return (
        store.stage.value === 'room' &&
        hasSlot('speaker') &&
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
        isRefused: () => isRefused(token),
    };
}
