// One screen with a state of its own, without a server: what `story.html?name=…` shows. For pictures and accessibility checks only;
// nothing here is shipped.
import { render } from 'preact';
import { type Capacity, type CommandName, type Meeting, PERMISSIONS } from '../../src/contract/generated.ts';
import '../../src/styles/fonts.css';
import '../../src/styles/adopt.ts';
import { menuParts } from '../../src/areas/menu_parts.ts';
import { hereOpen } from '../../src/areas/who_is_here.ts';
import { shortcutListOpen } from '../../src/elements/shortcuts.ts';
import { beginLanguage, isPageLanguage } from '../../src/i18n/index.ts';
import { navigate } from '../../src/router/router.ts';
import { takeLevels } from '../../src/state/levels.ts';
import type { EndReason } from '../../src/state/phase.ts';
import * as store from '../../src/state/store.ts';
import { App } from '../../src/views/App.tsx';
import { loadMenu } from '../../src/views/console_table.ts';
import { followConsoles } from '../../src/views/consoles.ts';
import { demoMeeting, HEALTH, LEVELS, LISTENERS, relayedMeeting, troubledMeeting } from './demo.ts';

// As the server says it in hello.
function commandsOf(capacity: Capacity): CommandName[] {
    return (Object.keys(PERMISSIONS) as CommandName[]).filter(
        (name) => PERMISSIONS[name][capacity] !== undefined,
    );
}

interface Story {
    person: string;
    path?: string;
    room?: boolean;
    change?: (meeting: Meeting) => Meeting;
    after?: () => void;
}

function withFloor(meeting: Meeting, participant: string): Meeting {
    const opened = store.serverNow() - 172_000;
    return {
        ...meeting,
        floor: [{ participant, opened_at: opened, position: 1 }],
        participants: meeting.participants.map((one) =>
            one.id === participant
                ? { ...one, microphone: 'on', microphone_since: opened }
                : one.id === 'ken'
                  ? { ...one, microphone: 'off' }
                  : one,
        ),
    };
}

function giveFloorToBrazil(): void {
    store.shownStream().takeEvents([
        {
            seq: 2,
            at: Date.now(),
            by: 'chair',
            type: 'microphone.closed',
            data: { participant: 'ken', spoken_ms: 1 },
        },
        {
            seq: 3,
            at: Date.now(),
            by: 'chair',
            type: 'microphone.opened',
            data: { participant: 'bra', position: 1 },
        },
    ]);
}

function giveFloorToBrazilToo(): void {
    store.shownStream().takeEvents([
        {
            seq: 2,
            at: Date.now(),
            by: 'chair',
            type: 'microphone.opened',
            data: { participant: 'bra', position: 2 },
        },
    ]);
}

function noneSpeaks(meeting: Meeting): Meeting {
    return { ...meeting, floor: [], requests: [] };
}

// An observer whose time is up, and a delegation whose time is ending.
function twoSpeak(meeting: Meeting): Meeting {
    return {
        ...meeting,
        floor: [
            { participant: 'bra', opened_at: store.serverNow() - 159_000, position: 2 },
            { participant: 'wmo', opened_at: store.serverNow() - 93_000, position: 1 },
        ],
    };
}

const LONGEST = {
    ar: 'المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية وأقاليم ما وراء البحار التابعة لها',
    zh: '大不列颠及北爱尔兰联合王国及其海外领土联合常驻代表团',
    en: 'United Kingdom of Great Britain and Northern Ireland, also on behalf of its overseas territories',
    fr: 'Royaume-Uni de Grande-Bretagne et d’Irlande du Nord, également au nom de ses territoires d’outre-mer',
    ru: 'Соединенное Королевство Великобритании и Северной Ирландии, также от имени своих заморских территорий',
    es: 'Reino Unido de Gran Bretaña e Irlanda del Norte, también en nombre de sus territorios de ultramar',
};

// As long as the contract lets them be, without a blank and with marks above the letters.
function longNames(meeting: Meeting): Meeting {
    const two = twoSpeak(meeting);
    return {
        ...two,
        title: LONGEST,
        delegations: two.delegations.map((one) => ({ ...one, name: LONGEST })),
        participants: two.participants.map((one) => ({
            ...one,
            name: one.id === 'wmo' ? 'Ở̂́'.repeat(60) : 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3),
        })),
        agenda: two.agenda.map((one) => ({ ...one, title: LONGEST })),
    };
}

function inPause(meeting: Meeting): Meeting {
    return {
        ...meeting,
        floor: [],
        requests: [],
        sitting: 'suspended',
        resumes_at: store.serverNow() + 15 * 60_000,
        list: 'closed',
    };
}

function nearlyFull(meeting: Meeting): Meeting {
    const [delegation] = meeting.delegations;
    const [item] = meeting.agenda;
    if (delegation === undefined || item === undefined) {
        return meeting;
    }
    const delegations = Array.from({ length: 950 - meeting.delegations.length }, (_, index) => ({
        ...delegation,
        id: `d${index}`,
    }));
    const agenda = Array.from({ length: 500 - meeting.agenda.length }, (_, index) => ({
        ...item,
        id: `more-${index}`,
        state: 'pending' as const,
    }));
    return {
        ...meeting,
        delegations: [...meeting.delegations, ...delegations],
        agenda: [...meeting.agenda, ...agenda],
    };
}

const STORIES: Readonly<Record<string, Story>> = {
    entrance: { person: 'fra', room: false },
    'entrance-listener': { person: 'listener', room: false },
    'room-delegate': { person: 'fra' },
    'room-speaking': { person: 'bra', change: (meeting) => withFloor(meeting, 'bra') },
    'room-idle': {
        person: 'egy',
        change: inPause,
    },
    'room-two': {
        person: 'listener',
        change: twoSpeak,
    },
    'room-reconnecting': {
        person: 'fra',
        after: () => {
            store.setPhase({ phase: 'reconnecting', since: Date.now() - 12_000, reason: '' });
            store.setInterruptedSeconds(12);
        },
    },
    // The floor goes to the reader a moment after the page is shown.
    'room-live': {
        person: 'bra',
        after: () => {
            const shown = setInterval(() => {
                if (document.querySelector('[data-live]') !== null) {
                    clearInterval(shown);
                    setTimeout(giveFloorToBrazil, 500);
                }
            }, 50);
        },
    },
    chair: { person: 'chair' },
    'chair-two': { person: 'chair', change: twoSpeak },
    'chair-pause': { person: 'chair', change: inPause },
    'chair-closed': {
        person: 'chair',
        change: (meeting) => ({ ...meeting, floor: [], requests: [], sitting: 'closed' }),
    },
    moderator: { person: 'moderator' },
    secretary: { person: 'secretary' },
    'moderator-limits': { person: 'moderator', change: nearlyFull },
    'technician-limits': { person: 'technician', change: nearlyFull },
    interpreter: { person: 'fr-1' },
    'interpreter-on': { person: 'fr-2' },
    'interpreter-two': { person: 'fr-2', change: twoSpeak },
    'interpreter-relay': { person: 'fr-2', change: (meeting) => relayedMeeting(meeting, store.serverNow()) },
    'interpreter-outputs': {
        person: 'zh-2',
        change: (meeting) => relayedMeeting(meeting, store.serverNow()),
    },
    technician: { person: 'technician' },
    'technician-relay': {
        person: 'technician',
        change: (meeting) => troubledMeeting(relayedMeeting(meeting, store.serverNow()), store.serverNow()),
        after: () => takeLevels(LEVELS, store.serverNow()),
    },
    trainer: { person: 'technician', change: (meeting) => ({ ...meeting, rehearsal: true }) },
    projector: { person: 'listener', path: '/m/demo/projector' },
    'projector-two': { person: 'listener', path: '/m/demo/projector', change: twoSpeak },
    'projector-pause': { person: 'listener', path: '/m/demo/projector', change: inPause },
    'projector-none': { person: 'listener', path: '/m/demo/projector', change: noneSpeaks },
    // A second speaker comes when the test says so.
    'projector-live': {
        person: 'listener',
        path: '/m/demo/projector',
        after: () => addEventListener('second-speaker', giveFloorToBrazilToo),
    },
    'projector-away': {
        person: 'listener',
        path: '/m/demo/projector',
        after: () => store.setPhase({ phase: 'reconnecting', since: Date.now(), reason: '' }),
    },
    'projector-long': { person: 'listener', path: '/m/demo/projector', change: longNames },
    shortcuts: {
        person: 'chair',
        after: () => {
            shortcutListOpen.value = true;
        },
    },
    here: {
        person: 'bra',
        after: () => {
            hereOpen.value = true;
        },
    },
    unable: { person: 'bra', room: false, change: (meeting) => ({ ...meeting, streamed: true }) },
    'sign-in': { person: '', path: '/' },
    help: { person: '', path: '/help/interpreter' },
    missing: { person: '', path: '/nowhere/at/all' },
    ended: { person: '', path: '/m/demo' },
    waiting: { person: 'waiting', path: '/m/demo' },
};

function show(name: string, story: Story): void {
    const path = story.path ?? '/m/demo';
    navigate(path);
    const languages = wanted.get('languages');
    if (languages !== null) {
        history.replaceState(null, '', `${path}?languages=${languages}`);
    }
    if (name === 'ended') {
        const reason: EndReason = 'replaced';
        store.setPhase({ phase: 'ended', since: 0, reason });
        return;
    }
    if (story.person === '') {
        return;
    }
    const now = Date.now();
    let meeting = demoMeeting(now);
    const capacity = meeting.participants.find((one) => one.id === story.person)?.capacity ?? 'listener';
    store.setSession({ token: 'story', meeting: 'demo', capacity, name: '', expires_at: now + 3_600_000 });
    if (story.person === 'waiting') {
        store.setPhase({ phase: 'connecting', since: now, reason: '' });
        return;
    }
    store.shownStream().takeHello({
        protocol: 1,
        participant: story.person,
        meeting: 'demo',
        capacity,
        now,
        seq: 1,
        resumed: false,
        plan: { sections: [] },
        may: commandsOf(capacity),
    });
    meeting = story.change?.(meeting) ?? meeting;
    store.shownStream().takeSnapshot(meeting, 1);
    store.setPhase({ phase: 'live', since: now, reason: '' });
    store.shownStream().listeners.value = {
        channels: [...LISTENERS],
        audience: 312,
        pages: 340,
        pages_most: 5000,
    };
    store.shownStream().takeHealth(HEALTH);
    store.shownStream().setWantsRoom(story.room ?? true);
    story.after?.();
}

const wanted = new URLSearchParams(location.search);
const language = wanted.get('language') ?? 'en';
if (isPageLanguage(language)) {
    localStorage.setItem('plenary.language', language);
}
const name = wanted.get('name') ?? 'room-delegate';
const story = STORIES[name];
const page = document.getElementById('page');
if (story !== undefined && page !== null) {
    menuParts.value = await loadMenu();
    show(name, story);
    followConsoles();
    render(<App words={beginLanguage()} />, page);
}
