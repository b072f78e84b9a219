// At which hand: as many dots as hands, a ring for the original, for the eye; words for the ear. Never a figure: keys have those.

import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './DepthMark.css?inline';

adopt(styles);

export function DepthMark({ depth }: { depth: 0 | 1 | 2 | 3 }) {
    return (
        <span class={`depth depth-${depth}`} title={text(`depth.${depth}`)}>
            {Array.from({ length: Math.max(1, depth) }, (_, index) => (
                <i key={index} aria-hidden="true" />
            ))}
            <span class="hidden-text">{text(`depth.${depth}`)}</span>
        </span>
    );
}
