// All of one's own sound in one place, from wherever one works: what one hears and by which device, the own microphone and its level, the
// camera.

import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { text } from '../i18n/index.ts';
import { microphoneLevel, playRecording, releaseCamera, unlockAudio } from '../media/media.ts';
import { testTone } from '../media/test_tone.ts';
import { volume } from '../state/listening.ts';
import { capacity, iAmOnTheAir, iCan, may, me } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { Balance, SoftChange, Volume } from './Balance.tsx';
import { CameraPreview } from './CameraPreview.tsx';
import { CameraField, EarphonesField, LoudspeakerTick, MicrophoneField } from './DevicePicker.tsx';
import { FallbackChoice } from './Fallback.tsx';
import { sendsMicrophone } from './roles.ts';
import styles from './SoundPanel.css?inline';

adopt(styles);

const open = signal(false);

export function SoundKey({ class: more }: { class: string }) {
    return (
        <button
            type="button"
            class={more}
            aria-haspopup="dialog"
            onClick={() => {
                open.value = true;
            }}
        >
            <Icon name="balance" />
            <span>{text('sound.title')}</span>
        </button>
    );
}

// Beside the page that has the key; with what that page has to say of its own sound.
export function SoundPanel({ children }: { children?: ComponentChildren }) {
    return open.value ? <Panel>{children}</Panel> : null;
}

function Panel({ children }: { children: ComponentChildren }) {
    const sends = sendsMicrophone(capacity.value);
    const camera = may('camera.set');
    useEffect(() => closeUnsentCamera, []);
    return (
        <Dialog
            title={text('sound.title')}
            onClose={() => {
                open.value = false;
            }}
        >
            <SoundPart title={text('sound.hearing')}>
                <EarphonesField />
                <div class="sound-level">
                    <Volume />
                    <TestTone />
                </div>
                {/* At a desk what is heard, and from whom, is chosen on the desk itself. */}
                {!iCan('has_desk') && (
                    <>
                        <FallbackChoice />
                        <Balance />
                        <SoftChange />
                    </>
                )}
            </SoundPart>
            {children}
            {sends && (
                <SoundPart title={text('sound.speaking')}>
                    <MicrophoneField />
                    <OwnLevel />
                    <LoudspeakerTick />
                </SoundPart>
            )}
            {camera && (
                <SoundPart title={text('devices.camera')}>
                    <CameraField />
                    <CameraPreview sent={me.value?.camera === true} />
                </SoundPart>
            )}
        </Dialog>
    );
}

export function SoundPart({ title, children }: { title: string; children: ComponentChildren }) {
    const id = useId();
    return (
        <section class="sound-part" aria-labelledby={id}>
            <h3 id={id}>{title}</h3>
            {children}
        </section>
    );
}

// What was opened here only to be looked at.
function closeUnsentCamera(): void {
    if (me.peek()?.camera !== true) {
        releaseCamera();
    }
}

// The page makes no sound into an open microphone.
function TestTone() {
    const [playing, setPlaying] = useState(false);
    const id = useId();
    const onAir = iAmOnTheAir.value;
    const play = async () => {
        if (playing || iAmOnTheAir.peek()) {
            return;
        }
        setPlaying(true);
        await unlockAudio();
        // As loud as everything, on the same curve.
        await playRecording(testTone(volume.peek() ** 2)).catch(() => {});
        setPlaying(false);
    };
    return (
        <>
            <button
                type="button"
                class="button"
                aria-disabled={onAir || playing}
                aria-describedby={onAir ? id : undefined}
                onClick={() => void play()}
            >
                <Icon name="play" />
                <span>{text('sound.tone')}</span>
            </button>
            {onAir && (
                <p id={id} class="small muted sound-note">
                    {text('sound.tone_on_air')}
                </p>
            )}
        </>
    );
}

function OwnLevel() {
    const onAir = iAmOnTheAir.value;
    return (
        <div class="device">
            <span class="device-label">{text('level.own')}</span>
            <LevelMeter level={microphoneLevel} label={text('level.own')} idle={!onAir} withWords />
            {!onAir && <p class="small muted">{text('sound.level_closed')}</p>}
        </div>
    );
}
