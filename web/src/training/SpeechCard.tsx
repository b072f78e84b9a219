// The trainer plays a recorded speech as the floor of a rehearsal.

import { effect, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { act, dismissTold, say } from '../areas/act.ts';
import { useStake } from '../areas/leaving.ts';
import type { Language } from '../contract/generated.ts';
import { minutesAndSeconds } from '../elements/duration.ts';
import { FileKey } from '../elements/FileKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { Mark } from '../elements/Mark.tsx';
import { formatNumber, languageName, PAGE_LANGUAGES, text } from '../i18n/index.ts';
import {
    closeSpeech,
    loadSpeech,
    pauseSpeech,
    playSpeech,
    SPEECH_FEED,
    seekSpeech,
    speech,
} from '../media/speech.ts';
import { channel, meeting, session } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './SpeechCard.css?inline';

adopt(styles);

const BACK_S = 10;

async function take(file: File | undefined): Promise<void> {
    if (file === undefined) {
        return;
    }
    if (await loadSpeech(file)) {
        dismissTold();
    } else {
        say('training.unplayable', { name: file.name });
    }
}

async function play(): Promise<void> {
    const own = session.value;
    if (own?.token === undefined || own.meeting === undefined) {
        return;
    }
    if (!(await playSpeech(own.meeting, own.token))) {
        say('training.refused');
        return;
    }
    await act('feed.put', { feed: SPEECH_FEED, target: 'floor' });
}

export function SpeechCard() {
    const language = useSignal<Language>('en');
    const over = useSignal(false);
    const now = speech.value;
    useStake('speech', now.phase === 'published');
    const onFloor = channel('floor')?.feed === SPEECH_FEED;
    useEffect(() => {
        // What a feed speaks is unknown to the meeting until somebody says it.
        const declare = effect(() => {
            if (
                channel('floor')?.feed === SPEECH_FEED &&
                meeting.value?.floor_language !== language.value &&
                language.value !== 'none'
            ) {
                void act('floor.language', { language: language.value });
            }
        });
        return () => {
            declare();
            void closeSpeech();
        };
    }, []);
    useEffect(() => {
        if (now.phase === 'published' && !now.playing && now.position >= now.length && onFloor) {
            void act('feed.put', { feed: SPEECH_FEED, target: 'none' });
        }
    }, [now.playing]);
    return (
        <section class="card" aria-labelledby="speech-heading">
            <header class="section-head">
                <h2 id="speech-heading">{text('training.speech')}</h2>
                {onFloor && (
                    <Mark icon="loudspeaker" tone="good">
                        {text('training.on_floor')}
                    </Mark>
                )}
            </header>
            <section
                class={`speech-file${over.value ? ' is-over' : ''}`}
                aria-label={text('training.file')}
                onDragOver={(event) => {
                    event.preventDefault();
                    over.value = true;
                }}
                onDragLeave={() => {
                    over.value = false;
                }}
                onDrop={(event) => {
                    event.preventDefault();
                    over.value = false;
                    void take(event.dataTransfer?.files[0]);
                }}
            >
                <span aria-hidden="true">{text('training.file')}</span>
                <FileKey
                    words={text('training.file')}
                    accept="audio/*,video/*"
                    name={now.name}
                    onFile={(file) => void take(file)}
                />
            </section>
            <label class="field">
                <span>{text('training.language')}</span>
                <select
                    class="select"
                    value={language.value}
                    onChange={(event) => {
                        language.value =
                            PAGE_LANGUAGES.find((one) => one === event.currentTarget.value) ?? 'none';
                    }}
                >
                    {PAGE_LANGUAGES.map((one) => (
                        <option key={one} value={one}>
                            {languageName(one)}
                        </option>
                    ))}
                </select>
            </label>
            {now.phase !== 'none' && <Transport />}
        </section>
    );
}

function Transport() {
    const now = speech.value;
    const where = `${minutesAndSeconds(now.position * 1000)} / ${minutesAndSeconds(now.length * 1000)}`;
    return (
        <div class="speech-transport">
            <input
                class="slider"
                type="range"
                min="0"
                max={Math.max(1, Math.floor(now.length))}
                step="1"
                value={Math.round(now.position)}
                aria-label={text('training.position')}
                aria-valuetext={where}
                onInput={(event) => seekSpeech(event.currentTarget.valueAsNumber)}
            />
            <p class="speech-time" dir="ltr">
                {where}
            </p>
            <div class="gavel-keys">
                <button
                    type="button"
                    class="button button-filled"
                    disabled={now.phase === 'connecting'}
                    onClick={() => (now.playing ? pauseSpeech() : void play())}
                >
                    <Icon name={now.playing ? 'pause' : 'play'} size={18} />
                    <span>{text(now.playing ? 'training.pause' : 'training.play')}</span>
                </button>
                <button type="button" class="button" onClick={() => seekSpeech(now.position - BACK_S)}>
                    {text('training.back', { seconds: formatNumber(BACK_S) })}
                </button>
                <button type="button" class="button" onClick={() => void closeSpeech()}>
                    {text('training.end')}
                </button>
            </div>
        </div>
    );
}
