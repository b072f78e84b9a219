// Notices that nobody needs before the room: of the own microphone and camera, of what goes through, of what the server cannot write, of
// interpretation that is suspended or not yet heard. The notice line shows them once they are here (room_parts.ts).

import { signal } from '@preact/signals';
import type { Booth } from '../contract/generated.ts';
import { CloseKey } from '../elements/CloseKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { gap, languageName, text } from '../i18n/index.ts';
import { listening, pauseSound, soundPaused } from '../state/listening.ts';
import {
    blockedPort,
    flow,
    hearsSoundCheck,
    heldPictures,
    iCan,
    inSoundCheck,
    type Storage,
    soundOutSince,
    storage,
    suspensions,
} from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { CameraNotice } from './CameraNotice.tsx';
import { helpNews } from './help_news.ts';
import { openHelp } from './help_parts.ts';
import { MicrophoneNotice } from './MicrophoneNotice.tsx';
import styles from './RoomNotices.css?inline';
import { flowWords } from './room_words.ts';

adopt(styles);

// `quiet`: a refusal is told now, and what can wait does.
export function RoomNotices({ quiet }: { quiet: boolean }) {
    return (
        <>
            {soundOutSince.value === 0 && blockedPort.value === 0 && <FlowLines />}
            <MicrophoneNotice />
            <CameraNotice />
            <HelpNews />
            {!quiet && <Lines />}
        </>
    );
}

function Lines() {
    return (
        <>
            {suspensions.value
                .filter((booth) => !dismissed.value.has(suspensionKey(booth)))
                .map((booth) => (
                    <Suspension key={booth.language} booth={booth} />
                ))}
            <StorageLine />
            <SoundCheck />
            {heldPictures.value.own_held && (
                <div class="notice">
                    <Icon name="camera_off" />
                    <p>{text('notice.own_picture_held')}</p>
                </div>
            )}
            {soundPaused.value && (
                <div class="notice" data-testid="sound-paused">
                    <Icon name="pause" />
                    <p>{text('audio.paused')}</p>
                    <button type="button" class="button button-small" onClick={() => pauseSound(false)}>
                        {text('audio.unlock')}
                    </button>
                </div>
            )}
        </>
    );
}

// What is new in one's own call for help.
function HelpNews() {
    const news = helpNews.value;
    if (news === null) {
        return null;
    }
    return (
        <div class="notice" data-testid="help-news">
            <Icon name="help" />
            <p>{text(news.key, news.values)}</p>
            <button type="button" class="button button-small" onClick={openHelp}>
                {text('helping.open')}
            </button>
            <CloseKey
                onPress={() => {
                    helpNews.value = null;
                }}
            />
        </div>
    );
}

// What this page notices by itself; it goes as it came. A desk says it where the interpreter's hand is.
function FlowLines() {
    if (iCan('has_desk')) {
        return null;
    }
    return (
        <>
            {flowWords(flow.value).map((key) => (
                <div key={key} class="notice" data-testid={key}>
                    <Icon name="warning" />
                    <p>{text(key)}</p>
                </div>
            ))}
        </>
    );
}

// The word of the server's disk that this reader has closed; the next one shows again.
const storageDismissed = signal<Storage | null>(null);

// What the server cannot write, to those who run the meeting. It goes by itself when all is well.
function StorageLine() {
    const word = storage.value;
    if (word.state === 'well' || storageDismissed.value === word) {
        return null;
    }
    return (
        <div class="notice">
            <Icon name="warning" />
            <p>{text(`storage.${word.state}`, { free: word.free_mib })}</p>
            <CloseKey
                onPress={() => {
                    storageDismissed.value = word;
                }}
            />
        </div>
    );
}

// Why a listener hears nobody in a language whose booth is at work already.
function SoundCheck() {
    const id = listening.value;
    if (hearsSoundCheck.value || id === 'floor' || !inSoundCheck(id)) {
        return null;
    }
    return (
        <div class="notice notice-sound-check">
            <Icon name="clock" />
            <p>
                <strong>{text('sound_check.notice', { language: languageName(id) })}</strong>
                {gap()}
                {text('sound_check.detail')}
            </p>
        </div>
    );
}

// Suspensions that this reader has closed.
const dismissed = signal<ReadonlySet<string>>(new Set());

function suspensionKey(booth: Booth): string {
    return `${booth.language}/${booth.suspended_since}`;
}

// What listeners are told while interpretation into a language is suspended: its booth's own words, in that language.
function Suspension({ booth }: { booth: Booth }) {
    const { language, announcement } = booth;
    if (language === 'none') {
        return null;
    }
    return (
        <div class="notice notice-suspension">
            <Icon name="clock" />
            <p>
                <strong>{text('suspension.notice', { language: languageName(language) })}</strong>
                {announcement && (
                    <bdi class="notice-words" lang={language}>
                        {announcement}
                    </bdi>
                )}
            </p>
            <CloseKey
                onPress={() => {
                    dismissed.value = new Set(dismissed.value).add(suspensionKey(booth));
                }}
            />
        </div>
    );
}
