// The moderator's console, and the secretary's: who arrives, who is in the room and how well, who needs help, and the floor on
// behalf of the chair.

import '../styles/adopt_consoles.ts';
import { text } from '../i18n/index.ts';
import { BoothChats } from '../parts/BoothChats.tsx';
import { Dock, FloorKey } from '../parts/Dock.tsx';
import { DocumentDialogs } from '../parts/Documents.tsx';
import { Feeds, Receivers } from '../parts/Feeds.tsx';
import { endNewest, FloorPanel, giveNext } from '../parts/FloorControls.tsx';
import { ManagedList } from '../parts/ManagedList.tsx';
import { HelpCalls, People, platesWith } from '../parts/People.tsx';
import { ReportCard } from '../parts/ReportCard.tsx';
import { SignalList } from '../parts/Signals.tsx';
import { ItemPanel, LanguagesServed, OnBehalf, SittingPanel } from '../parts/SittingControls.tsx';
import { Stage } from '../parts/Stage.tsx';
import { useShortcuts } from '../parts/shortcuts.ts';
import { TeamKey } from '../parts/TeamKey.tsx';
import { TopBar } from '../parts/TopBar.tsx';
import { capacity, may } from '../state/store.ts';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';

export function ModeratorConsole() {
    useShortcuts([
        { codes: ['KeyG'], legend: 'G', words: 'shortcuts.give', press: giveNext },
        { codes: ['KeyE'], legend: 'E', words: 'shortcuts.end', press: endNewest },
        ...LISTENING_SHORTCUTS,
    ]);
    return (
        <div class="meeting meeting-moderator">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <main id="main" class="console console-moderator" tabIndex={-1}>
                <div class="console-column">
                    <HelpCalls />
                    <People
                        heading="arrivals-heading"
                        title={text('people.arrivals')}
                        people={platesWith(['entrance'])}
                        empty={text('people.no_arrivals')}
                    />
                    <People
                        heading="away-heading"
                        title={text('people.away')}
                        people={platesWith(['lost', 'away'])}
                        empty={text('people.nobody_away')}
                        withPresence
                    />
                    {capacity.value === 'moderator' && <BoothChats room="moderator" />}
                </div>
                <div class="console-column">
                    <People
                        heading="room-heading"
                        title={text('people.room')}
                        people={platesWith(['present'])}
                        empty={text('people.room_empty')}
                        search
                    />
                </div>
                <div class="console-column console-main">
                    <FloorPanel />
                    <OnBehalf />
                    <ManagedList />
                    <SittingPanel />
                    <Stage plates={false} />
                    <LanguagesServed />
                    <TeamKey />
                    <SignalList />
                    <ItemPanel />
                    {may('feed.put') && <Feeds />}
                    {may('receiver.switch') && <Receivers />}
                    {may('report.read') && <ReportCard />}
                </div>
            </main>
            <Dock>
                <FloorKey />
            </Dock>
            <DocumentDialogs />
        </div>
    );
}
