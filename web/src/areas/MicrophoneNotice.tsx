// One's own microphone on the notice line: what keeps it from working, what to do, and the keys to do it; or that another one is used.

import { signal } from '@preact/signals';
import { CloseKey } from '../elements/CloseKey.tsx';
import { DeviceTrouble, NoticeKey } from '../elements/DeviceTrouble.tsx';
import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { forgetPress, press, tryMicrophone } from '../live/press.ts';
import {
    type Device,
    type DeviceState,
    deviceStates,
    forgetMoved,
    formerIsBack,
    microphones,
    microphoneUsed,
    moved,
    takeFormer,
    takeMicrophone,
} from '../media/media.ts';
import { capacity, iAmOnTheAir, stage } from '../state/store.ts';
import { microphoneProblem } from './device_words.ts';
import { sendsMicrophone } from './roles.ts';

// The trouble that this reader has closed; another one shows again.
const dismissed = signal<DeviceState | null>(null);

export function MicrophoneNotice() {
    if (stage.value !== 'room' || !sendsMicrophone(capacity.value)) {
        return null;
    }
    return troubled() ? <Trouble /> : <Moved />;
}

// Before the first opening, while the browser asks and while it is muted there is something to say only to who presses or speaks.
function troubled(): boolean {
    const state = deviceStates.value.microphone;
    if (microphoneProblem() === null) {
        return false;
    }
    const soft = state === 'open' || state === 'asking' || state === 'closed';
    const concerned = press.value !== 'none' || iAmOnTheAir.value;
    return concerned || (!soft && dismissed.value !== state);
}

function Trouble() {
    const problem = microphoneProblem();
    const state = deviceStates.value.microphone;
    const why = problem === null ? '' : text(problem);
    const dismiss = () => {
        dismissed.value = state;
        forgetPress();
    };
    return (
        <DeviceTrouble
            kind="microphone"
            asking={state === 'asking'}
            all={microphones.value}
            used={microphoneUsed.value.id}
            onAgain={tryMicrophone}
            onTake={takeMicrophone}
            onClose={dismiss}
        >
            {press.value === 'refused'
                ? text('microphone.refused', { why })
                : text('devices.says', { device: text('devices.microphone'), why })}
        </DeviceTrouble>
    );
}

function Moved() {
    const change = moved.value;
    if (change === null) {
        return null;
    }
    const former = nameOf(change.former);
    return (
        <div class="notice notice-device" data-testid="microphone-moved">
            <Icon name="microphone" />
            <p>
                {text(formerIsBack.value ? 'microphone.former_back' : 'microphone.moved', {
                    former,
                    now: nameOf(change.now),
                })}
            </p>
            {formerIsBack.value && (
                <div class="notice-keys">
                    <NoticeKey
                        words={text('microphone.take_former', { former })}
                        onPress={takeFormer}
                        filled
                    />
                </div>
            )}
            <CloseKey onPress={forgetMoved} />
        </div>
    );
}

function nameOf(device: Device): string {
    return device.label || text('devices.system');
}
