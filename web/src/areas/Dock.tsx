// The dock: what one listens to, whether one is heard, and the one filled button. One height in every state, so that a hand finds each key
// where it was; who never speaks has the first row alone.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type ChannelId, can } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { mediaQuery } from '../elements/media_query.ts';
import { text } from '../i18n/index.ts';
import { tryMicrophone } from '../live/press.ts';
import { deviceStates, mediaPhase, microphoneLevel } from '../media/media.ts';
import { listening, setListening } from '../state/listening.ts';
import {
    capacity,
    connectionQuality,
    floorMicrophone,
    flow,
    iHaveTheFloor,
    may,
    me,
    meeting,
    myRequestPosition,
    soundOutSince,
} from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import { Balance, Volume } from './Balance.tsx';
import { clockNow } from './clock.ts';
import { useOpenMicrophone } from './DevicePicker.tsx';
import styles from './Dock.css?inline';
import { microphoneReady } from './device_words.ts';
import { floorShut } from './floor_shut.ts';
import { HelpKey } from './HelpKey.tsx';
import { HelpKeyRoom } from './HelpKeyRoom.tsx';
import { LanguageKey, LanguageKeys } from './LanguageKeys.tsx';
import { useOwnSoundReport } from './own_sound.ts';
import { toggleCamera, toggleScreen } from './pictures.ts';
import { sendsMicrophone } from './roles.ts';
import { microphoneWords, ownSilenceWords } from './room_words.ts';
import { SoundKey, SoundPanel } from './SoundPanel.tsx';
import { ToldLine } from './ToldLine.tsx';

adopt(styles);

// A narrow or a low window: the languages come as a sheet, and the rest of the dock is one row.
const compact = mediaQuery('(max-width: 40em), (max-height: 36em)');

export function Dock({ children }: { children?: ComponentChildren }) {
    useOpenMicrophone();
    useOwnSoundReport();
    const speaks = can(capacity.value, 'speaks');
    return (
        <section
            class={`dock ${compact.value ? 'dock-compact' : speaks ? 'dock-wide' : 'dock-listens'}`}
            aria-label={text('dock.label')}
        >
            <div class="dock-told">
                <ToldLine />
            </div>
            {compact.value ? <LanguageChoice /> : <Listening />}
            {speaks && <MicrophoneState />}
            {children}
            <div class="dock-keys">
                {may('camera.set') && <CameraKey />}
                {may('screen.set') && !compact.value && <ScreenKey />}
                <HelpKey class="button-stacked">
                    <HelpKeyRoom />
                </HelpKey>
            </div>
            <SoundPanel />
        </section>
    );
}

function Listening() {
    return (
        <div class="dock-listen">
            <LanguageKeys chosen={listening.value} onChoose={setListening} label={text('channel.choose')}>
                <SoundKey class="language-key sound-key" />
            </LanguageKeys>
            <div class="dock-sound">
                <Balance presets={false} />
                <Volume />
            </div>
        </div>
    );
}

// The language that is heard, and the way to another.
function LanguageChoice() {
    const [open, setOpen] = useState(false);
    const close = () => setOpen(false);
    const choose = (id: ChannelId) => {
        setListening(id);
        close();
    };
    return (
        <div class="dock-language">
            <LanguageKey
                id={listening.value}
                label={text('channel.choose')}
                opens
                onPress={() => setOpen(true)}
            />
            {open && (
                <Dialog title={text('channel.choose')} onClose={close}>
                    <LanguageKeys
                        chosen={listening.value}
                        onChoose={choose}
                        label={text('channel.choose')}
                        class="language-keys-sheet"
                    />
                    <SoundKey class="button" />
                </Dialog>
            )}
        </div>
    );
}

// "Can they hear me?" and "When is it my turn?" in one line.
export function MicrophoneState() {
    const person = me.value;
    const open = iHaveTheFloor.value && !floorShut.value;
    const own = floorMicrophone(person?.id);
    const silence = ownSilenceWords(own, own?.silence === undefined ? 0 : clockNow());
    const quality = connectionQuality.value;
    const away = quality === 'reconnecting' || quality === 'offline';
    const words = microphoneWords({
        open: (open || person?.microphone === 'on') && !floorShut.value,
        cough: person?.microphone === 'cough',
        hasDevice: deviceStates.value.microphone === 'open',
        place: myRequestPosition.value,
        sitting: meeting.value?.sitting ?? 'closed',
        mayAsk: sendsMicrophone(capacity.value),
        connected: !away && !['no-sound', 'blocked', 'ended'].includes(quality),
        soundGoesOn: away && mediaPhase.value === 'connected' && soundOutSince.value === 0,
        flows: flow.value.arrives && flow.value.acknowledged,
    });
    const unheard =
        silence !== null ||
        (open && words.key === 'microphone.unknown') ||
        ['microphone.unsure', 'microphone.open_no_device'].includes(words.key);
    return (
        <div
            class={`microphone-state${unheard ? ' is-not-heard' : open ? ' is-on-air' : ''}`}
            data-testid="microphone-state"
        >
            <span class="microphone-sign">
                <Icon name={unheard ? 'warning' : open ? 'microphone' : 'microphone_off'} size={24} />
            </span>
            <div class="microphone-lines">
                <p>{silence !== null ? text(silence.key, silence.values) : text(words.key, words.values)}</p>
                {sendsMicrophone(capacity.value) && deviceStates.value.microphone === 'open' && (
                    <LevelMeter level={microphoneLevel} label={text('level.own')} idle={!open} />
                )}
            </div>
        </div>
    );
}

// Ask for the floor, withdraw, end my intervention: one place, because only one of them makes sense at a time.
export function FloorKey() {
    if (!may('floor.request')) {
        return null;
    }
    if (iHaveTheFloor.value) {
        return (
            <button type="button" class="button button-large button-end floor-key" onClick={endIntervention}>
                <Icon name="stop" size={24} />
                <span>{text('floor.end_mine')}</span>
            </button>
        );
    }
    if (myRequestPosition.value > 0) {
        return (
            <button type="button" class="button button-large floor-key" onClick={withdraw}>
                <Icon name="close" size={24} />
                <span>{text('floor.withdraw')}</span>
            </button>
        );
    }
    const listOpen = meeting.value?.list === 'open';
    return (
        <button
            type="button"
            class="button button-large button-filled floor-key"
            aria-disabled={!listOpen}
            onClick={ask}
        >
            <Icon name="hand" size={24} />
            <span>{text(listOpen ? 'floor.ask' : 'floor.list_closed')}</span>
        </button>
    );
}

function endIntervention(): void {
    void act('floor.yield', {});
}

function withdraw(): void {
    void act('floor.withdraw', {});
}

function ask(): void {
    if (meeting.value?.list === 'open') {
        // The place on the list does not wait for the microphone: there is time to put it right until one's turn.
        if (!microphoneReady()) {
            void tryMicrophone();
        }
        void act('floor.request', {});
    }
}

// The same by one key of the keyboard. Never ends an intervention: that is a press on the button.
export function askOrWithdraw(): void {
    if (!may('floor.request') || iHaveTheFloor.value) {
        return;
    }
    if (myRequestPosition.value > 0) {
        withdraw();
    } else {
        ask();
    }
}

function CameraKey() {
    const on = me.value?.camera === true;
    return (
        <button
            type="button"
            class={`button button-stacked${on ? ' is-on' : ''}`}
            onClick={() => void toggleCamera()}
        >
            <Icon name={on ? 'camera' : 'camera_off'} />
            <span>{text(on ? 'camera.on' : 'camera.off')}</span>
        </button>
    );
}

function ScreenKey() {
    const on = me.value?.screen === true;
    return (
        <button
            type="button"
            class={`button button-stacked dock-key-screen${on ? ' is-on' : ''}`}
            onClick={() => void toggleScreen()}
        >
            <Icon name="screen" />
            <span>{text(on ? 'screen.on' : 'screen.off')}</span>
        </button>
    );
}
