// What a console looks at all the time, in one line that neither moves nor scrolls away: what the booths ask, which languages are not
// served, who is here, who is next.

import { Icon } from '../elements/Icon.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { languageName, text } from '../i18n/index.ts';
import { freshSignals } from '../state/signals.ts';
import { servedCount } from '../state/spoken.ts';
import { channels, meeting, plate, requestPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { clockNow } from './clock.ts';
import styles from './Glance.css?inline';
import { SIGNAL_ICONS } from './Signals.tsx';
import { PresentCount } from './WhoIsHere.tsx';

adopt(styles);

export function Glance() {
    return (
        <section class="glance" aria-label={text('glance.title')}>
            <SignalCell />
            <LanguagesCell />
            <PresentCount />
            <NextCell />
        </section>
    );
}

// The newest one that is still news.
function SignalCell() {
    const now = meeting.value;
    const floor = (now?.floor ?? []).map((one) => one.participant);
    const newest = freshSignals(now?.signals ?? [], floor, clockNow()).at(-1);
    const about = plate(newest?.participant);
    return (
        <p class={`glance-cell${newest === undefined ? ' glance-quiet' : ' glance-news'}`} role="status">
            <Icon name={newest === undefined ? 'headphones' : SIGNAL_ICONS[newest.kind]} size={18} />
            <span>
                {newest === undefined ? (
                    text('glance.no_signal')
                ) : (
                    <>
                        {text(`signal.${newest.kind}`)}
                        {about !== null && (
                            <>
                                {' · '}
                                <bdi>{plateWords(about).heading}</bdi>
                            </>
                        )}
                        {newest.language !== undefined && newest.language !== 'none' && (
                            <> · {text('booth.of', { language: languageName(newest.language) })}</>
                        )}
                    </>
                )}
            </span>
        </p>
    );
}

function LanguagesCell() {
    const languages = channels.value.filter((one) => one.id !== 'floor');
    const dark = languages.filter((one) => (one.unserved_since ?? 0) > 0);
    if (dark.length > 0) {
        const names = dark.map((one) => (one.id === 'floor' ? '' : languageName(one.id)));
        return (
            <p class="glance-cell glance-warn">
                <Icon name="warning" size={18} />
                <span>{text('glance.unserved', { languages: names.join(text('glance.comma')) })}</span>
            </p>
        );
    }
    return (
        <p class="glance-cell">
            <Icon name="interpreted" size={18} />
            <span>{text('served.title', { count: servedCount.value, total: languages.length })}</span>
        </p>
    );
}

function NextCell() {
    const names = requestPlates.value.slice(0, 2).map((line) => plateWords(line).heading);
    return (
        <p class="glance-cell">
            <Icon name="hand" size={18} />
            <span>
                {names.length === 0
                    ? text('stage.no_next')
                    : text('stage.next', { name: names.join(text('glance.comma')) })}
            </span>
        </p>
    );
}
