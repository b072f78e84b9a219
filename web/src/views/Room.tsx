// The room of delegates, listeners and captioners: the stage, the list of speakers, the dock.

import '../elements/room_icons.ts';
import { signal } from '@preact/signals';
import { Announcer } from '../areas/Announcer.tsx';
import { askOrWithdraw, Dock, FloorKey } from '../areas/Dock.tsx';
import { DocumentDialogs, ItemDocuments, OtherDocuments } from '../areas/Documents.tsx';
import { ItemFacts } from '../areas/ItemFacts.tsx';
import { useLockScreen } from '../areas/lock_screen.ts';
import { toggleCamera } from '../areas/pictures.ts';
import { SpeakersList } from '../areas/SpeakersList.tsx';
import { Stage } from '../areas/Stage.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { HereKey } from '../areas/WhoIsHere.tsx';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { localized, localizedLanguage, text } from '../i18n/index.ts';
import { may, meeting, requestPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';
import styles from './Room.css?inline';

adopt(styles);

const railOpen = signal(false);

export function Room() {
    useLockScreen();
    useShortcuts([
        ...(may('floor.request')
            ? [{ codes: ['KeyA'], legend: 'A', words: 'shortcuts.ask' as const, press: askOrWithdraw }]
            : []),
        ...(may('camera.set')
            ? [
                  {
                      codes: ['KeyC'],
                      legend: 'C',
                      words: 'shortcuts.camera' as const,
                      press: () => void toggleCamera(),
                  },
              ]
            : []),
        ...LISTENING_SHORTCUTS,
    ]);
    return (
        <div class="meeting meeting-room">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <Announcer />
            <main id="main" class="room" tabIndex={-1}>
                <Stage />
                <div class="room-strip">
                    <button
                        type="button"
                        class="button"
                        aria-haspopup="dialog"
                        onClick={() => {
                            railOpen.value = true;
                        }}
                    >
                        <Icon name="list" />
                        <span>{text('list.button', { count: requestPlates.value.length })}</span>
                    </button>
                </div>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
                <aside class="rail" aria-label={text('rail.label')} tabIndex={0}>
                    <SpeakersList heading="rail-speakers" />
                    <Agenda heading="rail-agenda" />
                    <OtherDocuments heading="rail-documents" />
                    <HereKey />
                </aside>
            </main>
            <Dock>
                <FloorKey />
            </Dock>
            <RailSheet />
            <DocumentDialogs />
        </div>
    );
}

// On a narrow page the rail comes as a sheet.
function RailSheet() {
    return (
        <>
            {railOpen.value && (
                <Dialog
                    title={text('rail.label')}
                    onClose={() => {
                        railOpen.value = false;
                    }}
                >
                    <SpeakersList heading="sheet-speakers" />
                    <Agenda heading="sheet-agenda" />
                    <OtherDocuments heading="sheet-documents" />
                    <HereKey />
                </Dialog>
            )}
        </>
    );
}

function Agenda({ heading }: { heading: string }) {
    const agenda = meeting.value?.agenda ?? [];
    return (
        <section class="rail-section" aria-labelledby={heading}>
            <header class="section-head">
                <h2 id={heading}>{text('agenda.title')}</h2>
            </header>
            {agenda.length === 0 ? (
                <p class="empty">{text('agenda.empty')}</p>
            ) : (
                <ol class="agenda">
                    {agenda.map((item) => (
                        <li
                            key={item.id}
                            class={`agenda-item agenda-item-${item.state}`}
                            aria-current={item.state === 'current' ? 'step' : undefined}
                        >
                            <bdi class="item-number" dir="ltr">
                                {item.number}
                            </bdi>
                            <div>
                                <p lang={localizedLanguage(item.title)}>{localized(item.title)}</p>
                                <p class="small muted agenda-item-state">
                                    <ItemFacts item={item} />
                                </p>
                                <ItemDocuments item={item} />
                            </div>
                        </li>
                    ))}
                </ol>
            )}
        </section>
    );
}
