// The screens that the entrance does not need are loaded when it is known that they will be wanted.

import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { lacking } from '../areas/lacking.ts';
import { meetingsParts } from '../areas/meetings_parts.ts';
import { menuParts } from '../areas/menu_parts.ts';
import { deskOf } from '../areas/roles.ts';
import { roomParts } from '../areas/room_parts.ts';
import { bringWords } from '../i18n/index.ts';
import { signInProblem, signingIn } from '../live/actions.ts';
import { base } from '../router/base.ts';
import { route } from '../router/router.ts';
import { capacity, hasEnded, iCan, meeting, seats, session, shownMeeting, stage } from '../state/store.ts';
import { takesParts } from '../training/takes_parts.ts';
import { type BringOutside, bring, type Hindrance, type ServedPage } from './bring.ts';
import {
    CONSOLES,
    type Console,
    type ConsoleName,
    loadMeetings,
    loadMenu,
    loadRoomParts,
    loadSeats,
    loadTakes,
} from './console_table.ts';

export type { ConsoleName } from './console_table.ts';

/** The screen, or why it is not here; null while it is on its way. */
export type Arrival = { console: Console } | { hindrance: Hindrance } | null;

async function load(name: ConsoleName): Promise<Console> {
    const { view, words } = CONSOLES[name];
    const [console] = await Promise.all([view(), bringWords(words)]);
    return console;
}

const arrivals = new Map<ConsoleName, Signal<Arrival>>();

/** Asks for a screen, the first time; what became of it. */
export function consoleNamed(name: ConsoleName): ReadonlySignal<Arrival> {
    const known = arrivals.get(name);
    if (known !== undefined) {
        return known;
    }
    const arrival = signal<Arrival>(null);
    arrivals.set(name, arrival);
    const tell = (hindrance: Hindrance): void => {
        if (wantedConsole() === name) {
            arrival.value = { hindrance };
        } // else nobody looks, and it may be here before somebody does
    };
    void bring(() => load(name), outside, tell).then((console) => {
        arrival.value = { console };
    });
    return arrival;
}

// What belongs to no screen: asked for, the first time that it is wanted.
function bringOnce<Part>(wanted: () => boolean, load: () => Promise<Part>, to: Signal<Part | null>): void {
    const stop = effect(() => {
        if (wanted()) {
            queueMicrotask(() => stop());
            void bringBehind(load).then((part) => {
                to.value = part;
            });
        }
    });
}

/** A part that nobody waits for; it is tried until it comes. */
export function bringBehind<Part>(load: () => Promise<Part>): Promise<Part> {
    return bring(load, outside, () => {});
}

/** Called once: from now on a screen is asked for before it is wanted, as soon as it is known whose page this is. */
export function followConsoles(): void {
    window.addEventListener('online', tryAgainNow);
    openingLink.value = signingIn.value;
    effect(() => {
        openingLink.value &&= signingIn.value;
    });
    effect(() => {
        const name = expectedConsole();
        if (name !== null) {
            consoleNamed(name);
        }
    });
    // Behind the first screen, which says all of this to those who see it.
    bringOnce(() => capacity.value !== null, loadRoomParts, roomParts);
    bringOnce(() => capacity.value !== null, loadMenu, menuParts);
    // While it can be had: when the end comes the line may be away.
    effect(() => {
        if (stage.value === 'room') {
            consoleNamed('ended');
        }
    });
    bringOnce(() => meeting.value?.rehearsal === true && iCan('has_desk'), loadTakes, takesParts);
    bringOnce(() => session.value !== null, loadSeats, signal(null));
    bringOnce(() => seats.value.length > 1, loadMeetings, meetingsParts);
}

// At once, also on a narrow line: while the live connection is being made the line is idle, and behind it are the first sound and the answer
// to Join, which this would hold up.
function expectedConsole(): ConsoleName | null {
    return wantedConsole() ?? (capacity.value === null ? null : deskOf(capacity.value));
}

// A sign-in under way since the page was loaded is that of a personal link: while it is exchanged no form is shown. A form that signs in stays.
const openingLink = signal(false);

/** The screen that is shown, or would be were it here; null for one that needs not be loaded. */
export function wantedConsole(): ConsoleName | null {
    const { page } = route.value;
    if (page === 'help' || page === 'missing' || page === 'begin') {
        return page;
    }
    if (hasEnded.value) {
        return 'ended';
    }
    if (lacking.value.length > 0) {
        return 'unable';
    }
    if (signInProblem.value !== null && session.value === null) {
        return 'link';
    }
    if (session.value !== null && (page === 'house' || shownMeeting.value === '')) {
        return 'house';
    }
    if (page === 'sign-in') {
        return page;
    }
    if (session.value === null) {
        return openingLink.value ? null : 'sign-in';
    }
    if (page === 'projector') {
        return page;
    }
    return stage.value === 'room' ? deskOf(capacity.value) : null;
}

const sleeping = new Set<() => void>();

/** Does not wait for the next try. */
export function tryAgainNow(): void {
    for (const wake of sleeping) {
        wake();
    }
}

const RELOADED = 'plenary.reloaded';
const RELOAD_PAUSE_MS = 60_000;

const outside: BringOutside = {
    async servedPage(): Promise<ServedPage> {
        try {
            const response = await fetch(`${base}/`, { cache: 'no-store' });
            if (!response.ok) {
                return 'none';
            }
            // The page names its script, whose name follows from what is in it.
            const own = new URL(import.meta.url).pathname.split('/').at(-1) ?? '';
            return (await response.text()).includes(own) ? 'same' : 'other';
        } catch {
            return 'none';
        }
    },
    pause: (ms) =>
        new Promise((resolve) => {
            const wake = (): void => {
                clearTimeout(timer);
                sleeping.delete(wake);
                resolve();
            };
            const timer = setTimeout(wake, ms);
            sleeping.add(wake);
        }),
    reload() {
        if (wantedConsole() === null) {
            return false; // nobody looks at it yet, and the entrance works
        }
        try {
            const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
            if (Date.now() - last < RELOAD_PAUSE_MS) {
                return false;
            }
            sessionStorage.setItem(RELOADED, String(Date.now()));
        } catch {
            // Nothing is kept, the session neither: a new page would ask for the link.
            return false;
        }
        location.reload();
        return true;
    },
};
