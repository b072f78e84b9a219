// The room of delegates, listeners and captioners: the stage, the list of speakers, the dock.

import '../styles/adopt_consoles.ts';
import { signal } from '@preact/signals';
import { localized, localizedLanguage, text } from '../i18n/index.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { askOrWithdraw, Dock, FloorKey } from '../parts/Dock.tsx';
import { DocumentDialogs, ItemDocuments, OtherDocuments } from '../parts/Documents.tsx';
import { Icon } from '../parts/Icon.tsx';
import { toggleCamera } from '../parts/pictures.ts';
import { MyPlace, SpeakersList } from '../parts/SpeakersList.tsx';
import { Stage } from '../parts/Stage.tsx';
import { useShortcuts } from '../parts/shortcuts.ts';
import { TopBar } from '../parts/TopBar.tsx';
import { may, meeting, requestPlates } from '../state/store.ts';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';

const railOpen = signal(false);

export function Room() {
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
            <main id="main" class="room" tabIndex={-1}>
                <Stage />
                <div class="room-strip">
                    <MyPlace />
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
                                <p class="small muted">
                                    {text(`item.${item.state}`)}
                                    {item.document && (
                                        <>
                                            {' · '}
                                            <bdi>{item.document}</bdi>
                                        </>
                                    )}
                                </p>
                                <ItemDocuments item={item.id} />
                            </div>
                        </li>
                    ))}
                </ol>
            )}
        </section>
    );
}
