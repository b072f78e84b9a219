// What needs a technician now: silent open microphones, two open in a booth, languages that nobody serves, a relay that stopped.

import { signal } from '@preact/signals';
import { languageName, text } from '../i18n/index.ts';
import { clockNow, minutesAndSeconds } from '../parts/clock.ts';
import { Mark } from '../parts/Mark.tsx';
import { plateWords } from '../parts/Plate.tsx';
import { spoken } from '../state/desk.ts';
import { silentMicrophones } from '../state/levels.ts';
import { meeting, plate } from '../state/store.ts';
import { relayNodes } from './relay.ts';

const SECONDS: readonly number[] = [5, 10, 20, 30];
// This page's own choice.
const silentAfter = signal(10);

function alarmLines(): { key: string; words: string }[] {
    const now = meeting.value;
    if (now === null) {
        return [];
    }
    const time = clockNow();
    const silent = silentMicrophones(now, time, silentAfter.value).map((one) => {
        const shown = plate(one.participant);
        return {
            key: `silent-${one.participant}`,
            words: text('alarm.silent', {
                name: shown === null ? one.participant : plateWords(shown).heading,
                seconds: one.seconds,
            }),
        };
    });
    const both = now.booths.flatMap((booth) => {
        const language = spoken(booth.language);
        return language === null || !booth.alarm_since
            ? []
            : [{ key: `both-${language}`, words: text('alarm.both', { booth: languageName(language) }) }];
    });
    const relay = relayNodes(now)
        .filter((one) => one.warning)
        .map((one) => ({
            key: `relay-${one.id}`,
            words: text('relay.warning', {
                channel: languageName(one.id),
                offer: one.offer === 'floor' ? text('channel.floor_name') : languageName(one.offer),
            }),
        }));
    const unserved = now.channels.flatMap((one) =>
        one.id === 'floor' || !one.unserved_since
            ? []
            : [
                  {
                      key: `unserved-${one.id}`,
                      words: text('alarm.unserved', {
                          channel: languageName(one.id),
                          time: minutesAndSeconds(time - one.unserved_since),
                      }),
                  },
              ],
    );
    return [...both, ...silent, ...relay, ...unserved];
}

export function Alarms() {
    const lines = alarmLines();
    return (
        <section class="card" aria-labelledby="alarms-heading">
            <header class="section-head">
                <h2 id="alarms-heading">{text('alarm.title')}</h2>
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
            </header>
            {lines.length === 0 ? (
                <p class="empty">{text('alarm.none')}</p>
            ) : (
                <ul class="alarms">
                    {lines.map((one) => (
                        <li key={one.key}>
                            <Mark icon="warning" tone="warn">
                                {one.words}
                            </Mark>
                        </li>
                    ))}
                </ul>
            )}
        </section>
    );
}
