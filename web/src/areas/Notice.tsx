// The notice line: what was refused or failed, what was kept, what to do, and which interpretation is suspended. It stands over
// words, never over a control, and stays until it is closed or the next command succeeds.

import { signal } from '@preact/signals';
import type { Booth } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { formatTime, gap, languageName, text } from '../i18n/index.ts';
import { audioBlocked, unlockAudio } from '../media/media.ts';
import { listening, pauseSound, soundPaused } from '../state/listening.ts';
import {
    blockedPort,
    expiring,
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
import { act, dismissRefusal, refusal, refusalText } from './act.ts';
import { CameraNotice } from './CameraNotice.tsx';
import { MicrophoneNotice } from './MicrophoneNotice.tsx';
import { meetingsParts } from './meetings_parts.ts';
import styles from './Notice.css?inline';
import { flowWords } from './words.ts';

adopt(styles);

export function NoticeLine() {
    const problem = refusal.value;
    const Calls = meetingsParts.value?.Calls;
    return (
        <div class="notice-place" role="alert">
            {problem !== null && (
                <div class="notice">
                    <Icon name="warning" />
                    <p>{refusalText(problem)}</p>
                    <button
                        type="button"
                        class="button button-quiet button-icon"
                        aria-label={text('action.close')}
                        onClick={dismissRefusal}
                    >
                        <Icon name="close" />
                    </button>
                </div>
            )}
            {soundOutSince.value !== 0 && (
                <div class="notice" data-testid="sound-out">
                    <Icon name="warning" />
                    <p>{text('sound_out.notice', { time: formatTime(soundOutSince.value) })}</p>
                </div>
            )}
            {blockedPort.value !== 0 && soundOutSince.value === 0 && (
                <div class="notice" data-testid="sound-blocked">
                    <Icon name="warning" />
                    <p>
                        {text('blocked.notice', { host: location.hostname, port: String(blockedPort.value) })}
                    </p>
                </div>
            )}
            {soundOutSince.value === 0 && blockedPort.value === 0 && <FlowLines />}
            {Calls !== undefined && <Calls />}
            <MicrophoneNotice />
            <CameraNotice />
            {problem === null &&
                suspensions.value
                    .filter((booth) => !dismissed.value.has(suspensionKey(booth)))
                    .map((booth) => <Suspension key={booth.language} booth={booth} />)}
            {problem === null && <StorageLine />}
            {problem === null && <Expiring />}
            {problem === null && <SoundCheck />}
            {problem === null && heldPictures.value.own_held && (
                <div class="notice">
                    <Icon name="camera_off" />
                    <p>{text('notice.own_picture_held')}</p>
                </div>
            )}
            {problem === null && (audioBlocked.value || soundPaused.value) && (
                <div class="notice" data-testid="sound-off">
                    <Icon name="loudspeaker" />
                    <p>{text(soundPaused.value ? 'audio.paused' : 'audio.blocked')}</p>
                    <button type="button" class="button button-small" onClick={hear}>
                        {text('audio.unlock')}
                    </button>
                </div>
            )}
        </div>
    );
}

function hear(): void {
    pauseSound(false);
    void unlockAudio();
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
            <button
                type="button"
                class="button button-quiet button-icon"
                aria-label={text('action.close')}
                onClick={() => {
                    storageDismissed.value = word;
                }}
            >
                <Icon name="close" />
            </button>
        </div>
    );
}

// The access ends soon: one press renews it.
function Expiring() {
    const ends = expiring.value;
    if (ends === null) {
        return null;
    }
    const key = ends.stays ? 'session.expiring_stays' : 'session.expiring';
    return (
        <div class="notice notice-expiring">
            <Icon name="clock" />
            <p>{text(key, { time: formatTime(ends.at) })}</p>
            <button type="button" class="button button-small" onClick={() => void act('session.renew', {})}>
                {text('session.renew')}
            </button>
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
            <button
                type="button"
                class="button button-quiet button-icon"
                aria-label={text('action.close')}
                onClick={() => {
                    dismissed.value = new Set(dismissed.value).add(suspensionKey(booth));
                }}
            >
                <Icon name="close" />
            </button>
        </div>
    );
}
