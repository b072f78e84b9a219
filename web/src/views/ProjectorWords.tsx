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
