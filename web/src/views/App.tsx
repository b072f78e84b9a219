// Which screen is shown: the address, the session and the connection decide.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { houseTitle } from '../areas/house_title.ts';
import { menuParts } from '../areas/menu_parts.ts';
import { roomParts } from '../areas/room_parts.ts';
import { startTheme, suggestTheme } from '../elements/theme.ts';
import { localized, type MessageKey, text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { tabWords } from '../state/tab.ts';
import { Arriving } from './Arriving.tsx';
import { type ConsoleName, consoleNamed, wantedConsole } from './consoles.ts';
import { Entrance } from './Entrance.tsx';
import { WaitingPage } from './Pages.tsx';

/** `words` resolves when the page's language can be shown; when it never does the page stays empty, and a reload helps. */
export function App({ words }: { words: Promise<void> }) {
    const [ready, setReady] = useState(false);
    useEffect(() => {
        startTheme();
        words.then(
            () => setReady(true),
            () => {},
        );
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

// Those of a meeting bear its title.
const TITLES: Partial<Record<ConsoleName, MessageKey>> = {
    help: 'help.pages',
    missing: 'missing.title',
    ended: 'ended.heading',
    unable: 'unable.title',
    link: 'link.heading',
    house: 'meetings.title',
    'sign-in': 'sign_in.title',
    begin: 'sign_in.title',
};

function screenNow(): ScreenNow {
    const name = wantedConsole();
    const own = name === null ? undefined : TITLES[name];
    if (name !== null && own !== undefined) {
        return consoleScreen(name, (name === 'house' && houseTitle.value) || text(own));
    }
    const now = meeting.value;
    if (now === null) {
        return { name: 'waiting', title: text('waiting.title'), view: <WaitingPage /> };
    }
    const title = localized(now.title);
    return name === null ? { name: 'entrance', title, view: <Entrance /> } : consoleScreen(name, title);
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
