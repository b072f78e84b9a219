// The name plate: who this is, the same everywhere. The delegation's name in the reader's language stands first, below it
// the person and the capacity. Inverted for the one who speaks.

import type { ComponentChildren } from 'preact';
import { can, type Delegation, type Office, type Participant } from '../contract/generated.ts';
import { localized, localizedLanguage, type PageLanguage, spokenLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Plate.css?inline';

adopt(styles);

// Whose plate it is; the delegation is null for those who belong to none, the office for those who have none.
interface Plate {
    participant: Participant;
    delegation: Delegation | null;
    office: Office | null;
}

interface PlateProps {
    plate: Plate;
    // hero: the stage; line: lists; tag: over a picture.
    size: 'hero' | 'line' | 'tag';
    speaking?: boolean;
    children?: ComponentChildren;
}

export interface PlateWords {
    heading: string;
    // The language of the heading when it is not the person's own name.
    language: PageLanguage | undefined;
    person: string;
    role: string;
}

// What this person is in the meeting, in the reader's language where the organisation says it in six.
function functionOf({ participant, office }: Plate): string {
    return office === null ? (participant.title ?? '') : localized(office.name);
}

// The chair's plate says "Chair" as the one on the podium does; others without a delegation are named themselves.
export function plateWords(plate: Plate): PlateWords {
    const { participant, delegation } = plate;
    const capacity = text(`capacity.${participant.capacity}`);
    if (can(participant.capacity, 'presides')) {
        return {
            heading: capacity,
            language: spokenLanguage(),
            person: participant.name,
            role: delegation === null ? functionOf(plate) : localized(delegation.name),
        };
    }
    if (delegation !== null) {
        const speaksForIt =
            can(participant.capacity, 'speaks') && !can(participant.capacity, 'sits_on_podium');
        return {
            heading: localized(delegation.name),
            language: localizedLanguage(delegation.name),
            person: participant.name,
            role: functionOf(plate) || (speaksForIt ? '' : capacity),
        };
    }
    const booth = can(participant.capacity, 'has_desk') && participant.language !== 'none';
    return {
        heading: participant.name,
        language: undefined,
        person: '',
        role: booth
            ? text('capacity.interpreter_booth', {
                  language: text(`language.${participant.language as PageLanguage}`),
              })
            : functionOf(plate) || capacity,
    };
}

export function PlateView({ plate, size, speaking = false, children }: PlateProps) {
    const words = plateWords(plate);
    return (
        <div class={`plate plate-${size}${speaking ? ' plate-speaking' : ''}`}>
            <div
                class="plate-names"
                title={[words.heading, words.person, words.role].filter(Boolean).join(' · ')}
            >
                <p class="plate-heading" lang={words.language} dir="auto">
                    {words.heading}
                </p>
                {(words.person !== '' || words.role !== '') && (
                    <p class="plate-person">
                        {words.person !== '' && <bdi dir="auto">{words.person}</bdi>}
                        {words.person !== '' && words.role !== '' && <span aria-hidden="true"> · </span>}
                        {words.role !== '' && (
                            <bdi class="plate-role" dir="auto">
                                {words.role}
                            </bdi>
                        )}
                    </p>
                )}
            </div>
            {children}
        </div>
    );
}

// The short mark of a plate where there is no picture: the delegation's code, else the person's initials.
export function plateMark(plate: Plate): string {
    if (plate.delegation !== null && !can(plate.participant.capacity, 'presides')) {
        return plate.delegation.code;
    }
    const words = plate.participant.name.split(/\s+/);
    const first = [...(words[0] ?? '')][0] ?? '';
    const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
    return (first + last).toLocaleUpperCase();
}
