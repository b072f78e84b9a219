// The chime of the turn: heard, seen, both or neither.

import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './ChimeChoice.css?inline';
import { chimeTaste, chooseChime } from './chime.ts';

adopt(styles);

export function ChimeChoice() {
    const { sound, flash } = chimeTaste.value;
    return (
        <fieldset class="chime-choice" aria-label={text('chime.title')}>
            <button
                type="button"
                class={`button button-quiet button-icon${sound ? ' is-on' : ''}`}
                aria-pressed={sound}
                aria-label={text('chime.sound')}
                title={text('chime.sound')}
                onClick={() => chooseChime({ sound: !sound })}
            >
                <Icon name="bell" size={18} />
            </button>
            <button
                type="button"
                class={`button button-quiet button-icon${flash ? ' is-on' : ''}`}
                aria-pressed={flash}
                aria-label={text('chime.flash')}
                title={text('chime.flash')}
                onClick={() => chooseChime({ flash: !flash })}
            >
                <Icon name="eye" size={18} />
            </button>
        </fieldset>
    );
}
