// The languages served, each by its own name and in what state.

import { carriedBy, carriedWords } from '../areas/carried.ts';
import { Icon } from '../elements/Icon.tsx';
import { OWN_NAMES, text } from '../i18n/index.ts';
import { channels } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './ProjectorServed.css?inline';
import { Both } from './ProjectorWords.tsx';
import { inFirst } from './projector_languages.ts';

adopt(styles);

export function ProjectorServed() {
    return (
        <ul class="projector-served" aria-label={inFirst(() => text('wall.served'))}>
            {channels.value.map((one) => {
                if (one.id === 'floor') {
                    return null;
                }
                const carried = carriedBy(one);
                return (
                    <li key={one.id} class={`projector-channel projector-channel-${carried.state}`}>
                        <span class="projector-own-name" lang={one.id} dir="auto">
                            {OWN_NAMES[one.id]}
                        </span>
                        <span class="projector-state">
                            <Icon name={carried.icon} />
                            <Both say={() => carriedWords(carried)} />
                        </span>
                    </li>
                );
            })}
        </ul>
    );
}
