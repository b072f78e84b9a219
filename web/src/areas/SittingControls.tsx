// Opening, suspending and closing the sitting (the gavel), the current item, the list open or closed: for the chair, and on the
// chair's behalf for moderators and secretaries.

import type { AgendaItem } from '../contract/generated.ts';
import { minutesAndSeconds } from '../elements/duration.ts';
import { HoldKey } from '../elements/HoldKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { Mark } from '../elements/Mark.tsx';
import { formatTime, languageName, localized, OWN_NAMES, text } from '../i18n/index.ts';
import { servedCount } from '../state/spoken.ts';
import { channels, iCan, may, meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import { carriedBy, carriedWords } from './carried.ts';
import { clockNow } from './clock.ts';
import { ItemDocuments, OtherDocuments } from './Documents.tsx';
import { DriftLine } from './Drift.tsx';
import { sayHold } from './hold.ts';
import { ItemFacts } from './ItemFacts.tsx';
import styles from './SittingControls.css?inline';
import { SittingMark } from './TopBar.tsx';

adopt(styles);

// Moderators and secretaries act for the chair, and the record says so: the page says it too.
export function OnBehalf() {
    if (iCan('presides')) {
        return null;
    }
    return <p class="on-behalf small muted">{text('chair.on_behalf')}</p>;
}

// How long pauses usually are.
const PAUSES: readonly number[] = [5, 15, 30, 60];

// Everybody reads when the sitting goes on.
function ReturnKeys() {
    return (
        <>
            {PAUSES.map((minutes) => (
                <button
                    key={minutes}
                    type="button"
                    class="button"
                    onClick={() => void act('sitting.announce', { minutes })}
                >
                    {text('gavel.resumes_in', { minutes })}
                </button>
            ))}
        </>
    );
}

export function Gavel() {
    const sitting = meeting.value?.sitting ?? 'closed';
    if (!may('sitting.open')) {
        return null;
    }
    return (
        <div class="gavel-keys">
            {sitting !== 'open' && (
                <HoldKey
                    class="button-filled button-large"
                    onHeld={() => void act('sitting.open', {})}
                    question={{
                        title: text(sitting === 'suspended' ? 'gavel.resume' : 'gavel.open'),
                        detail: text('gavel.open_detail'),
                        confirm: text(sitting === 'suspended' ? 'gavel.resume' : 'gavel.open'),
                    }}
                >
                    <Icon name="gavel" size={24} />
                    <span>{text(sitting === 'suspended' ? 'gavel.resume' : 'gavel.open')}</span>
                </HoldKey>
            )}
            {sitting === 'open' && (
                <HoldKey
                    class="button-large"
                    onHeld={() => void act('sitting.suspend', {})}
                    question={{
                        title: text('gavel.suspend'),
                        detail: text('gavel.suspend_detail'),
                        confirm: text('gavel.suspend'),
                    }}
                >
                    <Icon name="clock" size={24} />
                    <span>{text('gavel.suspend')}</span>
                </HoldKey>
            )}
            {sitting !== 'closed' && (
                <HoldKey
                    class="button-large"
                    onHeld={() => void act('sitting.close', {})}
                    question={{
                        title: text('gavel.close'),
                        detail: text('gavel.close_detail'),
                        confirm: text('gavel.close'),
                    }}
                >
                    <Icon name="gavel" size={24} />
                    <span>{text('gavel.close')}</span>
                </HoldKey>
            )}
            {sitting === 'suspended' && may('sitting.announce') && <ReturnKeys />}
        </div>
    );
}

export function SittingPanel() {
    return (
        <section class="card" aria-labelledby="sitting-heading">
            <header class="section-head">
                <h2 id="sitting-heading">{text('sitting.title')}</h2>
                <SittingMark />
            </header>
            <Gavel />
        </section>
    );
}

// Going to another item ends the one before, and everybody sees it.
function ItemKey({ item }: { item: AgendaItem }) {
    const current = item.state === 'current';
    const number = item.number;
    return (
        <HoldKey
            bare
            class={`item-key item-key-${item.state}`}
            attributes={{ 'aria-current': current ? 'step' : undefined }}
            disabled={!may('item.start')}
            unable={current ? text('item.current') : undefined}
            onHeld={() => void act('item.start', { item: item.id })}
            onShort={sayHold}
            question={{
                title: text('agenda.take_up', { number }),
                detail: text('agenda.take_up_detail'),
                confirm: text('agenda.take_up', { number }),
            }}
        >
            <bdi class="item-number" dir="ltr">
                {number}
            </bdi>
            <span class="item-key-title">
                <span>{localized(item.title)}</span>
                <span class="small muted item-key-state">
                    <ItemFacts item={item} />
                </span>
            </span>
        </HoldKey>
    );
}

export function ItemPanel() {
    const agenda = meeting.value?.agenda ?? [];
    return (
        <section class="card" aria-labelledby="items-heading">
            <header class="section-head">
                <h2 id="items-heading">{text('agenda.title')}</h2>
            </header>
            <DriftLine />
            {agenda.length === 0 && <p class="empty">{text('agenda.empty')}</p>}
            <ol class="item-choice">
                {agenda.map((item) => (
                    <li key={item.id}>
                        <ItemKey item={item} />
                        <ItemDocuments item={item} />
                    </li>
                ))}
            </ol>
            <OtherDocuments heading="documents-heading" />
        </section>
    );
}

// The chair's light: whether somebody speaks and a language that was promised is not served, and since when.
function ServedLight() {
    const dark = channels.value.filter((one) => (one.unserved_since ?? 0) > 0);
    if (dark.length === 0 && meeting.value?.floor.length === 0) {
        return null;
    }
    if (dark.length === 0) {
        return (
            <p class="served-light">
                <Mark icon="check" tone="good">
                    {text('light.served')}
                </Mark>
            </p>
        );
    }
    const now = clockNow();
    return (
        <ul class="served-light">
            {dark.map((one) => (
                <li key={one.id}>
                    <Mark icon="warning" tone="warn">
                        {text('light.unserved', {
                            channel: one.id === 'floor' ? '' : languageName(one.id),
                            since: formatTime(one.unserved_since ?? 0),
                            duration: minutesAndSeconds(now - (one.unserved_since ?? 0)),
                        })}
                    </Mark>
                </li>
            ))}
        </ul>
    );
}

// "All six languages served", or which are not: the chair's truth.
export function LanguagesServed() {
    const languages = channels.value.filter((one) => one.id !== 'floor');
    return (
        <section class="served" aria-labelledby="served-heading">
            <h2 id="served-heading" class="served-title">
                {text('served.title', { count: servedCount.value, total: languages.length })}
            </h2>
            <ServedLight />
            <ul class="served-list">
                {languages.map((one) => {
                    const carried = carriedBy(one);
                    return (
                        <li key={one.id} class={`served-channel served-${carried.state}`}>
                            <span lang={one.id}>{one.id === 'floor' ? '' : OWN_NAMES[one.id]}</span>
                            <span class="served-state">
                                <Icon name={carried.icon} size={16} />
                                <span>{carriedWords(carried)}</span>
                            </span>
                        </li>
                    );
                })}
            </ul>
        </section>
    );
}
