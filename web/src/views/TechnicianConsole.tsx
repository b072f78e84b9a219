// The technician's console: what needs a hand, which source goes to which channel, who interprets from whom, each connection in numbers.

import '../areas/ReportCard.tsx';
import '../elements/room_icons.ts';
import { Announcer } from '../areas/Announcer.tsx';
import { BoothChats } from '../areas/BoothChats.tsx';
import { Dock } from '../areas/Dock.tsx';
import { Feeds, Receivers } from '../areas/Feeds.tsx';
import { Limits } from '../areas/Limits.tsx';
import { HelpCalls } from '../areas/People.tsx';
import { SignalList } from '../areas/Signals.tsx';
import { SpeakerPlates } from '../areas/Stage.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { Alarms } from '../technician/Alarms.tsx';
import { Channels } from '../technician/Channels.tsx';
import { HealthTable } from '../technician/HealthTable.tsx';
import { Matrix } from '../technician/Matrix.tsx';
import { RelayMap } from '../technician/RelayMap.tsx';
import { TalkToBooths } from '../technician/TalkToBooths.tsx';
import { EarsCard } from '../training/EarsCard.tsx';
import { SpeechCard } from '../training/SpeechCard.tsx';
import { Column, Console } from './Console.tsx';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';
import { WallKey } from './WallKey.tsx';

export function TechnicianConsole() {
    useShortcuts(LISTENING_SHORTCUTS);
    return (
        <div class="meeting meeting-technician">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar tools={<WallKey />} />
            <Announcer />
            <Console kind="technician">
                <Column main>
                    <Channels />
                    <Matrix />
                    <RelayMap />
                    <Feeds />
                    <Receivers />
                    <HealthTable />
                </Column>
                <Column>
                    {meeting.value?.rehearsal && (
                        <>
                            <SpeechCard />
                            <EarsCard />
                        </>
                    )}
                    <Alarms />
                    <Limits />
                    <TalkToBooths />
                    <HelpCalls />
                    <section class="card" aria-labelledby="tech-floor">
                        <h2 id="tech-floor">{text('floor.title')}</h2>
                        <SpeakerPlates />
                    </section>
                    <SignalList />
                    <BoothChats room="technician" />
                </Column>
            </Console>
            <Dock />
        </div>
    );
}
