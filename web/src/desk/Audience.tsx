// Interpretation is its author's work: who else receives it is said, also that nobody does.

import { Icon } from '../elements/Icon.tsx';
import { text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Audience.css?inline';

adopt(styles);

export function Audience() {
    const now = meeting.value;
    const recorded = now?.recorded === true;
    const streamed = now?.streamed === true;
    return (
        <ul class="audience" aria-label={text('audience.title')}>
            <li class={`audience-mark${recorded ? ' is-on' : ''}`}>
                <Icon name="record" size={16} />
                <span>{text(recorded ? 'mark.recorded' : 'audience.not_recorded')}</span>
            </li>
            <li class="audience-mark" title={text('audience.encrypted_detail')}>
                <Icon name="lock" size={16} />
                <span class="hidden-text">{text('audience.encrypted')}</span>
            </li>
            <li class={`audience-mark${streamed ? ' is-on' : ''}`}>
                <Icon name="stream" size={16} />
                <span>{text(streamed ? 'mark.streamed' : 'audience.not_streamed')}</span>
            </li>
        </ul>
    );
}
