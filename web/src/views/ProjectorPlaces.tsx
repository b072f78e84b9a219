// Two places of one size: nobody who speaks is made smaller by a second, and no plate moves for another. Where nobody speaks stands who is next.

import { clockNow } from '../areas/clock.ts';
import { leftOf, minutesAndSeconds } from '../elements/duration.ts';
import { Icon } from '../elements/Icon.tsx';
import { OnAir } from '../elements/Mark.tsx';
import { plateWords } from '../elements/Plate.tsx';
import { timerTone } from '../elements/words.ts';
import { text } from '../i18n/index.ts';
import { allowedMsOf } from '../state/speaking_times.ts';
import { type FloorPlate, type Plate, placedPlates, requestPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './ProjectorPlaces.css?inline';
import { Both } from './ProjectorWords.tsx';
import { inFirst } from './projector_languages.ts';
import { roomOf } from './projector_room.ts';

adopt(styles);

const FOLLOWING_MAX = 6;

function Names({ plate }: { plate: Plate }) {
    const { heading, person, role } = inFirst(() => plateWords(plate));
    return (
        <div class={`projector-names projector-names-${roomOf(heading)}`}>
            <p class="projector-name">
                <Both say={() => plateWords(plate).heading} />
            </p>
            {(person !== '' || role !== '') && (
                <p class="projector-person">
                    {person !== '' && <bdi dir="auto">{person}</bdi>}
                    {person !== '' && role !== '' && <span aria-hidden="true"> · </span>}
                    {role !== '' && <bdi dir="auto">{role}</bdi>}
                </p>
            )}
        </div>
    );
}

// The large number is what is left, or what was used where there is no limit.
function Time({ plate }: { plate: FloorPlate }) {
    const used = Math.max(0, clockNow() - plate.openedAt);
    const allowed = allowedMsOf(plate);
    return (
        <div class="projector-time">
            {allowed !== undefined && <TimeLeft used={used} allowed={allowed} />}
            <p class={allowed === undefined ? 'projector-digits' : ''}>
                <bdi dir="ltr">
                    {/* The time is no live region: it would speak each second. */}
                    <span role="timer" aria-live="off" aria-label={inFirst(() => text('wall.time_used'))}>
                        {minutesAndSeconds(used)}
                    </span>
                    {allowed !== undefined && ` / ${minutesAndSeconds(allowed)}`}
                </bdi>
            </p>
            {allowed === undefined && <Both say={() => text('wall.time_used')} />}
        </div>
    );
}

// Its form and its words change with it: a plain line, a frame, a filled sign. Never red, which is the open microphone's.
function TimeLeft({ used, allowed }: { used: number; allowed: number }) {
    const tone = timerTone(used, allowed);
    return (
        <p class={`projector-left is-${tone}`}>
            <bdi class="projector-digits" dir="ltr">
                {minutesAndSeconds(leftOf(allowed, used))}
            </bdi>
            <span class="projector-tone">
                {tone !== 'plain' && <Icon name={tone === 'over' ? 'warning' : 'clock'} />}
                <Both say={() => text(tone === 'plain' ? 'wall.time_left' : `timer.${tone}`)} />
            </span>
        </p>
    );
}

function Speaker({ plate }: { plate: FloorPlate }) {
    return (
        <div class="projector-place">
            <div class="projector-plate projector-speaking">
                <Names plate={plate} />
                <div class="projector-side">
                    <OnAir>
                        <Both say={() => text('stage.speaks')} />
                    </OnAir>
                    <Time plate={plate} />
                </div>
            </div>
        </div>
    );
}

function Nobody() {
    return (
        <div class="projector-place">
            <div class="projector-plate">
                <p class="projector-none">
                    <Both say={() => text('stage.nobody')} />
                </p>
            </div>
        </div>
    );
}

function Next({ next }: { next: Plate | undefined }) {
    return (
        <div class="projector-place">
            <div class="projector-plate projector-next">
                {next === undefined ? (
                    <p class="projector-none">
                        <Both say={() => text('stage.no_next')} />
                    </p>
                ) : (
                    <>
                        <Names plate={next} />
                        <p class="projector-side projector-next-word">
                            <Both say={() => text('wall.next')} />
                        </p>
                    </>
                )}
            </div>
        </div>
    );
}

// In one line, as many as it holds. `first`: the next speaker stands in no place above.
function Following({ plates, first }: { plates: readonly Plate[]; first: boolean }) {
    return (
        <div class="projector-following">
            {plates.length > 0 && (
                <>
                    <p class="projector-following-word">
                        <Both say={() => text(first ? 'wall.next' : 'wall.then')} />
                    </p>
                    <ol class="projector-following-names">
                        {plates.slice(0, FOLLOWING_MAX).map((one) => (
                            <li key={one.participant.id}>
                                <bdi dir="auto">{inFirst(() => plateWords(one).heading)}</bdi>
                            </li>
                        ))}
                    </ol>
                </>
            )}
        </div>
    );
}

export function ProjectorPlaces() {
    const open = placedPlates.value;
    const waiting = requestPlates.value;
    const speakers = [1, 2].map((position) => open.find((one) => one.position === position));
    const both = speakers.every((one) => one !== undefined);
    const place = (index: number) => {
        const plate = speakers[index];
        if (plate !== undefined) {
            return <Speaker key={plate.participant.id} plate={plate} />;
        }
        return open.length === 0 && index === 0 ? (
            <Nobody key="nobody" />
        ) : (
            <Next key="next" next={waiting[0]} />
        );
    };
    return (
        <>
            <div class="projector-places" aria-live="polite">
                {[place(0), place(1)]}
            </div>
            <Following plates={both ? waiting : waiting.slice(1)} first={both} />
        </>
    );
}
