// Who is here, for everybody: the podium, the delegations, and who serves the meeting. Whoever only listens is of the audience and is not named.

import '../elements/room_icons.ts';
import { can } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { PlateView } from '../elements/Plate.tsx';
import { formatNumber, type MessageKey, text } from '../i18n/index.ts';
import { meeting, type Plate } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { platesWith } from './present.ts';
import styles from './WhoIsHere.css?inline';
import { hereOpen } from './who_is_here.ts';

adopt(styles);

type Group = 'podium' | 'delegations' | 'others';
const GROUPS: readonly { name: Group; title: MessageKey }[] = [
    { name: 'podium', title: 'here.podium' },
    { name: 'delegations', title: 'here.delegations' },
    { name: 'others', title: 'here.others' },
];

function groupOf({ participant, delegation }: Plate): Group {
    if (can(participant.capacity, 'sits_on_podium')) {
        return 'podium';
    }
    return delegation === null ? 'others' : 'delegations';
}

/** How many delegations and people are in the room. */
export function PresentCount() {
    const participants = meeting.value?.participants ?? [];
    const present = participants.filter((one) => one.presence === 'present');
    const delegations = new Set(present.map((one) => one.delegation ?? '').filter((id) => id !== ''));
    return (
        <span class="present-count">
            <Icon name="people" />
            <span>
                {text('chair.present', {
                    delegations: delegations.size,
                    delegations_text: formatNumber(delegations.size),
                    people: present.length,
                })}
            </span>
        </span>
    );
}

/** How many are here, and the list of them by a press. */
export function HereKey() {
    return (
        <button
            type="button"
            class="button here-key"
            aria-haspopup="dialog"
            onClick={() => {
                hereOpen.value = true;
            }}
        >
            <PresentCount />
            <span class="small muted">{text('here.title')}</span>
        </button>
    );
}

/** Nothing while it is closed. */
export function WhoIsHere() {
    if (!hereOpen.value) {
        return null;
    }
    const present = platesWith(['present']);
    return (
        <Dialog
            title={text('here.title')}
            onClose={() => {
                hereOpen.value = false;
            }}
        >
            <PresentCount />
            {GROUPS.map(({ name, title }) => {
                const people = present.filter((one) => groupOf(one) === name);
                return (
                    people.length > 0 && (
                        <section key={name} aria-labelledby={`here-${name}`} class="here-group">
                            <h3 id={`here-${name}`}>{text(title)}</h3>
                            <ul class="here-list">
                                {people.map((one) => (
                                    <li key={one.participant.id}>
                                        <PlateView plate={one} size="line" />
                                    </li>
                                ))}
                            </ul>
                        </section>
                    )
                );
            })}
        </Dialog>
    );
}
