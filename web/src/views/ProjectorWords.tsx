// Words of the wall in both its languages, the second smaller.

import type { Localized } from '../contract/generated.ts';
import { localized } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './ProjectorWords.css?inline';
import { inBoth } from './projector_languages.ts';

adopt(styles);

export function Both({ say }: { say: () => string }) {
    return (
        <span class="projector-both">
            {inBoth(say).map((one, index) => (
                <span
                    key={one.language}
                    class={index === 0 ? 'projector-first' : 'projector-second'}
                    lang={one.language}
                    dir="auto"
                >
                    {one.words}
                </span>
            ))}
        </span>
    );
}

export function BothOf({ value }: { value: Localized }) {
    return <Both say={() => localized(value)} />;
}

// Wide signs count twice.
const WIDE = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/;

/** How much room these words need, in four steps: the sheet has a size for each. */
export function roomOf(words: string): 1 | 2 | 3 | 4 {
    const length = [...words].reduce((sum, sign) => sum + (WIDE.test(sign) ? 2 : 1), 0);
    return length <= 14 ? 1 : length <= 28 ? 2 : length <= 56 ? 3 : 4;
}
