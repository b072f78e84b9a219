// Who has the floor, and the keys that give it, take it and end it, each in a place that nothing moves.

import { HoldKey } from '../elements/HoldKey.tsx';
import { KeyFace } from '../elements/KeyFace.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { SteadyKey } from '../elements/SteadyKey.tsx';
import { gate, useHeld } from '../elements/steady.ts';
import { type MessageKey, text } from '../i18n/index.ts';
import {
    floorPlates,
    iCan,
    iHaveTheFloor,
    may,
    type Plate,
    type RequestPlate,
    requestPlates,
} from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './FloorControls.css?inline';
import { FloorPlaces } from './FloorPlaces.tsx';
import {
    floorKeys,
    give,
    giveUnable,
    newestOther,
    others,
    places,
    toggleOwnMicrophone,
} from './floor_keys.ts';
import { floorShut } from './floor_shut.ts';
import { TimeAllowed } from './TimeAllowed.tsx';

adopt(styles);

export function FloorPanel() {
    const { shown, hold } = useHeld({ open: floorPlates.value, next: requestPlates.value[0] });
    const { open, next } = shown;
    return (
        <section class="card floor-panel" aria-labelledby="floor-heading" {...hold}>
            <header class="section-head">
                <h2 id="floor-heading">{text('floor.title')}</h2>
                <TimeAllowed />
            </header>
            <FloorPlaces
                open={open}
                count={places()}
                newest={may('floor.end') ? newestOther(open)?.participant.id : undefined}
            />
            <div class="floor-keys">
                <GiveNext next={next} />
                <GiveEnding next={next} open={open} />
                <TakeFloor />
                <EndAll open={open} />
            </div>
        </section>
    );
}

function why(unable: MessageKey | null): string | undefined {
    return unable === null ? undefined : text(unable);
}

function GiveNext({ next }: { next: RequestPlate | undefined }) {
    const unable = giveUnable(next);
    return (
        <SteadyKey
            class="button button-filled"
            unable={unable !== null}
            means={String(next?.request.id ?? '')}
            gate={floorKeys}
            onPress={() => next !== undefined && give(next)}
        >
            <KeyFace
                icon="microphone"
                words={
                    next === undefined
                        ? text('floor.give')
                        : text('floor.give_to', { name: plateWords(next).heading })
                }
                legend="G"
                unable={why(unable)}
            />
        </SteadyKey>
    );
}

// "Thank you; the floor is now with the next": one press, of who speaks alone.
function GiveEnding({ next, open }: { next: RequestPlate | undefined; open: readonly Plate[] }) {
    const speaking = others(open);
    const ending = speaking[0];
    const unable = endingUnable(next, speaking);
    return (
        <SteadyKey
            class="button"
            unable={unable !== null}
            means={`${next?.request.id ?? ''} ${ending?.participant.id ?? ''}`.trim()}
            gate={floorKeys}
            onPress={() =>
                next !== undefined &&
                ending !== undefined &&
                void act('floor.give', { request: next.request.id, ending: ending.participant.id })
            }
        >
            <KeyFace
                icon="microphone"
                words={
                    next === undefined || ending === undefined
                        ? text('floor.give_ending_any')
                        : text('floor.give_ending', {
                              name: plateWords(next).heading,
                              other: plateWords(ending).heading,
                          })
                }
                unable={why(unable)}
            />
        </SteadyKey>
    );
}

function endingUnable(next: RequestPlate | undefined, speaking: readonly Plate[]): MessageKey | null {
    const ending = speaking[0];
    if (ending === undefined) {
        return 'floor.unable_none_speaks';
    }
    return speaking.length > 1 ? 'floor.unable_two_speak' : giveUnable(next, ending);
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
            class={`button floor-take${mine && !floorShut.value ? ' is-on-air' : ''}`}
            means={mine ? 'yield' : 'take'}
            gate={ownKey}
            onPress={toggleOwnMicrophone}
        >
            <KeyFace
                icon={mine ? 'microphone_off' : 'microphone'}
                words={text(mine ? 'floor.yield' : 'floor.take')}
                legend="M"
            />
        </SteadyKey>
    );
}

function EndAll({ open }: { open: readonly Plate[] }) {
    if (!may('floor.end_all')) {
        return null;
    }
    return (
        <HoldKey
            class="floor-end-all"
            unable={open.length === 0 ? text('floor.unable_none_open') : undefined}
            onHeld={() => void act('floor.end_all', {})}
            question={{
                title: text('floor.end_all'),
                detail: text('floor.end_all_detail'),
                confirm: text('floor.end_all'),
            }}
        >
            <span>{text('floor.end_all')}</span>
        </HoldKey>
    );
}
