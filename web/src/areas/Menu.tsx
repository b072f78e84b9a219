// The menu of the bar: what is wanted seldom, in one place. It comes behind the first screen (views/consoles.ts).

import { useState } from 'preact/hooks';
import { Dialog, Question } from '../elements/Dialog.tsx';
import { Icon, type IconName } from '../elements/Icon.tsx';
import '../elements/room_icons.ts';
import { shortcutListOpen } from '../elements/shortcuts.ts';
import { localized, localizedLanguage, text } from '../i18n/index.ts';
import { leaveRoom, signOut, signOutEverywhere } from '../live/actions.ts';
import { base } from '../router/base.ts';
import { capacity, may, me, meeting, stage } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { attempt } from './act.ts';
import { openHelp } from './help_parts.ts';
import styles from './Menu.css?inline';
import { type MenuProps, menuReport } from './menu_parts.ts';
import { ThemeSwitch } from './Switches.tsx';
import { hereOpen } from './who_is_here.ts';

adopt(styles);

export function Menu({ onClose: close }: MenuProps) {
    const person = capacity.value;
    const now = meeting.value;
    const Report = menuReport.value;
    const closing = (act: () => void) => () => {
        close();
        act();
    };
    return (
        <Dialog title={text('menu.title')} onClose={close}>
            <div class="menu">
                {now !== null && (
                    <p class="menu-meeting" lang={localizedLanguage(now.title)}>
                        {localized(now.title)}
                    </p>
                )}
                <MenuLine
                    icon="help"
                    words={text(`help_call.${me.value?.help ?? 'none'}`)}
                    onPress={closing(openHelp)}
                />
                <a
                    class="button menu-line"
                    href={`${base}/help/${person ?? ''}`}
                    target="_blank"
                    rel="noreferrer"
                >
                    <Icon name="book" />
                    <span>{text('help.pages')}</span>
                </a>
                <MenuLine
                    icon="keyboard"
                    words={text('shortcuts.title')}
                    onPress={closing(() => {
                        shortcutListOpen.value = true;
                    })}
                />
                <MenuLine
                    icon="people"
                    words={text('here.title')}
                    onPress={closing(() => {
                        hereOpen.value = true;
                    })}
                />
                <ThemeSwitch class="menu-switch" />
                {Report !== null && may('report.read') && <Report />}
                {stage.value === 'room' && (
                    <MenuLine
                        icon="door"
                        words={text('room.leave')}
                        onPress={closing(() => void leaveRoom())}
                    />
                )}
                <MenuLine icon="leave" words={text('sign_out')} onPress={closing(() => void signOut())} />
                <SignOutEverywhere />
            </div>
        </Dialog>
    );
}

interface MenuLineProps {
    icon: IconName;
    words: string;
    onPress: () => void;
}

function MenuLine({ icon, words, onPress }: MenuLineProps) {
    return (
        <button type="button" class="button menu-line" onClick={onPress}>
            <Icon name={icon} />
            <span>{words}</span>
        </button>
    );
}

/** All of one's pages at once, for instance when the link has come into wrong hands: it asks first, because the link ends too. */
function SignOutEverywhere() {
    const [asking, setAsking] = useState(false);
    return (
        <>
            <MenuLine icon="leave" words={text('sign_out.everywhere')} onPress={() => setAsking(true)} />
            {asking && (
                <Question
                    title={text('sign_out.everywhere')}
                    detail={text('sign_out.everywhere_detail')}
                    confirm={text('sign_out.everywhere')}
                    onConfirm={() => attempt(signOutEverywhere)}
                    onClose={() => setAsking(false)}
                />
            )}
        </>
    );
}
