// People as those who run the meeting see them: arrivals, the room with each connection in words.

import { useState } from 'preact/hooks';
import type { Capacity } from '../contract/generated.ts';
import { type ConnectionHealth, can } from '../contract/generated.ts';
import { Question } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { Mark, OnAir } from '../elements/Mark.tsx';
import { PlateView, plateWords } from '../elements/Plate.tsx';
import { formatNumber, text } from '../i18n/index.ts';
import { health, listeners, may, me, type Plate, soundCheck } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import styles from './People.css?inline';
import { healthTone } from './room_words.ts';

adopt(styles);

interface PeopleProps {
    heading: string;
    title: string;
    people: readonly Plate[];
    empty: string;
    search?: boolean;
    withPresence?: boolean;
}

export function People({ heading, title, people, empty, search = false, withPresence = false }: PeopleProps) {
    const [sought, setSought] = useState('');
    const wanted = sought.trim().toLocaleLowerCase();
    const shown = people.filter((one) => {
        const words = plateWords(one);
        return `${words.heading} ${words.person} ${words.role}`.toLocaleLowerCase().includes(wanted);
    });
    return (
        <section class="card" aria-labelledby={heading}>
            <header class="section-head">
                <h2 id={heading}>{title}</h2>
                <span class="count">{formatNumber(people.length)}</span>
            </header>
            {search && (
                <div class="field field-search">
                    <label class="hidden-text" for={`${heading}-search`}>
                        {text('people.search')}
                    </label>
                    <input
                        id={`${heading}-search`}
                        class="input"
                        type="search"
                        placeholder={text('people.search')}
                        value={sought}
                        onInput={(event) => setSought(event.currentTarget.value)}
                    />
                </div>
            )}
            {shown.length === 0 ? (
                <p class="empty">{people.length === 0 ? empty : text('list.none_found')}</p>
            ) : (
                <ul class="people">
                    {shown.map((one) => (
                        <Person key={one.participant.id} person={one} withPresence={withPresence} />
                    ))}
                </ul>
            )}
        </section>
    );
}

/** Those who only hear, as a number. */
export function Audience() {
    return (
        <section class="card" aria-labelledby="audience-heading">
            <header class="section-head">
                <h2 id="audience-heading">{text('people.audience')}</h2>
                <span class="count">{formatNumber(listeners.value.audience ?? 0)}</span>
            </header>
            <p class="empty">{text('people.audience_detail')}</p>
        </section>
    );
}

function Person({ person, withPresence }: { person: Plate; withPresence: boolean }) {
    const { participant } = person;
    const [asking, setAsking] = useState(false);
    const measured = health.value.get(participant.id);
    const name = plateWords(person).heading;
    return (
        <li class="person">
            <PlateView plate={person} size="line" />
            <div class="person-marks">
                {participant.microphone === 'on' && <OnTheAir capacity={participant.capacity} />}
                {participant.camera && <Mark icon="camera">{text('people.camera')}</Mark>}
                {withPresence && (
                    <Mark
                        icon={participant.presence === 'lost' ? 'warning' : 'silent'}
                        tone={participant.presence === 'lost' ? 'warn' : 'plain'}
                    >
                        {text(`presence.${participant.presence}`)}
                    </Mark>
                )}
                {measured !== undefined && <HealthMark measured={measured} />}
            </div>
            {may('participant.remove') && participant.id !== me.value?.id && (
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label={text('people.remove_of', { name })}
                    onClick={() => setAsking(true)}
                >
                    <Icon name="close" />
                </button>
            )}
            {asking && (
                <Question
                    title={text('people.remove_question', { name })}
                    detail={text('people.remove_detail')}
                    confirm={text('people.remove')}
                    onConfirm={() => void act('participant.remove', { participant: participant.id })}
                    onClose={() => setAsking(false)}
                />
            )}
        </li>
    );
}

export function HealthMark({ measured }: { measured: ConnectionHealth }) {
    if (measured.blocked) {
        return (
            <Mark icon="warning" tone="bad">
                {text('health.blocked')}
            </Mark>
        );
    }
    const tone = healthTone(measured);
    return (
        <Mark icon={tone === 'good' ? 'signal' : 'warning'} tone={tone}>
            {text(`health.${tone}`)}
        </Mark>
    );
}

// An interpreter's open microphone is a sound check while no sitting is open.
function OnTheAir({ capacity }: { capacity: Capacity }) {
    return can(capacity, 'has_desk') && soundCheck.value ? (
        <Mark icon="microphone" tone="warn">
            {text('channel.sound_check')}
        </Mark>
    ) : (
        <OnAir>{text('people.on_air')}</OnAir>
    );
}
