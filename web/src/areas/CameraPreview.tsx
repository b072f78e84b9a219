// One's own camera, as others would see it; nobody does before it is sent.

import { Icon } from '../elements/Icon.tsx';
import { Video } from '../elements/Video.tsx';
import { text } from '../i18n/index.ts';
import { cameraStream, openCamera, releaseCamera } from '../media/media.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './CameraPreview.css?inline';

adopt(styles);

// `sent`: others see it now, and it is closed where it was opened.
export function CameraPreview({ sent = false }: { sent?: boolean }) {
    const stream = cameraStream.value;
    return (
        <div class="preview">
            {stream === null ? (
                <div class="preview-empty">
                    <Icon name="camera_off" size={32} />
                    <p>{text('entrance.camera_closed')}</p>
                </div>
            ) : (
                <Video stream={stream} label={text('entrance.own_video')} mirrored />
            )}
            {!sent && (
                <button
                    type="button"
                    class="button button-small preview-key"
                    onClick={() => (stream === null ? void openCamera() : releaseCamera())}
                >
                    {text(stream === null ? 'entrance.try_camera' : 'entrance.close_camera')}
                </button>
            )}
        </div>
    );
}
