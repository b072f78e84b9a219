// The moderator's console: who arrives, who is in the room and how well, who needs help, and the floor on
// behalf of the chair.

import '../elements/room_icons.ts';
import '../areas/ReportCard.tsx';
import { Announcer } from '../areas/Announcer.tsx';
import { BoothChats } from '../areas/BoothChats.tsx';
import { Dock, FloorKey } from '../areas/Dock.tsx';
import { DocumentDialogs } from '../areas/Documents.tsx';
import { Feeds, Receivers } from '../areas/Feeds.tsx';
import { FloorPanel } from '../areas/FloorControls.tsx';
import { Glance } from '../areas/Glance.tsx';
import { HelpCalls } from '../areas/HelpCalls.tsx';
import { Limits } from '../areas/Limits.tsx';
import { ManagedList } from '../areas/ManagedList.tsx';
import { Audience, People } from '../areas/People.tsx';
import { platesWith } from '../areas/present.ts';
import { SignalList } from '../areas/Signals.tsx';
import { ItemPanel, LanguagesServed, OnBehalf, SittingPanel } from '../areas/SittingControls.tsx';
import { Stage } from '../areas/Stage.tsx';
import { TeamKey } from '../areas/TeamKey.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { text } from '../i18n/index.ts';
import { iCan, may } from '../state/store.ts';
import { Column, Console } from './Console.tsx';
import { FLOOR_SHORTCUTS } from './floor_shortcuts.ts';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';
import { WallKey } from './WallKey.tsx';

export function ModeratorConsole() {
    useShortcuts([...FLOOR_SHORTCUTS, ...LISTENING_SHORTCUTS]);
    return (
        <div class="meeting meeting-moderator">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar tools={<WallKey />} />
            <Glance />
            <Announcer />
            <Console kind="moderator">
                <Column>
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
                    {iCan('manages_people') && <BoothChats room="moderator" />}
                </Column>
                <Column>
                    <Limits />
                    <People
                        heading="room-heading"
                        title={text('people.room')}
                        people={platesWith(['present'])}
                        empty={text('people.room_empty')}
                        search
                    />
                    <Audience />
                </Column>
                <Column place="main">
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
                </Column>
            </Console>
            <Dock>
                <FloorKey />
            </Dock>
            <DocumentDialogs />
        </div>
    );
}
