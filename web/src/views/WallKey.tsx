// Opens the wall of the chamber: in the bar of who runs the meeting, never further than one press.

import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { openWall } from './projector_window.tsx';
import styles from './WallKey.css?inline';

adopt(styles);

export function WallKey() {
    const words = text('wall.open');
    return (
        <button
            type="button"
            class="button button-quiet button-icon wall-key"
            aria-label={words}
            title={words}
            onClick={openWall}
        >
            <Icon name="wall" />
        </button>
    );
}
