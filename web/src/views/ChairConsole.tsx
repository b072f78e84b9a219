// The chair's console: the sitting, the item, the list, the one who speaks and the time, and the truth about the languages.

import '../elements/room_icons.ts';
import '../areas/ReportCard.tsx';
import { Announcer } from '../areas/Announcer.tsx';
import { Dock } from '../areas/Dock.tsx';
import { DocumentDialogs } from '../areas/Documents.tsx';
import { FloorPanel } from '../areas/FloorControls.tsx';
import { toggleOwnMicrophone } from '../areas/floor_keys.ts';
import { Glance } from '../areas/Glance.tsx';
import { Limits } from '../areas/Limits.tsx';
import { ManagedList } from '../areas/ManagedList.tsx';
import { toggleCamera } from '../areas/pictures.ts';
import { ItemPanel, LanguagesServed, SittingPanel } from '../areas/SittingControls.tsx';
import { Stage } from '../areas/Stage.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { text } from '../i18n/index.ts';
import { Column, Console } from './Console.tsx';
import { FLOOR_SHORTCUTS } from './floor_shortcuts.ts';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';
import { WallKey } from './WallKey.tsx';

export function ChairConsole() {
    useShortcuts([
        ...FLOOR_SHORTCUTS,
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
            <TopBar tools={<WallKey />} />
            <Glance />
            <Announcer />
            <Console kind="chair">
                <Column place="main">
                    <FloorPanel />
                    <Stage plates={false} />
                </Column>
                <Column>
                    <ManagedList />
                </Column>
                <Column>
                    <SittingPanel />
                    <Limits />
                    <LanguagesServed />
                    <ItemPanel />
                </Column>
            </Console>
            <Dock />
            <DocumentDialogs />
        </div>
    );
}
