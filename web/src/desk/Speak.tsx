// Speaking: whether one is on the air, into which output, who else holds it; the microphone, cough, the keys to speak aside, and every
// warning about them. Everything has a place of its own, so that nothing moves.

import { act } from '../areas/act.ts';
import { TalkingToMe, TalkKey } from '../areas/Talkback.tsx';
import { CHANNEL_ID_VALUES } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { languageName, text } from '../i18n/index.ts';
import { microphoneLevel } from '../media/media.ts';
import { deskOpens, microphoneFeeds, ownPlace, type Place } from '../state/desk.ts';
import { listeners, soundCheck } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { AirBanner } from './AirBanner.tsx';
import { Audience } from './Audience.tsx';
import { beginCough, endCough, microphone, microphoneHere, toggleMicrophone } from './commands.ts';
import { DeskPanel } from './DeskPanel.tsx';
import { openDialog } from './dialogs.ts';
import { Outputs } from './Outputs.tsx';
import styles from './Speak.css?inline';
import { SpeakNotices } from './SpeakNotices.tsx';

adopt(styles);

export function Speak() {
    const place = ownPlace.value;
    const state = microphoneHere();
    const look = state === 'on' && soundCheck.value ? 'check' : state;
    return (
        <DeskPanel class={`desk-speak desk-speak-${look}`} heading="desk-speak">
            <h2 id="desk-speak" class="hidden-text">
                {text('desk.speak')}
            </h2>
            <AirBanner place={place} />
            {place !== null && <Outputs place={place} />}
            <MicrophoneKey />
            <LevelMeter level={microphoneLevel} label={text('level.own')} idle={state !== 'on'} withWords />
            <TalkingToMe otherwise={text('talk.aside')} />
            <SpeakNotices place={place} />
            <p class="own-listeners">
                <Icon name="headphones" size={18} />
                <span>{ownListeners(place)}</span>
            </p>
            <div class="speak-foot">
                <Audience />
                <SuspendKey place={place} />
            </div>
        </DeskPanel>
    );
}

function ownListeners(place: Place | null): string {
    const target = place === null ? null : microphoneFeeds(place.booth, place.desk);
    if (target === null) {
        return text('desk.listeners', { count: 0 });
    }
    const count = listeners.value.channels?.[CHANNEL_ID_VALUES.indexOf(target)] ?? 0;
    return text('desk.own_listeners', { count, language: languageName(target) });
}

function MicrophoneKey() {
    const state = microphoneHere();
    const on = state !== 'off' || deskOpens.value;
    return (
        <div class="desk-microphone">
            <button type="button" class="microphone-key" aria-pressed={on} onClick={toggleMicrophone}>
                <Icon name={state === 'cough' || !on ? 'microphone_off' : 'microphone'} size={40} />
                <span class="microphone-key-words">{text('devices.microphone')}</span>
                <span>{text(on ? 'toggle.on' : 'toggle.off')}</span>
                <span class="key-legends" aria-hidden="true">
                    <span class="kbd">M</span>
                    <span class="kbd">F8</span>
                </span>
            </button>
            <div class="beside-microphone">
                <CoughKey />
                <TalkKey to="partners" words={text('desk.boothmate')} legend="8" />
                <TalkKey to="technicians" words={text('capacity.technician')} legend="9" />
            </div>
        </div>
    );
}

function CoughKey() {
    const state = microphone();
    return (
        <button
            type="button"
            class="button cough-key"
            disabled={state === 'off'}
            aria-pressed={state === 'cough'}
            onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                beginCough();
            }}
            onPointerUp={endCough}
            onPointerCancel={endCough}
            onKeyDown={(event) => {
                if (event.key === 'Enter' && !event.repeat) {
                    beginCough();
                }
            }}
            onKeyUp={(event) => {
                if (event.key === 'Enter') {
                    endCough();
                }
            }}
        >
            <span>{text('desk.cough')}</span>
            <span class="key-legends" aria-hidden="true">
                <span class="kbd">{text('shortcuts.space')}</span>
                <span class="kbd">F9</span>
            </span>
        </button>
    );
}

function SuspendKey({ place }: { place: Place | null }) {
    const language = place?.booth.language;
    if (language === undefined || language === 'none') {
        return null;
    }
    const suspended = (place?.booth.suspended_since ?? 0) > 0;
    return suspended ? (
        <button
            type="button"
            class="button button-small is-on"
            onClick={() => void act('interpretation.resume', { language })}
        >
            <Icon name="play" size={18} />
            <span>{text('suspension.resume')}</span>
        </button>
    ) : (
        <button
            type="button"
            class="button button-small"
            aria-haspopup="dialog"
            onClick={() => openDialog('suspend')}
        >
            <span>{text('suspension.ask')}</span>
            <span class="kbd" aria-hidden="true">
                U
            </span>
        </button>
    );
}
