// The technician's console: what needs a hand, which source goes to which channel, who interprets from whom, each connection in numbers. In a
// rehearsal it is the trainer's.

import '../areas/ReportCard.tsx';
import '../elements/room_icons.ts';
import { Announcer } from '../areas/Announcer.tsx';
import { BoothChats } from '../areas/BoothChats.tsx';
import { Dock } from '../areas/Dock.tsx';
import { Feeds, Receivers } from '../areas/Feeds.tsx';
import { HelpCalls } from '../areas/HelpCalls.tsx';
import { Limits } from '../areas/Limits.tsx';
import { SignalList } from '../areas/Signals.tsx';
import { SpeakerPlates } from '../areas/Stage.tsx';
import { TopBar } from '../areas/TopBar.tsx';
import { useShortcuts } from '../elements/shortcuts.ts';
import { text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { Alarms } from '../technician/Alarms.tsx';
import { useAlarmWatch } from '../technician/alarm_watch.ts';
import { Channels } from '../technician/Channels.tsx';
import { HealthTable } from '../technician/HealthTable.tsx';
import { useListenEnds } from '../technician/ListenKey.tsx';
import { Matrix } from '../technician/Matrix.tsx';
import { RelayMap } from '../technician/RelayMap.tsx';
import { TalkToBooths } from '../technician/TalkToBooths.tsx';
import { EarsCard } from '../training/EarsCard.tsx';
import { SpeechCard } from '../training/SpeechCard.tsx';
import { StudentsCard } from '../training/StudentsCard.tsx';
import { Column, Console } from './Console.tsx';
import { LISTENING_SHORTCUTS } from './listening_keys.ts';
import { WallKey } from './WallKey.tsx';

export function TechnicianConsole() {
    useShortcuts(LISTENING_SHORTCUTS);
    useAlarmWatch();
    useListenEnds();
    return (
        <div class="meeting meeting-technician">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar tools={<WallKey />} />
            <Announcer />
            {meeting.value?.rehearsal === true ? <TrainerColumns /> : <TechnicianColumns />}
            <Dock />
        </div>
    );
}

function TechnicianColumns() {
    return (
        <Console kind="technician">
            <Column place="first">
                <Alarms />
            </Column>
            <Column place="main">
                <Routing />
            </Column>
            <Column>
                <Beside />
            </Column>
        </Console>
    );
}

// Who trains works with three things: the speech, the students, one's own ears. What a technician has stands below and beside.
function TrainerColumns() {
    return (
        <Console kind="trainer">
            <Column>
                <SpeechCard />
                <EarsCard />
            </Column>
            <Column place="main">
                <StudentsCard />
                <Routing />
            </Column>
            <Column>
                <Alarms />
                <Beside />
            </Column>
        </Console>
    );
}

function Routing() {
    return (
        <>
            <Matrix />
            <Channels />
            <RelayMap />
            <Feeds />
            <Receivers />
            <HealthTable />
        </>
    );
}

function Beside() {
    return (
        <>
            <Limits />
            <TalkToBooths />
            <HelpCalls />
            <section class="card" aria-labelledby="tech-floor">
                <h2 id="tech-floor">{text('floor.title')}</h2>
                <SpeakerPlates />
            </section>
            <SignalList />
            <BoothChats room="technician" />
        </>
    );
}
