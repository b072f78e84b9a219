// Microphone, camera and earphones: which, and in words why one could not be opened.

import { useEffect, useId } from 'preact/hooks';
import { Icon, type IconName } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import {
    type Device,
    type DeviceState,
    deviceStates,
    devices,
    loudspeaker,
    openCamera,
    openMicrophone,
    selected,
    selectSpeaker,
    setLoudspeaker,
    speakerSelectable,
} from '../media/media.ts';
import { capacity } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './DevicePicker.css?inline';
import { deviceProblem } from './device_words.ts';
import { sendsMicrophone } from './roles.ts';

adopt(styles);

export function DevicePicker({ camera = false }: { camera?: boolean }) {
    const sends = sendsMicrophone(capacity.value);
    return (
        <div class="devices">
            {sends && (
                <DeviceField
                    icon="microphone"
                    label={text('devices.microphone')}
                    devices={devices.value.microphones}
                    chosen={selected.value.microphone}
                    state={deviceStates.value.microphone}
                    onChoose={(id) => void openMicrophone(id)}
                />
            )}
            {sends && camera && (
                <DeviceField
                    icon="camera"
                    label={text('devices.camera')}
                    devices={devices.value.cameras}
                    chosen={selected.value.camera}
                    state={deviceStates.value.camera}
                    onChoose={(id) => void openCamera(id)}
                />
            )}
            {speakerSelectable && (
                <DeviceField
                    icon="headphones"
                    label={text('devices.earphones')}
                    devices={devices.value.speakers}
                    chosen={selected.value.speaker}
                    state="closed"
                    onChoose={selectSpeaker}
                />
            )}
            {sends && (
                <label class="tick">
                    <input
                        type="checkbox"
                        checked={loudspeaker.value}
                        onChange={(event) => void setLoudspeaker(event.currentTarget.checked)}
                    />
                    <span>{text('devices.loudspeaker')}</span>
                </label>
            )}
        </div>
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
    chosen: string;
    state: DeviceState;
    onChoose: (id: string) => void;
}

function DeviceField(props: DeviceFieldProps) {
    const id = useId();
    const problem = deviceProblem(props.state);
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
                <option value="">{text('devices.system')}</option>
                {props.devices
                    .filter((device) => device.id !== '' && device.id !== 'default')
                    .map((device, index) => (
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
