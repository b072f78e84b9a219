// How the sitting stands against the plan of its agenda, for those who keep it. The line is there as long as there is a plan, so that
// nothing moves when it says something else.

import { Mark } from '../elements/Mark.tsx';
import { text } from '../i18n/index.ts';
import { type Drift, driftOf } from '../state/drift.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { clockNow } from './clock.ts';
import styles from './Drift.css?inline';

adopt(styles);

function DriftMark({ kind, minutes }: Drift) {
    const late = kind === 'behind';
    return (
        <Mark icon={late ? 'warning' : 'clock'} tone={late ? 'warn' : 'plain'}>
            {text(`drift.${kind}`, { minutes })}
        </Mark>
    );
}

export function DriftLine() {
    const now = meeting.value;
    const drift = now === null ? null : driftOf(now, clockNow());
    if (drift === null) {
        return null;
    }
    return (
        <p class="drift">
            <DriftMark {...drift} />
        </p>
    );
}
