// The face of a key whose size never changes: sign and words, the letter that does the same, and why it cannot work now.

import { adopt } from '../styles/adopt.ts';
import { Icon, type IconName } from './Icon.tsx';
import styles from './KeyFace.css?inline';

adopt(styles);

interface KeyFaceProps {
    icon: IconName;
    words: string;
    legend?: string;
    // Why a press would do nothing; its line is kept while there is no reason.
    unable?: string | undefined;
}

export function KeyFace({ icon, words, legend, unable }: KeyFaceProps) {
    return (
        <span class="key-face">
            <Icon name={icon} size={24} />
            <span class="key-face-words" title={words}>
                {words}
            </span>
            {legend !== undefined && (
                <span class="kbd key-face-legend" aria-hidden="true">
                    {legend}
                </span>
            )}
            <span class="key-face-why">{unable}</span>
        </span>
    );
}
