// Badges on A4, 85 × 54 mm each, two beside each other. The code on one is the person's link, for those whose link was made in this window:
// the server shows a link once and cannot show it again.

import { useEffect, useState } from 'preact/hooks';
import type { Delegation, Person, Plan } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { localized, localizedLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { everybody, listDelegations } from './api.ts';
import styles from './Badges.css?inline';
import { planPath } from './Desk.tsx';
import { daysWords } from './days.ts';
import { linksOf } from './links.ts';
import { useLoaded } from './loaded.ts';
import type { MeetingProps } from './MeetingPages.tsx';
import { ChoiceField, Coming, Link, Pager, type Trail } from './Parts.tsx';
import { capacityWords } from './People.tsx';
import { type Drawing, loadDrawing } from './square_code.ts';

adopt(styles);

type Whose = 'linked' | 'everybody';

// Of a printing press and of a browser: so many sheets at once.
const PAGE = 200;

export function Badges({ plan }: MeetingProps) {
    const links = linksOf(plan.id);
    const [whose, setWhose] = useState<Whose>(links.size > 0 ? 'linked' : 'everybody');
    const [trail, setTrail] = useState<Trail>([]);
    const people = useLoaded(() => everybody(plan.id), `${plan.id}/${plan.people ?? 0}`);
    const delegations = useLoaded(() => listDelegations(plan.id), plan.id);
    const draw = useDrawing(links.size > 0);
    const wanted = (people.value ?? []).filter((one) => whose === 'everybody' || links.has(one.id));
    const from = trail.length * PAGE;
    const shown = wanted.slice(from, from + PAGE);
    const coming = links.size > 0 && draw === null;
    return (
        <section class="badges-page" aria-label={text('house.badges')}>
            <div class="badges-tools">
                <p>{text(links.size > 0 ? 'house.badges_kept' : 'house.badges_none')}</p>
                {links.size === 0 && (
                    <p>
                        <Link to={planPath(plan.id, 'people')}>{text('house.people')}</Link>
                    </p>
                )}
                <div class="badges-keys">
                    <ChoiceField<Whose>
                        label={text('house.badges_whose')}
                        value={whose}
                        options={[
                            { value: 'linked', words: text('house.badges_linked', { count: links.size }) },
                            { value: 'everybody', words: text('house.badges_everybody') },
                        ]}
                        onChange={(value) => {
                            setTrail([]);
                            setWhose(value);
                        }}
                    />
                    <button
                        type="button"
                        class="button button-filled"
                        aria-disabled={shown.length === 0 || coming}
                        onClick={() => shown.length > 0 && !coming && print()}
                    >
                        <Icon name="print" />
                        <span>{text('house.print_badges', { count: shown.length })}</span>
                    </button>
                </div>
                <Pager
                    trail={trail}
                    next={from + PAGE < wanted.length ? String(from + PAGE) : undefined}
                    onGo={setTrail}
                    words={text('house.shown_of', {
                        from: from + 1,
                        to: from + shown.length,
                        total: wanted.length,
                    })}
                />
                <Coming {...people} />
                {people.value !== null && shown.length === 0 && (
                    <p class="muted">{text('house.no_badges')}</p>
                )}
            </div>
            <ul class="badges">
                {shown.map((person) => (
                    <li key={person.id}>
                        <Badge
                            plan={plan}
                            person={person}
                            delegation={delegations.value?.delegations.find(
                                (one) => one.id === person.delegation,
                            )}
                            draw={draw}
                        />
                    </li>
                ))}
            </ul>
        </section>
    );
}

// The library comes for those alone who have codes to draw.
function useDrawing(wanted: boolean): Drawing | null {
    const [draw, setDraw] = useState<Drawing | null>(null);
    useEffect(() => {
        if (wanted) {
            loadDrawing().then(
                (drawing) => setDraw(() => drawing),
                () => {},
            );
        }
    }, [wanted]);
    return draw;
}

interface BadgeProps {
    plan: Plan;
    person: Person;
    delegation: Delegation | undefined;
    draw: Drawing | null;
}

function Badge({ plan, person, delegation, draw }: BadgeProps) {
    const link = linksOf(plan.id).get(person.id);
    const code = link === undefined || draw === null ? null : draw(link.address);
    const what = person.title ?? capacityWords(person);
    return (
        <article class="badge">
            <p class="badge-meeting" lang={localizedLanguage(plan.title)}>
                {localized(plan.title)}
            </p>
            <div class="badge-who">
                <p class="badge-name">
                    <bdi>{person.name}</bdi>
                </p>
                <p class="badge-what">
                    <bdi>{what}</bdi>
                </p>
                {delegation !== undefined && (
                    <p class="badge-delegation" lang={localizedLanguage(delegation.name)}>
                        {localized(delegation.name)}
                    </p>
                )}
            </div>
            {code !== null && (
                <svg
                    class="badge-code"
                    viewBox={`0 0 ${code.size} ${code.size}`}
                    role="img"
                    aria-label={text('house.code_of', { name: person.name })}
                    shape-rendering="crispEdges"
                >
                    <path d={code.path} />
                </svg>
            )}
            <p class="badge-days">{daysWords(plan)}</p>
        </article>
    );
}
