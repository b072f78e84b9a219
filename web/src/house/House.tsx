// The house: where meetings are prepared, and where one's own are. The frame has its pages by what one may do there; each page says what it
// lacks by itself.

import { useEffect, useRef, useState } from 'preact/hooks';
import { houseTitle } from '../areas/house_title.ts';
import { LanguageSwitch, ThemeSwitch } from '../areas/Switches.tsx';
import { Brand } from '../elements/Brand.tsx';
import { Dialog, Question } from '../elements/Dialog.tsx';
import { Icon, type IconName } from '../elements/Icon.tsx';
import '../elements/room_icons.ts';
import '../elements/house_icons.ts';
import { type MessageKey, text } from '../i18n/index.ts';
import { signOut } from '../live/actions.ts';
import { base } from '../router/base.ts';
import { route } from '../router/router.ts';
import { session } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { accountsPage } from './accounts_pages.ts';
import { Bodies } from './Bodies.tsx';
import { Desk } from './Desk.tsx';
import { enterHouse } from './enter.ts';
import styles from './House.css?inline';
import { forgetLinks } from './links.ts';
import { MeetingPages } from './MeetingPages.tsx';
import { NewMeeting } from './NewMeeting.tsx';
import { followOwn, has, own, ownProblem, type Role, readOwnAgain } from './own.ts';
import { Coming, Link, PageHead } from './Parts.tsx';
import { followUnsaved, leave, leaveFor, stay, unsavedAsked } from './unsaved.ts';

adopt(styles);

interface Page {
    name: string;
    words: MessageKey;
    icon: IconName;
    /** Whose it is; everybody's when not given. */
    role?: Role;
}

const PAGES: readonly Page[] = [
    { name: '', words: 'house.meetings', icon: 'list' },
    { name: 'bodies', words: 'house.bodies', icon: 'people', role: 'secretariat' },
    { name: 'accounts', words: 'house.accounts', icon: 'lock', role: 'administrator' },
    { name: 'server', words: 'house.server', icon: 'signal', role: 'administrator' },
];

function parts(): readonly string[] {
    const where = route.value;
    return where.page === 'house' ? where.parts : [];
}

export function House() {
    useEffect(enterHouse, []);
    useEffect(followOwn, []);
    useEffect(followUnsaved, []);
    const at = parts().join('/');
    useBeginning(at);
    return (
        <div class="house">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <Bar />
            <main id="main" class="house-main" tabIndex={-1}>
                <Shown key={at.startsWith('m/') ? at.split('/').slice(0, 2).join('/') : at} />
            </main>
            {unsavedAsked.value !== null && (
                <Question
                    title={text('house.unsaved_title')}
                    detail={text('house.unsaved_detail')}
                    confirm={text('house.unsaved_leave')}
                    onConfirm={leave}
                    onClose={stay}
                />
            )}
        </div>
    );
}

// Another page is read from its beginning; the title of the window says which it is.
function useBeginning(at: string): void {
    const before = useRef(at);
    useEffect(() => {
        if (before.current !== at) {
            before.current = at;
            document.getElementById('main')?.focus({ preventScroll: true });
            scrollTo(0, 0);
        }
    }, [at]);
    useEffect(
        () => () => {
            houseTitle.value = '';
        },
        [],
    );
}

function Shown() {
    const [first = '', second = ''] = parts();
    const known = own.value;
    if (first === '') {
        return <Desk />;
    }
    if (first === 'account') {
        return <Ours name="account" words="house.account" />;
    }
    if (known === null) {
        return <Coming value={known} problem={ownProblem.value} again={readOwnAgain} />;
    }
    const role: Role = first === 'accounts' || first === 'server' ? 'administrator' : 'secretariat';
    if (!has(role)) {
        return <NotYours role={role} />;
    }
    switch (first) {
        case 'bodies':
            return <Bodies />;
        case 'new':
            return <NewMeeting />;
        case 'm':
            return <MeetingPages id={second} />;
        default:
            return <Ours name={first} words={first === 'server' ? 'house.server' : 'house.accounts'} />;
    }
}

function NotYours({ role }: { role: Role }) {
    return (
        <>
            <PageHead title={text('house.not_yours')} />
            <p>{text(`house.not_yours_${role}`)}</p>
            <p>
                <Link to="/house">{text('meetings.title')}</Link>
            </p>
        </>
    );
}

// The pages of accounts are loaded when they are wanted: most never see them.
function Ours({ name, words }: { name: string; words: MessageKey }) {
    const page = accountsPage(name).value;
    useEffect(() => {
        houseTitle.value = text(words);
    }, [words]);
    if (page === 'none') {
        return <PageHead title={text(words)} />;
    }
    if (page === null) {
        return <p role="status">{text('waiting.lead')}</p>;
    }
    const View = page;
    return <View />;
}

function Bar() {
    const [open, setOpen] = useState(false);
    return (
        <header class="house-bar">
            <Link to="/house" class="house-brand">
                <Brand />
                <span lang="en">{text('app.name')}</span>
            </Link>
            <nav class="house-nav" aria-label={text('house.title')}>
                <Pages />
            </nav>
            <div class="house-tools">
                <OwnLink />
                <ThemeSwitch class="house-theme" />
                <LanguageSwitch />
                <SignOutKey class="house-sign-out" />
                <button
                    type="button"
                    class="button button-quiet button-icon house-menu-key"
                    aria-haspopup="dialog"
                    aria-label={text('menu.open')}
                    onClick={() => setOpen(true)}
                >
                    <Icon name="menu" />
                </button>
            </div>
            {open && (
                <Dialog title={text('menu.title')} onClose={() => setOpen(false)}>
                    <nav class="house-menu" aria-label={text('house.title')}>
                        <Pages onPress={() => setOpen(false)} />
                        <OwnLink onPress={() => setOpen(false)} />
                        <a
                            class="house-link"
                            href={`${base}/help/secretary`}
                            target="_blank"
                            rel="noreferrer"
                        >
                            <Icon name="book" />
                            <span>{text('help.pages')}</span>
                        </a>
                        <ThemeSwitch />
                        <SignOutKey />
                    </nav>
                </Dialog>
            )}
        </header>
    );
}

function Pages({ onPress = () => {} }: { onPress?: () => void }) {
    const [first = ''] = parts();
    const here = first === 'm' || first === 'new' ? '' : first;
    return PAGES.filter(({ role }) => role === undefined || has(role)).map(({ name, words, icon }) => (
        <Link
            key={name}
            to={name === '' ? '/house' : `/house/${name}`}
            class="house-link"
            here={here === name}
            onPress={onPress}
        >
            <Icon name={icon} />
            <span>{text(words)}</span>
        </Link>
    ));
}

// Who signed in by a link has no account to look after.
function OwnLink({ onPress = () => {} }: { onPress?: () => void }) {
    const name = session.value?.name ?? '';
    if (session.value?.account === undefined) {
        return null;
    }
    return (
        <Link
            to="/house/account"
            class="house-link house-own"
            here={parts()[0] === 'account'}
            label={text('house.account_of', { name })}
            onPress={onPress}
        >
            <Icon name="person" />
            <span class="house-own-name" dir="auto">
                {name}
            </span>
        </Link>
    );
}

function SignOutKey({ class: more = '' }: { class?: string }) {
    return (
        <button
            type="button"
            class={`button button-quiet ${more}`}
            onClick={() =>
                leaveFor(() => {
                    forgetLinks();
                    void signOut();
                })
            }
        >
            <Icon name="leave" />
            <span>{text('sign_out')}</span>
        </button>
    );
}
