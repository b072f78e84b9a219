// One's own camera on the notice line, when it ended by itself.

import { DeviceTrouble } from '../elements/DeviceTrouble.tsx';
import { text } from '../i18n/index.ts';
import { setCamera } from '../live/actions.ts';
import { cameraLost, cameraUsed, forgetCamera } from '../live/camera.ts';
import { deviceStates, devices } from '../media/media.ts';
import { stage } from '../state/store.ts';
import { attempt } from './act.ts';
import { deviceProblem } from './device_words.ts';

export function CameraNotice() {
    const state = deviceStates.value.camera;
    const why = deviceProblem(state);
    if (stage.value !== 'room' || !cameraLost.value || why === null) {
        return null;
    }
    return (
        <DeviceTrouble
            kind="camera"
            asking={state === 'asking'}
            all={devices.value.cameras}
            used={cameraUsed.value}
            onAgain={() => take()}
            onTake={take}
            onClose={forgetCamera}
        >
            {text('devices.says', { device: text('devices.camera'), why: text(why) })}
        </DeviceTrouble>
    );
}

async function take(id?: string): Promise<void> {
    await attempt(() => setCamera(true, id));
}
