// Who has the floor, with the timer and the end; the next three; taking the floor as the chair.

import { signal } from '@preact/signals';
import { HoldKey } from '../elements/HoldKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { OnAir } from '../elements/Mark.tsx';
import { PlateView, plateWords } from '../elements/Plate.tsx';
import { SteadyKey } from '../elements/SteadyKey.tsx';
import { gate, settledSince, useHeld } from '../elements/steady.ts';
import { Timer } from '../elements/Timer.tsx';
import type { Words } from '../elements/words.ts';
import { text } from '../i18n/index.ts';
import { whenReady } from '../live/press.ts';
import {
    feeds,
    floorMicrophone,
    floorPlates,
    iCan,
    iHaveTheFloor,
    may,
    me,
    type Plate,
    type RequestPlate,
    requestPlates,
} from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import { clockNow } from './clock.ts';
import { microphoneReady } from './device_words.ts';
import styles from './FloorControls.css?inline';
import { nobodyHasFloor } from './nobody.ts';
import { feedSilenceWords, floorSilenceWords } from './room_words.ts';

adopt(styles);

// Minutes an intervention may last; the chair's own aid, kept in this page alone. 0 is no limit.
const MINUTES: readonly number[] = [0, 2, 3, 5, 10];
const allowedMinutes = signal(3);

// The keys that give the floor and end it: once one of them has acted, others stand in their places.
export const floorKeys = gate();

export function FloorPanel() {
    const { shown, hold } = useHeld({ open: floorPlates.value, next: requestPlates.value[0] });
    const { open, next } = shown;
    return (
        <section class="card floor-panel" aria-labelledby="floor-heading" {...hold}>
            <header class="section-head">
                <h2 id="floor-heading">{text('floor.title')}</h2>
                <label class="inline-field">
                    <span>{text('timer.allowed')}</span>
                    <select
                        class="select select-small"
                        value={allowedMinutes.value}
                        onChange={(event) => {
                            allowedMinutes.value = Number(event.currentTarget.value);
                        }}
                    >
                        {MINUTES.map((minutes) => (
                            <option key={minutes} value={minutes}>
                                {minutes === 0 ? text('timer.no_limit') : text('timer.minutes', { minutes })}
                            </option>
                        ))}
                    </select>
                </label>
            </header>
            {open.length === 0 && (
                <div class="plate plate-hero plate-empty">
                    <div class="plate-names">
                        <p class="plate-heading">{nobodyHasFloor()}</p>
                        <p class="plate-person">{nextWords()}</p>
                    </div>
                </div>
            )}
            {feeds.value.map((one) => (
                <SilenceLine key={one.id} words={feedSilenceWords(one, clockNow())} />
            ))}
            {open.map((one) => (
                <div class="floor-line" key={one.participant.id}>
                    <FloorSilence participant={one.participant.id} />
                    <PlateView plate={one} size="hero" speaking>
                        <div class="plate-side">
                            <OnAir>
                                {text(
                                    one.participant.id === me.value?.id ? 'stage.you_speak' : 'stage.speaks',
                                )}
                            </OnAir>
                            <Timer
                                now={clockNow}
                                openedAt={one.openedAt}
                                allowedMs={
                                    allowedMinutes.value === 0 ? undefined : allowedMinutes.value * 60_000
                                }
                                large
                            />
                        </div>
                    </PlateView>
                </div>
            ))}
            <GiveNext next={next} />
            <div class="floor-keys">
                <GiveEnding next={next} open={open} />
                {may('floor.end') &&
                    open
                        .filter((one) => one.participant.id !== me.value?.id)
                        .map((one) => <EndKey key={one.participant.id} plate={one} />)}
                <TakeFloor />
                {may('floor.end_all') && (
                    <HoldKey
                        class="button-large"
                        disabled={open.length === 0}
                        onHeld={() => void act('floor.end_all', {})}
                        question={{
                            title: text('floor.end_all'),
                            detail: text('floor.end_all_detail'),
                            confirm: text('floor.end_all'),
                        }}
                    >
                        <Icon name="microphone_off" size={24} />
                        <span>{text('floor.end_all')}</span>
                    </HoldKey>
                )}
            </div>
        </section>
    );
}

// A microphone that is open and not heard, as large as who speaks: the room waits for somebody whom nobody hears.
function FloorSilence({ participant }: { participant: string }) {
    return <SilenceLine words={floorSilenceWords(floorMicrophone(participant), clockNow())} />;
}

function SilenceLine({ words }: { words: Words | null }) {
    return words === null ? null : (
        <p class="floor-silence">
            <Icon name="warning" size={24} />
            <span>{text(words.key, words.values)}</span>
        </p>
    );
}

function EndKey({ plate }: { plate: Plate }) {
    return (
        <SteadyKey
            class="button button-large end-key"
            means={plate.participant.id}
            gate={floorKeys}
            onPress={() => void act('floor.end', { participant: plate.participant.id })}
        >
            <Icon name="hand_down" size={24} />
            <span>{text('floor.end_of', { name: plateWords(plate).heading })}</span>
        </SteadyKey>
    );
}

function nextWords(): string {
    const next = requestPlates.value[0];
    return next === undefined
        ? text('stage.no_next')
        : text('stage.next', { name: plateWords(next).heading });
}

// The chair gives the floor and closes the own microphone in one moment: that key stands by itself.
const ownKey = gate();

// The chair's own microphone.
function TakeFloor() {
    if (!iCan('presides')) {
        return null;
    }
    const mine = iHaveTheFloor.value;
    return (
        <SteadyKey
            class={`button button-large floor-take${mine ? ' is-on-air' : ''}`}
            means={mine ? 'yield' : 'take'}
            gate={ownKey}
            onPress={toggleOwnMicrophone}
        >
            <Icon name={mine ? 'microphone' : 'microphone_off'} size={24} />
            <span>{text(mine ? 'floor.yield' : 'floor.take')}</span>
        </SteadyKey>
    );
}

export function toggleOwnMicrophone(): void {
    if (iHaveTheFloor.value) {
        void act('floor.yield', {});
    } else {
        whenReady(microphoneReady, () => void act('floor.take', {}));
    }
}

// The next, for those who press a letter instead of the key: who has just come to be the next is not meant.
const head = settledSince(() => requestPlates.value[0]?.request.id);
const newest = settledSince(() => newestOther()?.participant.id);

export function giveNext(): void {
    const next = requestPlates.value[0];
    if (next !== undefined && may('floor.give') && head() && !floorKeys.deaf()) {
        floorKeys.act();
        give(next);
    }
}

// The newest intervention that is not one's own.
function newestOther(): Plate | undefined {
    return floorPlates.value.findLast((one) => one.participant.id !== me.value?.id);
}

export function endNewest(): void {
    const other = newestOther();
    if (other !== undefined && may('floor.end') && newest() && !floorKeys.deaf()) {
        floorKeys.act();
        void act('floor.end', { participant: other.participant.id });
    }
}

export function give(line: RequestPlate): void {
    void act('floor.give', { request: line.request.id });
}

function GiveNext({ next }: { next: RequestPlate | undefined }) {
    return (
        <SteadyKey
            class="button button-large button-filled"
            disabled={next === undefined || !may('floor.give')}
            means={String(next?.request.id ?? '')}
            gate={floorKeys}
            onPress={() => next !== undefined && give(next)}
        >
            <Icon name="microphone" size={24} />
            <span>
                {next === undefined
                    ? text('floor.give')
                    : text('floor.give_to', { name: plateWords(next).heading })}
            </span>
        </SteadyKey>
    );
}

// "Thank you; the floor is now with the next": one press, of who speaks alone.
function GiveEnding({ next, open }: { next: RequestPlate | undefined; open: readonly Plate[] }) {
    const others = open.filter((one) => one.participant.id !== me.value?.id);
    const ending = others[0];
    if (next === undefined || ending === undefined || others.length > 1 || !may('floor.give')) {
        return null;
    }
    return (
        <SteadyKey
            class="button button-large"
            means={`${next.request.id} ${ending.participant.id}`}
            gate={floorKeys}
            onPress={() =>
                void act('floor.give', { request: next.request.id, ending: ending.participant.id })
            }
        >
            <Icon name="microphone" size={24} />
            <span>
                {text('floor.give_ending', {
                    name: plateWords(next).heading,
                    other: plateWords(ending).heading,
                })}
            </span>
        </SteadyKey>
    );
}

export function NextThree() {
    const next = requestPlates.value.slice(0, 3);
    return (
        <section class="next-three" aria-labelledby="next-heading">
            <h2 id="next-heading">{text('list.next_three')}</h2>
            {next.length === 0 ? (
                <p class="empty">{text('stage.no_next')}</p>
            ) : (
                <ol>
                    {next.map((line) => (
                        <li key={line.request.id}>
                            <span class="speaker-place" aria-hidden="true">
                                {line.place}
                            </span>
                            <PlateView plate={line} size="line" />
                        </li>
                    ))}
                </ol>
            )}
        </section>
    );
}
