// Which screen is shown: the address, the session and the connection decide.

import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { lacking } from '../areas/lacking.ts';
import { menuParts } from '../areas/menu_parts.ts';
import { deskOf } from '../areas/roles.ts';
import { roomParts } from '../areas/room_parts.ts';
import { startTheme, suggestTheme } from '../elements/theme.ts';
import { localized, text } from '../i18n/index.ts';
import { signInProblem, signingIn } from '../live/actions.ts';
import { route } from '../router/router.ts';
import { capacity, hasEnded, meeting, session, shownMeeting, stage } from '../state/store.ts';
import { tabWords } from '../state/tab.ts';
import { Arriving } from './Arriving.tsx';
import { type ConsoleName, consoleNamed } from './consoles.ts';
import { Entrance } from './Entrance.tsx';
import { WaitingPage } from './Pages.tsx';

// A sign-in under way since the page was loaded is that of a personal link.
const openingLink = signal(false);

/** `words` resolves when the page's language can be shown; when it never does the page stays empty, and a reload helps. */
export function App({ words }: { words: Promise<void> }) {
    const [ready, setReady] = useState(false);
    useEffect(() => {
        openingLink.value = signingIn.value;
        startTheme();
        words.then(
            () => setReady(true),
            () => {},
        );
        const stop = effect(() => {
            if (!signingIn.value) {
                openingLink.value = false;
            }
        });
        return stop;
    }, [words]);
    return ready ? <Screen /> : null;
}

function Screen() {
    const screen = screenNow();
    const { Announcer, Help } = roomParts.value ?? {};
    const { ShortcutList, WhoIsHere } = menuParts.value ?? {};
    useTitle(screen.title);
    useBoothTheme(screen.name.startsWith('interpreter'));
    return (
        <Focused name={screen.name}>
            {screen.view}
            {screen.name === 'entrance' && Announcer !== undefined && <Announcer />}
            {Help !== undefined && <Help />}
            {ShortcutList !== undefined && <ShortcutList />}
            {WhoIsHere !== undefined && <WhoIsHere />}
        </Focused>
    );
}

interface ScreenNow {
    // Changes when the reader should begin reading anew.
    name: string;
    title: string;
    view: ComponentChildren;
}

function screenNow(): ScreenNow {
    const where = route.value;
    if (where.page === 'help') {
        return consoleScreen('help', text('help.pages'));
    }
    if (where.page === 'missing') {
        return consoleScreen('missing', text('missing.title'));
    }
    if (hasEnded.value) {
        return consoleScreen('ended', text('ended.heading'));
    }
    if (lacking.value.length > 0) {
        return consoleScreen('unable', text('unable.title'));
    }
    if (signInProblem.value !== null && session.value === null) {
        return consoleScreen('link', text('link.heading'));
    }
    if (session.value !== null && shownMeeting.value === '') {
        return consoleScreen('choose', text('meetings.title'));
    }
    // While a personal link is being exchanged no form is shown; a form that signs in stays.
    if (where.page === 'sign-in' || (session.value === null && !openingLink.value)) {
        return consoleScreen('sign-in', text('sign_in.title'));
    }
    const now = meeting.value;
    if (now === null) {
        return { name: 'waiting', title: text('waiting.title'), view: <WaitingPage /> };
    }
    const title = localized(now.title);
    if (where.page === 'projector') {
        return consoleScreen('projector', title);
    }
    if (stage.value === 'room') {
        return consoleScreen(deskOf(capacity.value), title);
    }
    return { name: 'entrance', title, view: <Entrance /> };
}

function consoleScreen(name: ConsoleName, title: string): ScreenNow {
    const arrival = consoleNamed(name).value;
    if (arrival === null || 'hindrance' in arrival) {
        const view = <Arriving title={title} hindrance={arrival?.hindrance ?? null} />;
        return { name: `${name} to come`, title, view };
    }
    const View = arrival.console;
    return { name, title, view: <View /> };
}

// Booths are dark, so that the glass shows the room.
function useBoothTheme(dark: boolean): void {
    useEffect(() => {
        suggestTheme(dark ? 'dark' : 'system');
        return () => suggestTheme('system');
    }, [dark]);
}

function useTitle(title: string): void {
    const words = `${tabWords.value}${title} · ${text('app.name')}`;
    useEffect(() => {
        document.title = words;
    }, [words]);
}

// After a change of screen the focus stands at its beginning instead of being lost with the button that was pressed.
function Focused({ name, children }: { name: string; children: ComponentChildren }) {
    const before = useRef(name);
    useEffect(() => {
        if (before.current !== name) {
            before.current = name;
            // The focus alone: bringing it into view would push the bar out of a window that does not scroll.
            document.getElementById('main')?.focus({ preventScroll: true });
            scrollTo(0, 0);
        }
    }, [name]);
    return <>{children}</>;
}
