// Microphone, camera and earphones: which, and in words why one could not be opened.

import { useEffect, useId } from 'preact/hooks';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import {
    cameraStream,
    type Device,
    type DeviceState,
    deviceStates,
    devices,
    loudspeaker,
    microphoneUsed,
    openCamera,
    openMicrophone,
    selected,
    selectSpeaker,
    setLoudspeaker,
    speakerSelectable,
    systemChoice,
    withoutAliases,
} from '../media/media.ts';
import { capacity } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './DevicePicker.css?inline';
import { deviceProblem } from './device_words.ts';
import { sendsMicrophone } from './roles.ts';

adopt(styles);

export function DevicePicker() {
    const sends = sendsMicrophone(capacity.value);
    return (
        <div class="devices">
            {sends && <MicrophoneField />}
            {sends && <CameraField />}
            <EarphonesField />
            {sends && <LoudspeakerTick />}
        </div>
    );
}

export function MicrophoneField() {
    const state = deviceStates.value.microphone;
    const { microphone } = selected.value;
    const used = state === 'open' && microphone === '' ? microphoneUsed.value.label : '';
    return (
        <DeviceField
            icon="microphone"
            label={text('devices.microphone')}
            devices={devices.value.microphones}
            used={used}
            chosen={microphone}
            state={state}
            onChoose={(id) => void openMicrophone(id)}
        />
    );
}

export function CameraField() {
    const { camera } = selected.value;
    const track = camera === '' ? cameraStream.value?.getVideoTracks()[0] : undefined;
    return (
        <DeviceField
            icon="camera"
            label={text('devices.camera')}
            devices={devices.value.cameras}
            used={track?.label ?? ''}
            chosen={camera}
            state={deviceStates.value.camera}
            onChoose={(id) => void openCamera(id)}
        />
    );
}

export function EarphonesField() {
    return speakerSelectable ? (
        <DeviceField
            icon="headphones"
            label={text('devices.earphones')}
            devices={devices.value.speakers}
            used=""
            chosen={selected.value.speaker}
            state="closed"
            onChoose={selectSpeaker}
        />
    ) : null;
}

export function LoudspeakerTick() {
    return (
        <label class="tick">
            <input
                type="checkbox"
                checked={loudspeaker.value}
                onChange={(event) => void setLoudspeaker(event.currentTarget.checked)}
            />
            <span>{text('devices.loudspeaker')}</span>
        </label>
    );
}

// Whoever may speak has the microphone open on this device, also after a reload straight into the room. It is sent only while
// the server says so.
export function useOpenMicrophone(): void {
    const sends = sendsMicrophone(capacity.value);
    useEffect(() => {
        if (sends && deviceStates.value.microphone === 'closed') {
            void openMicrophone();
        }
    }, [sends]);
}

interface DeviceFieldProps {
    icon: IconName;
    label: string;
    devices: readonly Device[];
    // The name of the one that is open by the system's choice; empty where it is not, or not known.
    used: string;
    chosen: string;
    state: DeviceState;
    onChoose: (id: string) => void;
}

function DeviceField(props: DeviceFieldProps) {
    const id = useId();
    const problem = deviceProblem(props.state);
    const system = props.used || systemChoice(props.devices);
    return (
        <div class="device">
            <label class="device-label" for={id}>
                <Icon name={props.icon} />
                <span>{props.label}</span>
            </label>
            <select
                id={id}
                class="select"
                value={props.chosen}
                aria-describedby={problem === null ? undefined : `${id}-problem`}
                onChange={(event) => props.onChoose(event.currentTarget.value)}
            >
                <option value="">
                    {system === '' ? text('devices.system') : text('devices.system_named', { name: system })}
                </option>
                {withoutAliases(props.devices).map((device, index) => (
                    <option key={device.id} value={device.id}>
                        {device.label || text('devices.unnamed', { number: index + 1 })}
                    </option>
                ))}
            </select>
            {problem !== null && (
                <div class="field-problem" id={`${id}-problem`}>
                    <Icon name="warning" size={18} />
                    <span>{text(problem)}</span>
                    {props.state !== 'asking' && (
                        <button
                            type="button"
                            class="button button-small"
                            onClick={() => props.onChoose(props.chosen)}
                        >
                            {text('devices.again')}
                        </button>
                    )}
                </div>
            )}
        </div>
    );
}
