// The secretary's console: who has the floor, the list of speakers and the people beside it, the agenda with its documents; on behalf of the
// chair, and the record says so.

import '../elements/room_icons.ts';
import '../areas/ReportCard.tsx';
import { Announcer } from '../areas/Announcer.tsx';
import { Dock, FloorKey } from '../areas/Dock.tsx';
import { DocumentDialogs } from '../areas/Documents.tsx';
import { Feeds, Receivers } from '../areas/Feeds.tsx';
import { FloorPanel } from '../areas/FloorControls.tsx';
import { Glance } from '../areas/Glance.tsx';
import { Limits } from '../areas/Limits.tsx';
import { ManagedList } from '../areas/ManagedList.tsx';
import { People } from '../areas/People.tsx';
import { platesWith } from '../areas/present.ts';
import { SignalList } from '../areas/Signals.tsx';
import { ItemPanel, LanguagesServed, OnBehalf, SittingPanel } from '../areas/SittingControls.tsx';
import { Stage } from '../areas/Stage.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { text } from '../i18n/index.ts';
import { may } from '../state/store.ts';
import { Column, Console } from './Console.tsx';
import { FLOOR_SHORTCUTS } from './floor_shortcuts.ts';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';
import { WallKey } from './WallKey.tsx';

export function SecretaryConsole() {
    useShortcuts([...FLOOR_SHORTCUTS, ...LISTENING_SHORTCUTS]);
    return (
        <div class="meeting meeting-secretary">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar tools={<WallKey />} />
            <Glance />
            <Announcer />
            <Console kind="secretary">
                <Column place="main">
                    <FloorPanel />
                    <OnBehalf />
                    <SittingPanel />
                    <Limits />
                    <Stage plates={false} />
                </Column>
                <Column>
                    <ManagedList />
                    <People
                        heading="arrivals-heading"
                        title={text('people.arrivals')}
                        people={platesWith(['entrance'])}
                        empty={text('people.no_arrivals')}
                    />
                    <People
                        heading="room-heading"
                        title={text('people.room')}
                        people={platesWith(['present'])}
                        empty={text('people.room_empty')}
                        search
                    />
                    <People
                        heading="away-heading"
                        title={text('people.away')}
                        people={platesWith(['lost', 'away'])}
                        empty={text('people.nobody_away')}
                        withPresence
                    />
                </Column>
                <Column>
                    <ItemPanel />
                    <LanguagesServed />
                    <SignalList />
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
