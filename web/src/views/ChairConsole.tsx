// The chair's console: the sitting, the item, the list, the one who speaks and the time, and the truth about the languages.

import '../elements/room_icons.ts';
import { Announcer } from '../areas/Announcer.tsx';
import { Dock } from '../areas/Dock.tsx';
import { DocumentDialogs } from '../areas/Documents.tsx';
import { endNewest, FloorPanel, giveNext, toggleOwnMicrophone } from '../areas/FloorControls.tsx';
import { Limits } from '../areas/Limits.tsx';
import { ManagedList } from '../areas/ManagedList.tsx';
import { toggleCamera } from '../areas/pictures.ts';
import { ReportCard } from '../areas/ReportCard.tsx';
import { ItemPanel, LanguagesServed, PresentCount, SittingPanel } from '../areas/SittingControls.tsx';
import { Stage } from '../areas/Stage.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { text } from '../i18n/index.ts';
import { Column, Console } from './Console.tsx';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';

export function ChairConsole() {
    useShortcuts([
        { codes: ['KeyG'], legend: 'G', words: 'shortcuts.give', press: giveNext },
        { codes: ['KeyE'], legend: 'E', words: 'shortcuts.end', press: endNewest },
        {
            codes: ['KeyM', 'F8'],
            legend: 'M F8',
            words: 'shortcuts.own_microphone',
            press: toggleOwnMicrophone,
        },
        { codes: ['KeyC'], legend: 'C', words: 'shortcuts.camera', press: () => void toggleCamera() },
        ...LISTENING_SHORTCUTS,
    ]);
    return (
        <div class="meeting meeting-chair">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <Announcer />
            <Console kind="chair">
                <Column main>
                    <FloorPanel />
                    <Stage plates={false} />
                </Column>
                <Column>
                    <ManagedList />
                </Column>
                <Column>
                    <SittingPanel />
                    <Limits />
                    <ReportCard />
                    <section class="card" aria-labelledby="present-heading">
                        <h2 id="present-heading" class="hidden-text">
                            {text('chair.present_title')}
                        </h2>
                        <PresentCount />
                    </section>
                    <LanguagesServed />
                    <ItemPanel />
                </Column>
            </Console>
            <Dock />
            <DocumentDialogs />
        </div>
    );
}
