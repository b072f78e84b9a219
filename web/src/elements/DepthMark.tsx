// At which hand: a figure for the eye, words for the ear.

import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './DepthMark.css?inline';

adopt(styles);

export function DepthMark({ depth }: { depth: 0 | 1 | 2 | 3 }) {
    return (
        <span class={`depth depth-${depth}`} title={text(`depth.${depth}`)}>
            <span aria-hidden="true">{depth}</span>
            <span class="hidden-text">{text(`depth.${depth}`)}</span>
        </span>
    );
}
