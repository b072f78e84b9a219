// The technician's console: what needs a hand, which source goes to which channel, who interprets from whom, each connection in numbers.

import '../styles/adopt_consoles.ts';
import { text } from '../i18n/index.ts';
import { BoothChats } from '../parts/BoothChats.tsx';
import { Dock } from '../parts/Dock.tsx';
import { Feeds, Receivers } from '../parts/Feeds.tsx';
import { HelpCalls } from '../parts/People.tsx';
import { ReportCard } from '../parts/ReportCard.tsx';
import { SignalList } from '../parts/Signals.tsx';
import { SpeakerPlates } from '../parts/Stage.tsx';
import { useShortcuts } from '../parts/shortcuts.ts';
import { TopBar } from '../parts/TopBar.tsx';
import { meeting } from '../state/store.ts';
import { Alarms } from '../technician/Alarms.tsx';
import { Channels } from '../technician/Channels.tsx';
import { HealthTable } from '../technician/HealthTable.tsx';
import { Matrix } from '../technician/Matrix.tsx';
import { RelayMap } from '../technician/RelayMap.tsx';
import { TalkToBooths } from '../technician/TalkToBooths.tsx';
import { EarsCard } from '../training/EarsCard.tsx';
import { SpeechCard } from '../training/SpeechCard.tsx';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';

export function TechnicianConsole() {
    useShortcuts(LISTENING_SHORTCUTS);
    return (
        <div class="meeting meeting-technician">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <main id="main" class="console console-technician" tabIndex={-1}>
                <div class="console-column console-main">
                    <Channels />
                    <Matrix />
                    <RelayMap />
                    <Feeds />
                    <Receivers />
                    <HealthTable />
                    <ReportCard />
                </div>
                <div class="console-column">
                    {meeting.value?.rehearsal && (
                        <>
                            <SpeechCard />
                            <EarsCard />
                        </>
                    )}
                    <Alarms />
                    <TalkToBooths />
                    <HelpCalls />
                    <section class="card" aria-labelledby="tech-floor">
                        <h2 id="tech-floor">{text('floor.title')}</h2>
                        <SpeakerPlates />
                    </section>
                    <SignalList />
                    <BoothChats room="technician" />
                </div>
            </main>
            <Dock />
        </div>
    );
}
