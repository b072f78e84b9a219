// The room of delegates and listeners.
import { sayProblem } from '../../src/areas/act.ts';
import { followLeaving } from '../../src/areas/leaving.ts';
import { openDocument } from '../../src/areas/reading.ts';
import { hereOpen } from '../../src/areas/who_is_here.ts';
import { shortcutListOpen } from '../../src/elements/shortcuts.ts';
import { Problem } from '../../src/live/actions.ts';
import { pauseSound, setFallback, setListening } from '../../src/state/listening.ts';
import * as store from '../../src/state/store.ts';
import { StreamStore } from '../../src/state/stream.ts';
import { demoMeeting } from './demo.ts';
import type { StoryName } from './names.ts';
import * as states from './states.ts';
import type { Story } from './told.ts';

const NOTHING_HELD = {
    speaker_held: false,
    chair_held: false,
    screen_held: false,
    partner_held: false,
    own_held: false,
};

function lost(phase: 'reconnecting' | 'offline'): () => void {
    return () => {
        store.setPhase({ phase, since: Date.now() - 12_000, reason: '' });
        store.setInterruptedSeconds(12);
    };
}

// Another meeting of the same person, in which it is the next on the list.
function besideTheOther(): void {
    const other = new StreamStore('working-group');
    const session = store.session.peek();
    if (session !== null) {
        const shown = store.shownStream();
        store.showStream(other);
        other.takeHello({
            protocol: 1,
            participant: 'bra',
            meeting: 'working-group',
            capacity: 'delegate',
            now: Date.now(),
            seq: 1,
            resumed: false,
            plan: { sections: [] },
            may: [],
        });
        other.takeSnapshot(demoMeeting(Date.now()), 1);
        store.showStream(shown);
    }
}

export const ROOM = {
    'room-delegate': { person: 'fra' },
    'room-speaking': { person: 'bra', change: (now) => states.speaks('bra')(now) },
    'room-idle': { person: 'egy', change: states.inPause },
    'room-two': { person: 'listener', change: states.twoSpeak },
    'room-closed': { person: 'egy', change: states.closed },
    'room-plan': { person: 'egy', change: states.behindPlan },
    'room-list-closed': { person: 'egy', change: states.listClosed },
    'room-next': { person: 'egy', change: (now) => states.waits('egy', 1)(now) },
    'room-asks': { person: 'egy', change: (now) => states.waits('egy', 3)(now) },
    'room-warning': { person: 'bra', change: (now) => states.speaks('bra', 158_000)(now) },
    'room-over': { person: 'bra', change: (now) => states.speaks('bra', 217_000)(now) },
    'room-silent': {
        person: 'bra',
        change: (now) => states.all(states.speaks('bra', 20_000), states.silentFloor)(now),
    },
    'room-off-list': {
        person: 'fra',
        drawn: () => states.happens({ type: 'request.removed', data: { request: 3 } }),
    },
    'room-moved': {
        person: 'fra',
        drawn: () => states.happens({ type: 'request.moved', data: { request: 3, position: 5 } }),
    },
    'room-cut-off': {
        person: 'bra',
        change: (now) => states.speaks('bra')(now),
        drawn: () =>
            states.happens({ type: 'microphone.closed', data: { participant: 'bra', spoken_ms: 172_000 } }),
    },
    'room-refused': {
        person: 'fra',
        after: () => sayProblem(Problem.local('not-connected')),
    },
    'room-by-hand': {
        person: 'listener',
        change: states.byHand,
        after: () => setListening('fr'),
    },
    'room-fallback': {
        person: 'listener',
        after: () => {
            setListening('es');
            setFallback('fr');
        },
    },
    'room-sound-check': {
        person: 'listener',
        change: (now) => ({ ...states.closed(now), sitting: 'suspended' }),
        after: () => setListening('fr'),
    },
    'room-suspended': {
        person: 'listener',
        change: states.frenchSuspended,
        after: () => setListening('fr'),
    },
    'room-reconnecting': { person: 'fra', after: lost('reconnecting') },
    'room-offline': {
        person: 'bra',
        change: (now) => states.speaks('bra')(now),
        after: lost('offline'),
    },
    'room-blocked': { person: 'fra', after: () => store.setMediaQuality('good', 'up', 7878) },
    'room-no-sound': {
        person: 'fra',
        after: () => {
            store.shownStream().soundOut.value = store.serverNow() - 8000;
        },
    },
    'room-not-acknowledged': {
        person: 'bra',
        change: (now) => states.speaks('bra')(now),
        after: () => store.setFlow({ arrives: true, acknowledged: false }),
    },
    'room-nothing-arrives': {
        person: 'fra',
        after: () => store.setFlow({ arrives: false, acknowledged: true }),
    },
    'room-sound-only': {
        person: 'fra',
        change: (now) => ({
            ...now,
            participants: now.participants.map((one) => ({
                ...one,
                camera: ['ken', 'chair', 'fra'].includes(one.id),
            })),
        }),
        after: () =>
            store.shownStream().setHeldPictures({
                ...NOTHING_HELD,
                speaker_held: true,
                chair_held: true,
                own_held: true,
            }),
    },
    'room-sound-paused': { person: 'listener', after: () => pauseSound(true) },
    'room-expiring': {
        person: 'fra',
        after: () => {
            store.shownStream().expiring.value = { at: store.serverNow() + 600_000, stays: true };
        },
    },
    'room-notices': {
        person: 'fra',
        change: states.frenchSuspended,
        after: () => {
            store.setFlow({ arrives: false, acknowledged: true });
            pauseSound(true);
        },
        press: ['.notice-more'],
    },
    'room-no-device': { person: 'bra', change: (now) => states.speaks('bra')(now) },
    'room-listener': { person: 'listener' },
    'room-long': { person: 'bra', change: states.longNames },
    'room-menu': { person: 'fra', press: ['.top-bar-tools > button:last-of-type'] },
    'room-reading': {
        person: 'ken',
        drawn: async () => {
            const [paper] = store.meeting.peek()?.documents ?? [];
            if (paper !== undefined) {
                await openDocument(paper);
            }
        },
    },
    'room-pdf': { person: 'ken', drawn: () => states.readsPdf('.pdf-read:not(:empty)') },
    'room-pdf-found': {
        person: 'ken',
        drawn: async () => {
            await states.readsPdf('.pdf-read:not(:empty)');
            document.querySelector<HTMLElement>('.pdf-tools [aria-expanded]')?.click();
            const field = await states.comes<HTMLInputElement>('.pdf-find input');
            field.value = 'multilingualism';
            field.dispatchEvent(new Event('input', { bubbles: true }));
            await states.comes('.pdf-mark.is-chosen');
        },
    },
    'room-pdf-locked': { person: 'ken', drawn: () => states.readsPdf('.pdf-failed') },
    'room-hand-in': {
        person: 'fra',
        drawn: () => {
            // Behind the sheet of a narrow window; of a wide one it stands beside.
            const sheet = document.querySelector<HTMLElement>('.room-strip > button');
            if (sheet?.checkVisibility()) {
                sheet.click();
            }
        },
        press: [':is(dialog[open], .rail) .section-head > .button-small'],
    },
    'room-help': { person: 'bra', press: ['.help-key'] },
    'room-help-asked': {
        person: 'bra',
        change: (now) => states.calls('bra', [])(now),
        press: ['.help-key'],
    },
    'room-help-talk': {
        person: 'bra',
        change: (now) => states.talk('moderator')(now),
        press: ['.help-key'],
    },
    'room-help-news': {
        person: 'bra',
        change: (now) => states.calls('bra', [], 'moderator')(now),
        drawn: () =>
            states.happens({
                type: 'help.said',
                data: { participant: 'bra', text: 'Please use the cable, not the wireless network.' },
            }),
    },
    'room-leaving': {
        person: 'bra',
        change: (now) => states.speaks('bra')(now),
        after: followLeaving,
        drawn: () => history.back(),
    },
    'room-meetings': { person: 'bra', press: ['.meetings-key'] },
    'room-meetings-call': {
        person: 'bra',
        after: besideTheOther,
    },
    'room-languages': { person: 'fra', press: ['.dock-language > .language-key'] },
    'room-rail': { person: 'fra', press: ['.room-strip > button'] },
    'room-sound': { person: 'fra', press: ['.sound-key'] },
    here: {
        person: 'bra',
        after: () => {
            hereOpen.value = true;
        },
    },
    shortcuts: {
        person: 'chair',
        after: () => {
            shortcutListOpen.value = true;
        },
    },
    // The floor goes to the reader a moment after the page is shown.
    'room-live': {
        person: 'bra',
        drawn: () => {
            setTimeout(() => {
                states.happens(
                    { type: 'microphone.closed', data: { participant: 'ken', spoken_ms: 1 } },
                    { type: 'microphone.opened', data: { participant: 'bra', position: 1 } },
                );
            }, 500);
        },
    },
} satisfies Partial<Record<StoryName, Story>>;
