// The places of the floor on a console: always as many as there are microphones, each with its own end, whoever is in them or nobody.

import { Icon } from '../elements/Icon.tsx';
import { OnAir } from '../elements/Mark.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { SteadyKey } from '../elements/SteadyKey.tsx';
import type { Words } from '../elements/words.ts';
import { text } from '../i18n/index.ts';
import { type FloorPlate, feeds, floorMicrophone, may, me } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import { clockNow } from './clock.ts';
import styles from './FloorPlaces.css?inline';
import { floorKeys } from './floor_keys.ts';
import { nobodyHasFloor } from './nobody.ts';
import { feedSilenceWords, floorSilenceWords } from './room_words.ts';
import { SpeakerTimer } from './SpeakerTimer.tsx';

adopt(styles);

interface FloorPlacesProps {
    // As they are to be drawn, which may be as they were.
    open: readonly FloorPlate[];
    count: number;
    // Whose end the letter E is.
    newest: string | undefined;
}

export function FloorPlaces({ open, count, newest }: FloorPlacesProps) {
    return (
        <ol class="floor-places">
            {Array.from({ length: count }, (_, index) => {
                const position = index + 1;
                const plate = open.find((one) => one.position === position);
                return (
                    <li key={position} class="floor-place">
                        <Place position={position} plate={plate} anybody={open.length > 0} />
                        <EndKey plate={plate} newest={newest} />
                    </li>
                );
            })}
        </ol>
    );
}

interface PlaceProps {
    position: number;
    plate: FloorPlate | undefined;
    anybody: boolean;
}

function Place({ position, plate, anybody }: PlaceProps) {
    const feed = feeds.value.find((one) => one.position === position);
    if (plate !== undefined) {
        const words = plateWords(plate);
        return (
            <div class="place place-open">
                <p class="place-heading" lang={words.language} dir="auto">
                    {words.heading}
                </p>
                <div class="place-state">
                    <p class="place-person" dir="auto">
                        {words.person === '' ? words.role : words.person}
                    </p>
                    <Heard plate={plate} />
                </div>
                <SpeakerTimer plate={plate} large />
            </div>
        );
    }
    if (feed !== undefined) {
        return (
            <div class="place place-open">
                <p class="place-heading">
                    <bdi>{feed.id}</bdi>
                </p>
                <p class="place-person">{text('floor.from_outside')}</p>
                <div class="place-state">
                    <Silence words={feedSilenceWords(feed, clockNow())} />
                </div>
            </div>
        );
    }
    return (
        <div class="place place-free">
            <p class="place-heading">{anybody ? text('floor.place_free') : nobodyHasFloor()}</p>
        </div>
    );
}

// That the microphone is open, or in the same place that nobody hears it: the room waits then.
function Heard({ plate }: { plate: FloorPlate }) {
    const words = floorSilenceWords(floorMicrophone(plate.participant.id), clockNow());
    if (words !== null) {
        return <Silence words={words} />;
    }
    return <OnAir>{text(plate.participant.id === me.value?.id ? 'stage.you_speak' : 'stage.speaks')}</OnAir>;
}

function Silence({ words }: { words: Words | null }) {
    if (words === null) {
        return null;
    }
    const said = text(words.key, words.values);
    return (
        <p class="place-silence" title={said}>
            <Icon name="warning" size={18} />
            <span>{said}</span>
        </p>
    );
}

// In every place, also where there is nothing to end.
function EndKey({ plate, newest }: { plate: FloorPlate | undefined; newest: string | undefined }) {
    const mine = plate !== undefined && plate.participant.id === me.value?.id;
    const able = plate !== undefined && (mine || may('floor.end'));
    return (
        <SteadyKey
            class="button place-end"
            means={able ? plate.participant.id : ''}
            gate={floorKeys}
            unable={!able}
            onPress={() =>
                plate !== undefined &&
                void (mine ? act('floor.yield', {}) : act('floor.end', { participant: plate.participant.id }))
            }
        >
            {/* The word is on the key; whose it is, is its place's to the eye. */}
            <span aria-hidden={able}>{text('floor.end_short')}</span>
            {able && <span class="hidden-text">{endWords(plate, mine)}</span>}
            {able && plate.participant.id === newest && (
                <span class="kbd" aria-hidden="true">
                    E
                </span>
            )}
        </SteadyKey>
    );
}

function endWords(plate: FloorPlate, mine: boolean): string {
    return mine ? text('floor.yield') : text('floor.end_of', { name: plateWords(plate).heading });
}
