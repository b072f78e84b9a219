// What was said a moment ago once more, and back to the present; and the key of the drawer with all sound.

import { useEffect } from 'preact/hooks';
import { SoundKey } from '../areas/SoundPanel.tsx';
import { text } from '../i18n/index.ts';
import { deskSoundState, REPEAT_S, repeat, startDeskSound, toPresent } from '../media/desk_media.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './RepeatKeys.css?inline';

adopt(styles);

export function RepeatKeys() {
    useEffect(startDeskSound, []);
    const { behindS, running } = deskSoundState.value;
    const seconds = Math.ceil(behindS);
    return (
        <div class="repeat-keys">
            <button type="button" class="button repeat-key" disabled={!running} onClick={repeat}>
                <span>{text('desk_sound.repeat', { seconds: REPEAT_S })}</span>
                <span class="kbd" aria-hidden="true">
                    F
                </span>
            </button>
            <button
                type="button"
                class={`button repeat-key${seconds > 0 ? ' desk-sound-behind' : ''}`}
                aria-disabled={seconds === 0}
                title={seconds > 0 ? text('desk_sound.behind', { seconds }) : undefined}
                onClick={() => seconds > 0 && toPresent()}
            >
                <span class="repeat-words">
                    <span>{text('desk_sound.present')}</span>
                    {seconds > 0 && <span>{text('desk_sound.late', { seconds })}</span>}
                </span>
                <span class="kbd" aria-hidden="true">
                    I
                </span>
            </button>
            <SoundKey class="button repeat-key desk-sound-devices" />
        </div>
    );
}
