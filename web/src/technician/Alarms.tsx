// What needs a technician now: open microphones that are not heard, presses that nothing came of, two open in a booth, languages that
// nobody serves, a relay that stopped.

import { signal } from '@preact/signals';
import { UNDONE_SHOWN_MS } from '../areas/alarms.ts';
import { clockNow } from '../areas/clock.ts';
import { brief } from '../elements/characters.ts';
import { minutesAndSeconds } from '../elements/duration.ts';
import { Mark } from '../elements/Mark.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { formatTime, languageName, text } from '../i18n/index.ts';
import { spoken } from '../state/desk.ts';
import { silentMicrophones, unheardMicrophones, unheardRoutes } from '../state/silence.ts';
import { meeting, plate, replacements, soundOutSince } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Alarms.css?inline';
import { relayNodes } from './relay.ts';

adopt(styles);

const SECONDS: readonly number[] = [5, 10, 20, 30];
// This page's own choice.
const silentAfter = signal(10);

function alarmLines(): { key: string; words: string }[] {
    const now = meeting.value;
    if (now === null) {
        return [];
    }
    const time = clockNow();
    const unheard = unheardMicrophones(now);
    const missing = unheard.map((one) => ({
        key: `unheard-${one.participant}`,
        words: text(one.silence === 'no_packets' ? 'alarm.no_packets' : 'alarm.no_sound', {
            name: nameOf(one.participant),
            time: minutesAndSeconds(time - one.since),
        }),
    }));
    const routes = unheardRoutes(now, time).map((one) => ({
        key: `route-${one.channel}`,
        words: text('alarm.route_silent', {
            channel: languageName(one.channel),
            name: nameOf(one.participant),
            time: minutesAndSeconds(time - one.since),
        }),
    }));
    const feeds = now.feeds
        .filter((feed) => feed.silent_since)
        .map((feed) => ({
            key: `feed-${feed.id}`,
            words: text('alarm.feed_silent', {
                name: feed.id,
                time: minutesAndSeconds(time - (feed.silent_since ?? 0)),
            }),
        }));
    const undone = now.booths
        .flatMap((booth) => booth.desks)
        .filter((desk) => (desk.undone_at ?? 0) > time - UNDONE_SHOWN_MS)
        .map((desk) => ({
            key: `undone-${desk.participant}`,
            words: text('alarm.undone', {
                name: nameOf(desk.participant),
                time: formatTime(desk.undone_at ?? 0),
            }),
        }));
    const silent = silentMicrophones(now, time, silentAfter.value)
        .filter((one) => unheard.every((other) => other.participant !== one.participant))
        .map((one) => ({
            key: `silent-${one.participant}`,
            words: text('alarm.silent', { name: nameOf(one.participant), seconds: one.seconds }),
        }));
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
    const out =
        soundOutSince.value === 0
            ? []
            : [
                  {
                      key: 'sound-out',
                      words: text('alarm.sound_out', { time: formatTime(soundOutSince.value) }),
                  },
              ];
    return [...out, ...both, ...missing, ...routes, ...feeds, ...undone, ...unserved, ...silent, ...relay];
}

function nameOf(id: string): string {
    const shown = plate(id);
    return shown === null ? id : brief(plateWords(shown).heading);
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
            <Replacements />
        </section>
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
