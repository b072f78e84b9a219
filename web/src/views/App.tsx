// Which screen is shown: the address, the session and the connection decide.

import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Announcer } from '../areas/Announcer.tsx';
import { followClosing } from '../areas/hearing.ts';
import { deskOf } from '../areas/roles.ts';
import { InterpreterDesk } from '../desk/InterpreterDesk.tsx';
import { ShortcutList } from '../elements/ShortcutList.tsx';
import { startTheme, suggestTheme } from '../elements/theme.ts';
import { localized, pageLanguage, text } from '../i18n/index.ts';
import { signInProblem, signingIn } from '../live/actions.ts';
import { route } from '../router/router.ts';
import { capacity, connectionPhase, meeting, session, stage } from '../state/store.ts';
import { ChairConsole } from './ChairConsole.tsx';
import { Entrance } from './Entrance.tsx';
import { HelpPages } from './HelpPages.tsx';
import { ModeratorConsole } from './ModeratorConsole.tsx';
import { EndedPage, LinkProblemPage, MissingPage, WaitingPage } from './Pages.tsx';
import { Projector } from './Projector.tsx';
import { Room } from './Room.tsx';
import { SignIn } from './SignIn.tsx';
import { TechnicianConsole } from './TechnicianConsole.tsx';

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
    useEffect(followClosing, []);
    useTitle(screen.title);
    return (
        <Focused name={screen.name}>
            {screen.view}
            <Announcer />
            <ShortcutList />
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
        return { name: 'help', title: text('help.pages'), view: <HelpPages role={where.role} /> };
    }
    if (where.page === 'missing') {
        return { name: 'missing', title: text('missing.title'), view: <MissingPage /> };
    }
    const phase = connectionPhase.value;
    if (phase.reason !== '' && (phase.phase === 'ended' || phase.phase === 'signed-out')) {
        return { name: 'ended', title: text('ended.heading'), view: <EndedPage reason={phase.reason} /> };
    }
    const linkProblem = signInProblem.value;
    if (linkProblem !== null && session.value === null) {
        return {
            name: 'link',
            title: text('link.heading'),
            view: <LinkProblemPage kind={linkProblem.kind} />,
        };
    }
    // While a personal link is being exchanged no form is shown; a form that signs in stays.
    if (where.page === 'sign-in' || (session.value === null && !openingLink.value)) {
        const wanted = where.page === 'sign-in' ? '' : where.meeting;
        return {
            name: 'sign-in',
            title: text('sign_in.title'),
            view: <SignIn key={wanted} meeting={wanted} />,
        };
    }
    const now = meeting.value;
    if (now === null) {
        return { name: 'waiting', title: text('waiting.title'), view: <WaitingPage /> };
    }
    const title = localized(now.title);
    if (where.page === 'projector') {
        return { name: 'projector', title, view: <Projector /> };
    }
    if (stage.value === 'room') {
        return { name: 'room', title, view: <DeskOfCapacity /> };
    }
    return { name: 'entrance', title, view: <Entrance /> };
}

function DeskOfCapacity() {
    const desk = deskOf(capacity.value);
    useEffect(() => {
        // Booths are dark, so that the glass shows the room.
        suggestTheme(desk === 'interpreter' ? 'dark' : 'system');
        return () => suggestTheme('system');
    }, [desk]);
    switch (desk) {
        case 'chair':
            return <ChairConsole />;
        case 'moderator':
            return <ModeratorConsole />;
        case 'interpreter':
            return <InterpreterDesk />;
        case 'technician':
            return <TechnicianConsole />;
        case 'room':
            return <Room />;
    }
}

function useTitle(title: string): void {
    useEffect(() => {
        document.title = `${title} · ${text('app.name')}`;
    }, [title, pageLanguage.value]);
}

// After a change of screen the focus stands at its beginning instead of being lost with the button that was pressed.
function Focused({ name, children }: { name: string; children: ComponentChildren }) {
    const before = useRef(name);
    useEffect(() => {
        if (before.current !== name) {
            before.current = name;
            document.getElementById('main')?.focus();
        }
    }, [name]);
    return <>{children}</>;
}
