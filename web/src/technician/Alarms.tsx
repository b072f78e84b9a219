// What needs a technician now: open microphones that are not heard, presses that nothing came of, two open in a booth, languages that
// nobody serves, a relay that stopped. Each is acknowledged by a press on this device, and stays in the history. The list keeps its height:
// an alarm that comes moves nothing.

import { useSignal } from '@preact/signals';
import { clockNow } from '../areas/clock.ts';
import { Icon } from '../elements/Icon.tsx';
import { Mark } from '../elements/Mark.tsx';
import { reachable } from '../elements/reachable.ts';
import { SteadyKey } from '../elements/SteadyKey.tsx';
import { gate, useHeld } from '../elements/steady.ts';
import { formatNumber, formatTime, text } from '../i18n/index.ts';
import { replacements } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { AlarmHistory } from './AlarmHistory.tsx';
import styles from './Alarms.css?inline';
import { ALARM_KINDS } from './alarm_list.ts';
import type { LoggedAlarm } from './alarm_log.ts';
import { acknowledge, alarmLog } from './alarm_watch.ts';
import { alarmWords } from './alarm_words.ts';

adopt(styles);

const taking = gate();

// What nobody has acknowledged first, then the gravest.
function standing(log: readonly LoggedAlarm[]): LoggedAlarm[] {
    return log
        .filter((one) => one.over === 0)
        .sort(
            (one, other) =>
                Math.sign(one.taken) - Math.sign(other.taken) ||
                ALARM_KINDS.indexOf(one.kind) - ALARM_KINDS.indexOf(other.kind),
        );
}

export function Alarms() {
    const asked = useSignal(false);
    const { shown, hold } = useHeld(standing(alarmLog.value));
    const missed = alarmLog.value.filter((one) => one.over !== 0 && one.taken === 0).length;
    return (
        <section class="card" aria-labelledby="alarms-heading">
            <header class="section-head">
                <h2 id="alarms-heading">{text('alarm.title')}</h2>
                <button
                    type="button"
                    class="button button-small"
                    aria-haspopup="dialog"
                    onClick={() => {
                        asked.value = true;
                    }}
                >
                    <Icon name="clock" size={16} />
                    <span>{text('alarm.history')}</span>
                    {missed > 0 && (
                        <span class="count">
                            <span aria-hidden="true">{formatNumber(missed)}</span>
                            <span class="hidden-text">{text('alarm.missed', { count: missed })}</span>
                        </span>
                    )}
                </button>
            </header>
            <div class="alarm-room" ref={reachable} {...hold}>
                {shown.length === 0 ? (
                    <p class="empty">{text('alarm.none')}</p>
                ) : (
                    <ul class="alarms">
                        {shown.map((one) => (
                            <Standing key={one.id} alarm={one} />
                        ))}
                    </ul>
                )}
                <Replacements />
            </div>
            {asked.value && (
                <AlarmHistory
                    onClose={() => {
                        asked.value = false;
                    }}
                />
            )}
        </section>
    );
}

function Standing({ alarm }: { alarm: LoggedAlarm }) {
    const words = alarmWords(alarm, clockNow());
    return (
        <li class={`alarm${alarm.taken === 0 ? '' : ' is-taken'}`}>
            <Mark icon="warning" tone={alarm.taken === 0 ? 'warn' : 'plain'}>
                {words}
            </Mark>
            {alarm.taken === 0 ? (
                <SteadyKey
                    means={String(alarm.id)}
                    gate={taking}
                    class="button button-icon"
                    label={text('alarm.acknowledge_of', { alarm: words })}
                    title={text('alarm.acknowledge')}
                    onPress={() => acknowledge(alarm.id)}
                >
                    <Icon name="check" size={18} />
                </SteadyKey>
            ) : (
                <span class="small muted">{text('alarm.taken', { time: formatTime(alarm.taken) })}</span>
            )}
        </li>
    );
}

// What the server mended by itself: no alarm any more, but somebody has to look into it.
function Replacements() {
    if (replacements.value.length === 0) {
        return null;
    }
    return (
        <ul class="alarms" aria-label={text('replaced.title')} data-testid="replacements">
            {replacements.value.map((one) => (
                <li key={`${one.process}-${one.at}`} class="small muted">
                    {text(`replaced.${one.process}.${one.cause}`, { time: formatTime(one.at) })}
                </li>
            ))}
        </ul>
    );
}
