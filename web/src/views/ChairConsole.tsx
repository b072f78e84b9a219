// The chair's console: the sitting, the item, the list, the one who speaks and the time, and the truth about the languages.

import '../styles/adopt_consoles.ts';
import { text } from '../i18n/index.ts';
import { Dock } from '../parts/Dock.tsx';
import { DocumentDialogs } from '../parts/Documents.tsx';
import { endNewest, FloorPanel, giveNext, toggleOwnMicrophone } from '../parts/FloorControls.tsx';
import { ManagedList } from '../parts/ManagedList.tsx';
import { toggleCamera } from '../parts/pictures.ts';
import { ReportCard } from '../parts/ReportCard.tsx';
import { ItemPanel, LanguagesServed, PresentCount, SittingPanel } from '../parts/SittingControls.tsx';
import { Stage } from '../parts/Stage.tsx';
import { useShortcuts } from '../parts/shortcuts.ts';
import { TopBar } from '../parts/TopBar.tsx';
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
            <main id="main" class="console console-chair" tabIndex={-1}>
                <div class="console-column console-main">
                    <FloorPanel />
                    <Stage plates={false} />
                </div>
                <div class="console-column">
                    <ManagedList />
                </div>
                <div class="console-column">
                    <SittingPanel />
                    <ReportCard />
                    <section class="card" aria-labelledby="present-heading">
                        <h2 id="present-heading" class="hidden-text">
                            {text('chair.present_title')}
                        </h2>
                        <PresentCount />
                    </section>
                    <LanguagesServed />
                    <ItemPanel />
                </div>
            </main>
            <Dock />
            <DocumentDialogs />
        </div>
    );
}
