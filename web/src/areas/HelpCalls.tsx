// Calls for help, for those who answer them, who hear of each: whose, what about, since when, who answers; and of those that one answers oneself the
// person's devices and line, what was written, and what can be suggested in one press.

import { useEffect, useState } from 'preact/hooks';
import { type Events, HELP_SUGGESTION_VALUES, type HelpCall } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { Mark } from '../elements/Mark.tsx';
import { PlateView, plateWords } from '../elements/Plate.tsx';
import { formatNumber, formatTime, text } from '../i18n/index.ts';
import { helpCallOf } from '../state/help.ts';
import { callWaits } from '../state/help_waiting.ts';
import { health, helpCalls, may, me, meeting, newestEvents, type Plate, plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './HelpCalls.css?inline';
import { HelpLog, HelpWrite } from './HelpLines.tsx';
import { nameOf, REASON_ICONS } from './help_news.ts';
import { HealthMark } from './People.tsx';

adopt(styles);

export function HelpCalls() {
    const calls = helpCalls.value;
    return (
        <section class="card" aria-labelledby="calls-heading">
            <header class="section-head">
                <h2 id="calls-heading">{text('calls.title')}</h2>
                <span class="count">{formatNumber(calls.length)}</span>
            </header>
            <NewCall />
            {calls.length === 0 ? (
                <p class="empty">{text('calls.none')}</p>
            ) : (
                <ul class="people">
                    {calls.map((one) => (
                        <Call key={one.participant.id} caller={one} />
                    ))}
                </ul>
            )}
        </section>
    );
}

// What a screen reader is told of a call that somebody makes, and of what it is about when that is said later.
function NewCall() {
    const [words, setWords] = useState('');
    const events = newestEvents.value;
    useEffect(() => {
        for (const event of events) {
            const asked = event.type === 'help.changed' && event.data.state === 'asked';
            if (asked && event.data.participant !== me.peek()?.id) {
                setWords(newCallWords(event.data));
            }
        }
    }, [events]);
    return (
        <p class="hidden-text" aria-live="polite" data-testid="new-call">
            {words}
        </p>
    );
}

function newCallWords({ participant, reason }: Events['help.changed']): string {
    const caller = plate(participant);
    const name = caller === null ? '' : plateWords(caller).heading;
    return reason === undefined
        ? text('calls.news', { name })
        : text('calls.news_about', { name, reason: text(`help_reason.${reason}`) });
}

type Standing = 'waits' | 'mine' | 'taken';

// A call whose helper is away waits like any other.
function standing(call: HelpCall | undefined): Standing {
    if (callWaits(meeting.value, call)) {
        return 'waits';
    }
    return call?.helper === me.value?.id ? 'mine' : 'taken';
}

function Call({ caller }: { caller: Plate }) {
    const { id } = caller.participant;
    const call = helpCallOf(meeting.value, id);
    const stands = standing(call);
    const answers = may('help.handle') && id !== me.value?.id;
    return (
        <li class={`help-call${stands === 'waits' ? ' is-waiting' : ''}`}>
            <div class="help-call-head">
                <PlateView plate={caller} size="line" />
                {answers && <CallKey caller={caller} call={call} stands={stands} />}
                <div class="help-call-marks">
                    <StandingMark call={call} stands={stands} />
                    {call?.reason !== undefined && (
                        <Mark icon={REASON_ICONS[call.reason]}>{text(`help_reason.${call.reason}`)}</Mark>
                    )}
                    {call !== undefined && (
                        <span class="small muted">
                            {text('calls.since', { time: formatTime(call.since) })}
                        </span>
                    )}
                </div>
            </div>
            {answers && stands === 'mine' && <Talk caller={caller} />}
        </li>
    );
}

function StandingMark({ call, stands }: { call: HelpCall | undefined; stands: Standing }) {
    if (stands === 'waits') {
        const gone = call?.helper !== undefined && nameOf(call.helper) !== '';
        return (
            <Mark icon="help" tone="warn">
                {gone ? text('calls.helper_away', { name: nameOf(call.helper) }) : text('help_state.asked')}
            </Mark>
        );
    }
    return (
        <Mark icon="check" tone="good">
            {stands === 'mine' ? text('calls.yours') : text('calls.by', { name: nameOf(call?.helper) })}
        </Mark>
    );
}

interface CallKeyProps {
    caller: Plate;
    call: HelpCall | undefined;
    stands: Standing;
}

// Take, step in or done, in one place: only one of them makes sense at a time.
function CallKey({ caller, call, stands }: CallKeyProps) {
    const { id } = caller.participant;
    const name = plateWords(caller).heading;
    if (stands === 'mine') {
        return (
            <button
                type="button"
                class="button"
                aria-label={text('calls.done_of', { name })}
                onClick={() => void act('help.handle', { participant: id, state: 'none' })}
            >
                {text('calls.done')}
            </button>
        );
    }
    const take = (): void => {
        void act('help.handle', {
            participant: id,
            state: 'handled',
            ...(call?.helper === undefined ? {} : { instead_of: call.helper }),
        });
    };
    return stands === 'waits' ? (
        <button
            type="button"
            class="button button-filled"
            aria-label={text('calls.take_of', { name })}
            onClick={take}
        >
            {text('calls.take')}
        </button>
    ) : (
        <button
            type="button"
            class="button"
            aria-label={text('calls.step_in_of', { name, helper: nameOf(call?.helper) })}
            onClick={take}
        >
            {text('calls.step_in')}
        </button>
    );
}

function Talk({ caller }: { caller: Plate }) {
    const { id } = caller.participant;
    return (
        <div class="help-call-talk">
            <Facts id={id} />
            <HelpLog of={id} />
            <HelpWrite label={text('chat.write', { name: plateWords(caller).heading })} to={id} />
            <fieldset class="help-call-suggest" aria-label={text('calls.suggest')}>
                {HELP_SUGGESTION_VALUES.map((suggestion) => (
                    <button
                        key={suggestion}
                        type="button"
                        class="button button-small"
                        onClick={() => void act('help.say', { participant: id, suggestion })}
                    >
                        {text(`help_give.${suggestion}`)}
                    </button>
                ))}
            </fieldset>
        </div>
    );
}

// What the person speaks and hears with, and by which line.
function Facts({ id }: { id: string }) {
    const measured = health.value.get(id);
    const unknown = text('calls.unknown');
    return (
        <dl class="help-call-facts small">
            <dt>
                <Icon name="microphone" size={16} /> {text('devices.microphone')}
            </dt>
            <dd>
                <bdi>{measured?.microphone || unknown}</bdi>
            </dd>
            <dt>
                <Icon name="headphones" size={16} /> {text('devices.earphones')}
            </dt>
            <dd>
                <bdi>{measured?.earphones || unknown}</bdi>
            </dd>
            <dt>
                <Icon name="signal" size={16} /> {text('calls.line')}
            </dt>
            <dd>
                {measured === undefined ? (
                    unknown
                ) : (
                    <>
                        <HealthMark measured={measured} />
                        {!measured.blocked && (
                            <span class="muted">
                                {text('calls.line_numbers', {
                                    up: measured.loss_up_permille / 10,
                                    down: measured.loss_down_permille / 10,
                                    trip: measured.round_trip_ms,
                                })}
                            </span>
                        )}
                    </>
                )}
            </dd>
        </dl>
    );
}
