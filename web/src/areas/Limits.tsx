// What is full or will be soon, for those who run the meeting, while they can still do something about it. It goes as it came.

import { Mark } from '../elements/Mark.tsx';
import { formatNumber, text } from '../i18n/index.ts';
import { listeners, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Limits.css?inline';
import { nearLimits } from './limits.ts';

adopt(styles);

export function Limits() {
    const near = meeting.value === null ? [] : nearLimits(meeting.value, listeners.value);
    // The place is always there, so that a screen reader hears what comes into it.
    return (
        <div class="limits" role="status" data-testid="limits">
            {near.length > 0 && (
                <section class="card" aria-labelledby="limits-heading">
                    <h2 id="limits-heading">{text('limit.title')}</h2>
                    <ul class="limit-lines">
                        {near.map((one) => (
                            <li key={one.key}>
                                <Mark icon="warning" tone="warn">
                                    {text(one.key, {
                                        used: formatNumber(one.used),
                                        most: formatNumber(one.most),
                                    })}
                                </Mark>
                            </li>
                        ))}
                    </ul>
                    <p class="small muted">{text('limit.detail')}</p>
                </section>
            )}
        </div>
    );
}
