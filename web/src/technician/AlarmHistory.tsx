// What has been, newest first, on this device: when, how long, and whether it was acknowledged; and after how long a silence is an alarm.

import { clockNow } from '../areas/clock.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { formatTime, text } from '../i18n/index.ts';
import type { LoggedAlarm } from './alarm_log.ts';
import { acknowledge, alarmLog, silentAfter } from './alarm_watch.ts';
import { alarmWords } from './alarm_words.ts';

const SECONDS: readonly number[] = [5, 10, 20, 30];

export function AlarmHistory({ onClose }: { onClose: () => void }) {
    const all = [...alarmLog.value].reverse();
    return (
        <Dialog title={text('alarm.history_title')} onClose={onClose} kind="wide">
            <p class="small muted">{text('alarm.history_detail')}</p>
            <SilentAfter />
            {all.length === 0 ? (
                <p class="empty">{text('alarm.history_none')}</p>
            ) : (
                <>
                    <button
                        type="button"
                        class="button"
                        disabled={all.every((one) => one.taken !== 0)}
                        onClick={() => acknowledge()}
                    >
                        {text('alarm.acknowledge_all')}
                    </button>
                    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
                    <section class="table-scroll" tabIndex={0} aria-label={text('alarm.history_title')}>
                        <table class="table">
                            <thead>
                                <tr>
                                    <th scope="col">{text('alarm.since')}</th>
                                    <th scope="col">{text('alarm.until')}</th>
                                    <th scope="col">{text('alarm.what')}</th>
                                    <th scope="col">{text('alarm.acknowledged')}</th>
                                </tr>
                            </thead>
                            <tbody>
                                {all.map((one) => (
                                    <Line key={one.id} alarm={one} />
                                ))}
                            </tbody>
                        </table>
                    </section>
                </>
            )}
        </Dialog>
    );
}

function SilentAfter() {
    return (
        <label class="inline-field">
            <span>{text('alarm.silent_after')}</span>
            <select
                class="select select-small"
                value={silentAfter.value}
                onChange={(event) => {
                    silentAfter.value = Number(event.currentTarget.value);
                }}
            >
                {SECONDS.map((one) => (
                    <option key={one} value={one}>
                        {text('unit.seconds', { value: one })}
                    </option>
                ))}
            </select>
        </label>
    );
}

function Line({ alarm }: { alarm: LoggedAlarm }) {
    const { over, since, taken } = alarm;
    return (
        <tr>
            <td>{formatTime(since)}</td>
            <td>{over === 0 ? text('alarm.goes_on') : formatTime(over)}</td>
            <td>{alarmWords(alarm, over === 0 ? clockNow() : over)}</td>
            <td>{taken === 0 ? text('alarm.not_yet') : formatTime(taken)}</td>
        </tr>
    );
}
