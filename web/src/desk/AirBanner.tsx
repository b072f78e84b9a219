// Whether one is on the air, and beside it, large, how long already and how much of the turn is left.

import { deskAlarms } from '../areas/alarms.ts';
import { clockNow } from '../areas/clock.ts';
import { Mark, OnAir } from '../elements/Mark.tsx';
import { Timer } from '../elements/Timer.tsx';
import { text } from '../i18n/index.ts';
import { deskSilenced } from '../live/desk.ts';
import { deskOpens, type Place, routedAway } from '../state/desk.ts';
import { flow, me, meeting, soundCheck } from '../state/store.ts';
import { iTalk } from '../state/talkback.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './AirBanner.css?inline';
import { microphone, microphoneHere } from './commands.ts';

adopt(styles);

export function AirBanner({ place }: { place: Place | null }) {
    const state = microphoneHere();
    const look = state === 'on' && soundCheck.value ? 'check' : state;
    return (
        <div class={`air air-${look}`}>
            <AirState place={place} />
            <TurnClock minutes={place?.booth.setting.turn_minutes ?? 0} />
        </div>
    );
}

function TurnClock({ minutes }: { minutes: number }) {
    const since = me.value?.microphone_since ?? 0;
    if (microphone() === 'off' || since === 0) {
        return null;
    }
    return (
        <div class="air-clock">
            <span class="hidden-text">{text('desk.turn')}</span>
            <Timer
                now={clockNow}
                openedAt={since}
                allowedMs={minutes > 0 ? minutes * 60_000 : undefined}
                left
                large
            />
        </div>
    );
}

// Red only while one is heard, as far as anyone knows; and never calm while nobody serves the language.
function AirState({ place }: { place: Place | null }) {
    const state = microphone();
    const silenced = deskSilenced.value;
    const opens = deskOpens.value;
    const unheard = state === 'on' && !silenced && place?.desk.silence !== undefined;
    const now = meeting.value;
    const away = state === 'on' && !silenced && now !== null && place !== null && routedAway(now, place);
    const unsure = state === 'on' && !silenced && !unheard && !flow.value.acknowledged;
    const unserved =
        state === 'off' &&
        !opens &&
        now !== null &&
        place !== null &&
        deskAlarms(now, place, clockNow()).some((one) => one.key === 'desk.unserved');
    if (unheard || away || unsure || unserved) {
        const words = unheard
            ? 'desk.on_air_unheard'
            : away
              ? 'desk.on_air_by_hand'
              : unsure
                ? 'connection.not_acknowledged'
                : 'strip.unserved';
        return (
            <div class="desk-air desk-air-alarm">
                <Mark icon="warning" tone="warn">
                    {text(words)}
                </Mark>
            </div>
        );
    }
    return (
        <div class="desk-air">
            {state === 'on' && !silenced && !soundCheck.value && (
                <OnAir class="desk-on-air">{text('desk.on_air')}</OnAir>
            )}
            {state === 'on' && !silenced && soundCheck.value && (
                <Mark icon="microphone" tone="warn">
                    {text('channel.sound_check')}
                </Mark>
            )}
            {state === 'cough' && (
                <Mark icon="microphone_off">{text(iTalk.value ? 'talk.muted_now' : 'desk.cough')}</Mark>
            )}
            {state === 'on' && silenced && <Mark icon="microphone_off">{text('desk.silenced_here')}</Mark>}
            {state === 'off' && opens && <Mark icon="microphone">{text('desk.opening')}</Mark>}
            {state === 'off' && !opens && <Mark icon="silent">{text('desk.off_air')}</Mark>}
        </div>
    );
}
