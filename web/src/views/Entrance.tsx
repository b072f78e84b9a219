// The entrance: who you are, what you hear and say with, and whether it works. Join is possible whatever the verdict, and help
// is next to it.

import { useEffect, useState } from 'preact/hooks';
import { attempt } from '../areas/act.ts';
import { CameraPreview } from '../areas/CameraPreview.tsx';
import { clockNow } from '../areas/clock.ts';
import { DevicePicker, useOpenMicrophone } from '../areas/DevicePicker.tsx';
import { HelpKey } from '../areas/HelpKey.tsx';
import { HOUSE_ZONE } from '../areas/house_zone.ts';
import { sendsMicrophone } from '../areas/roles.ts';
import { TopBar } from '../areas/TopBar.tsx';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { PlateView } from '../elements/Plate.tsx';
import { shortcutListOpen, useShortcuts } from '../elements/shortcuts.ts';
import type { MessageKey } from '../i18n/index.ts';
import { formatDate, formatTime, localized, localizedLanguage, text } from '../i18n/index.ts';
import { enterRoom } from '../live/actions.ts';
import {
    type CheckLine,
    check,
    deviceStates,
    echoState,
    finishSentence,
    microphoneLevel,
    openMicrophone,
    playSentence,
    recordSentence,
    runCheck,
    stopEcho,
    type Verdict,
} from '../media/media.ts';
import { capacity, me, meeting, plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Entrance.css?inline';

adopt(styles);

export function Entrance() {
    const now = meeting.value;
    const mine = plate(me.value?.id);
    const sends = sendsMicrophone(capacity.value);
    const [joining, setJoining] = useState(false);
    useOpenMicrophone();
    useEffect(() => () => void stopEcho(), []);
    useShortcuts([
        { codes: ['Slash', 'F1'], legend: '? F1', words: 'shortcuts.list', press: openShortcutList },
    ]);
    if (now === null) {
        return null;
    }
    const join = async () => {
        setJoining(true);
        await attempt(enterRoom);
        setJoining(false);
    };
    return (
        <div class="meeting meeting-entrance">
            <a class="skip" href="#main">
                {text('app.skip')}
            </a>
            <TopBar />
            <main id="main" class="entrance" tabIndex={-1}>
                <div class="entrance-who">
                    <p class="entrance-body" lang={localizedLanguage(now.body)}>
                        {localized(now.body)}
                    </p>
                    <h2 class="entrance-title" lang={localizedLanguage(now.title)}>
                        {localized(now.title)}
                    </h2>
                    <Times />
                    {mine !== null && (
                        <div class="entrance-plate">
                            <p class="small muted">{text('entrance.you_are')}</p>
                            <PlateView plate={mine} size="hero" />
                        </div>
                    )}
                    <div class="entrance-join">
                        <button
                            type="button"
                            class="button button-filled button-large"
                            aria-disabled={joining}
                            onClick={() => void join()}
                        >
                            <Icon name="door" size={24} />
                            <span>{text('entrance.join')}</span>
                        </button>
                        <HelpKey class="button-stacked" />
                    </div>
                    <p class="muted small">
                        {text(sends ? 'entrance.closed_at_first' : 'entrance.listen_only')}
                    </p>
                </div>
                <section class="card entrance-card" aria-labelledby="entrance-check">
                    <h2 id="entrance-check">{text('entrance.check_title')}</h2>
                    <div class={sends ? 'entrance-devices' : ''}>
                        {sends && (
                            <div class="entrance-pickers">
                                <CameraPreview />
                                <div class="entrance-level">
                                    <span class="device-label">{text('level.own')}</span>
                                    <LevelMeter level={microphoneLevel} label={text('level.own')} withWords />
                                </div>
                            </div>
                        )}
                        <div class="entrance-pickers">
                            <DevicePicker />
                        </div>
                    </div>
                    {sends && <Echo />}
                    <Verdicts />
                </section>
            </main>
        </div>
    );
}

function openShortcutList(): void {
    shortcutListOpen.value = true;
}

function Times() {
    const now = clockNow();
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return (
        <p class="entrance-times">
            <span>{formatDate(now)}</span>
            <span>
                {text('entrance.own_time')} <bdi dir="ltr">{formatTime(now)}</bdi>
            </span>
            {own !== HOUSE_ZONE && (
                <span>
                    {text('entrance.house_time')} <bdi dir="ltr">{formatTime(now, HOUSE_ZONE)}</bdi>
                </span>
            )}
        </p>
    );
}

// "Say a sentence and hear yourself", over the real path to the server and back.
function Echo() {
    const state = echoState.value;
    const closed = deviceStates.value.microphone !== 'open';
    return (
        <div class="echo">
            <div class="echo-words">
                <h3>{text('echo.title')}</h3>
                <p class="muted" role="status">
                    {text(`echo.${state}`)}
                </p>
            </div>
            <div class="echo-keys">
                {state === 'recording' || state === 'live' ? (
                    <button type="button" class="button" onClick={finishSentence}>
                        <Icon name="stop" />
                        <span>{text('echo.stop')}</span>
                    </button>
                ) : (
                    <button
                        type="button"
                        class="button"
                        aria-disabled={closed}
                        onClick={() => (closed ? void openMicrophone() : void recordSentence())}
                    >
                        <Icon name="microphone" />
                        <span>{text('echo.record')}</span>
                    </button>
                )}
                <button
                    type="button"
                    class="button"
                    disabled={state !== 'recorded'}
                    onClick={() => void playSentence()}
                >
                    <Icon name="play" />
                    <span>{text('echo.play')}</span>
                </button>
            </div>
        </div>
    );
}

const LINES: readonly { name: 'sound' | 'network' | 'band'; title: MessageKey; icon: IconName }[] = [
    { name: 'sound', title: 'check.sound', icon: 'microphone' },
    { name: 'network', title: 'check.network', icon: 'signal' },
    { name: 'band', title: 'check.band', icon: 'stream' },
];

function Verdicts() {
    const result = check.value;
    const sends = sendsMicrophone(capacity.value);
    return (
        <div class="verdicts">
            <div class="verdicts-head">
                <h3>{text('check.title')}</h3>
                <button
                    type="button"
                    class="button"
                    aria-disabled={result.running}
                    onClick={() => void runCheck()}
                >
                    {text(result.running ? 'check.running' : 'check.run')}
                </button>
            </div>
            <div role="status">
                <ul>
                    {LINES.filter((line) => sends || line.name !== 'sound').map((line) => (
                        <VerdictLine
                            key={line.name}
                            title={line.title}
                            icon={line.icon}
                            line={result.lines[line.name]}
                        />
                    ))}
                </ul>
            </div>
        </div>
    );
}

const SIGNS: Readonly<Record<Verdict, IconName>> = {
    none: 'silent',
    good: 'check',
    fair: 'warning',
    poor: 'warning',
};

function VerdictLine({ title, line }: { title: MessageKey; icon: IconName; line: CheckLine }) {
    return (
        <li class={`verdict verdict-${line.verdict}`}>
            <span class="verdict-sign">
                <Icon name={SIGNS[line.verdict]} size={18} />
            </span>
            <span class="verdict-title">{text(title)}</span>
            <span class="verdict-word">{text(`verdict.${line.verdict}`)}</span>
            <span class="verdict-detail">{text(`check.${line.code}`, line.values)}</span>
        </li>
    );
}
