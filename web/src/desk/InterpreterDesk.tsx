// The interpreter's desk. Listen on one side, Speak in the middle, See and Team on the other, all booths at a glance above. Every key of
// the keyboard is printed on its key. A microphone goes on only by its own press, or by a handover that was agreed.

import '../elements/room_icons.ts';
import { useEffect } from 'preact/hooks';
import { Announcer } from '../areas/Announcer.tsx';
import { useOpenMicrophone } from '../areas/DevicePicker.tsx';
import { useOwnSoundReport } from '../areas/own_sound.ts';
import { reading, stopReading } from '../areas/reading.ts';
import { SoundPanel } from '../areas/SoundPanel.tsx';
import { TeamDialog } from '../areas/TeamDialog.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { isPageLanguage, text } from '../i18n/index.ts';
import { ownPlace } from '../state/desk.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { takesParts } from '../training/takes_parts.ts';
import { DeskAnnouncer } from './DeskAnnouncer.tsx';
import { DeskChats } from './DeskChats.tsx';
import { DeskReading } from './DeskReading.tsx';
import { DeskSoundSettings } from './DeskSoundSettings.tsx';
import { closeDialog, dialogOpen } from './dialogs.ts';
import { followDeskFate } from './fate.ts';
import { HandoverPanel } from './Handover.tsx';
import { HoursDialog } from './HoursDialog.tsx';
import styles from './InterpreterDesk.css?inline';
import { KeyMap } from './KeyMap.tsx';
import { DESK_SHORTCUTS } from './keys.ts';
import { Listen } from './Listen.tsx';
import { followNews } from './news.ts';
import { panes } from './panes.ts';
import { See } from './See.tsx';
import { Speak } from './Speak.tsx';
import { Strip } from './Strip.tsx';
import { SuspendDialog } from './SuspendDialog.tsx';
import { bringStandardLines } from './standard_lines.ts';

adopt(styles);

export function InterpreterDesk() {
    useOwnSoundReport();
    useShortcuts(DESK_SHORTCUTS);
    useOpenMicrophone();
    useEffect(() => {
        const stops = [followNews(), followDeskFate()];
        bringStandardLines();
        return () => {
            for (const stop of stops) {
                stop();
            }
            panes.closeAll();
            closeDialog();
            stopReading();
        };
    }, []);
    const Takes = takesParts.value?.Card;
    return (
        <div class="meeting meeting-desk">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <Announcer />
            <Strip />
            <main id="main" class="desk" tabIndex={-1}>
                <Speak />
                <Listen />
                <See />
                <div class="desk-team">
                    {meeting.value?.rehearsal && Takes !== undefined && <Takes />}
                    <HandoverPanel />
                    <Beneath />
                </div>
            </main>
            <DeskAnnouncer />
            <DeskDialogs />
            <SoundPanel>
                <DeskSoundSettings />
            </SoundPanel>
            <KeyMap keys={DESK_SHORTCUTS} />
        </div>
    );
}

// The messages; while a text is read here, that. What stands in a window of its own stays there.
function Beneath() {
    const reads = reading.value !== null && panes.windowOf('see') === undefined;
    return reads ? (
        <>
            <DeskReading />
            {panes.windowOf('chats') !== undefined && <DeskChats />}
        </>
    ) : (
        <DeskChats />
    );
}

function DeskDialogs() {
    const language = ownPlace.value?.booth.language;
    switch (dialogOpen.value) {
        case 'suspend':
            return isPageLanguage(language) ? <SuspendDialog language={language} /> : null;
        case 'hours':
            return <HoursDialog />;
        case 'team':
            return <TeamDialog onClose={closeDialog} />;
        case null:
            return null;
    }
}
