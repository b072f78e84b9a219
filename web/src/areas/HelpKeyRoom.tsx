// Room in the key to the help desk for all of its words, so that no key beside it moves with the call.

import { HELP_STATE_VALUES } from '../contract/generated.ts';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './HelpKeyRoom.css?inline';

adopt(styles);

export function HelpKeyRoom() {
    return (
        <span class="help-key-room" aria-hidden="true">
            {HELP_STATE_VALUES.map((state) => (
                <span key={state}>{text(`help_call.${state}`)}</span>
            ))}
        </span>
    );
}
