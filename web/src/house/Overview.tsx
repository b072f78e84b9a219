// A meeting at one look: what it lacks, who interprets, how it is opened, and what it is. Its end and its delay are here as well.

import { useEffect, useId, useState } from 'preact/hooks';
import type { Capacity, MeetingLife, Person, Plan } from '../contract/generated.ts';
import { Question } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { languageName, localized, type MessageKey, pageLanguage, text } from '../i18n/index.ts';
import { openMeeting } from '../live/actions.ts';
import { renewSeats } from '../live/seats.ts';
import { seats } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { addPerson, changePlan, everybody, latestPlans, listBodies, readPlan } from './api.ts';
import { copied } from './copied.ts';
import { Lacks } from './Desk.tsx';
import { lacksOf, missingCapacities, type Team, teamsOf } from './due.ts';
import { useLoaded } from './loaded.ts';
import { MailKey } from './MailKey.tsx';
import type { MeetingProps } from './MeetingPages.tsx';
import styles from './Overview.css?inline';
import { own } from './own.ts';
import { Coming, ProblemLine, SavingLine, StateMark } from './Parts.tsx';
import { PlanForm } from './PlanForm.tsx';
import { faultOf, fieldsOf, type PlanFields, wishOf } from './plan_wish.ts';
import { assertUnchanged, useSaving } from './saving.ts';
import { go, leaveFor, useUnsaved } from './unsaved.ts';

adopt(styles);

export function Overview({ plan, again }: MeetingProps) {
    const people = useLoaded(() => everybody(plan.id), `${plan.id}/${plan.people ?? 0}`);
    return (
        <div class="overview">
            <div class="overview-side">
                <Missing plan={plan} people={people.value} />
                <Room plan={plan} again={again} />
                <Teams plan={plan} people={people.value ?? []} />
                <ProblemLine problem={people.problem} onAgain={() => void people.again()} />
            </div>
            <div class="overview-main">
                <Facts plan={plan} again={again} />
                <Life plan={plan} again={again} />
            </div>
        </div>
    );
}

function Missing({ plan, people }: { plan: Plan; people: readonly Person[] | null }) {
    const others = useLoaded(latestPlans, 'latest');
    const lacks = lacksOf(plan, others.value ?? []);
    const capacities = people === null || people.length === 0 ? [] : missingCapacities(plan, people);
    return (
        <section class="card" aria-labelledby="missing">
            <h2 id="missing">{text('house.missing')}</h2>
            {(lacks.length > 0 || capacities.length === 0) && <Lacks plan={plan} lacks={lacks} />}
            {capacities.length > 0 && (
                <ul class="overview-lacks">
                    {capacities.map((one) => (
                        <li key={one}>
                            <StateMark
                                tone="warn"
                                words={text('house.lack_capacity', { capacity: text(`capacity.${one}`) })}
                            />
                        </li>
                    ))}
                </ul>
            )}
        </section>
    );
}

const TEAM_WORDS: Readonly<Record<Team['state'], MessageKey>> = {
    none: 'house.team_none',
    alone: 'house.team_alone',
    team: 'house.team_of',
};

// A meeting of no body that has no interpreter needs none.
function Teams({ plan, people }: { plan: Plan; people: readonly Person[] }) {
    const teams = teamsOf(people);
    const needed = plan.body !== undefined || teams.some((one) => one.state !== 'none');
    return (
        <section class="card" aria-labelledby="teams">
            <h2 id="teams">{text('house.booths')}</h2>
            {!needed && <p class="muted">{text('house.no_booths')}</p>}
            {needed && (
                <ul class="overview-teams">
                    {teams.map((team) => (
                        <li key={team.language}>
                            <strong>{languageName(team.language)}</strong>
                            <span class="overview-team">
                                {team.people.map((one) => (
                                    <bdi key={one.id}>{one.name}</bdi>
                                ))}
                            </span>
                            <StateMark
                                tone={team.state === 'team' ? 'good' : 'warn'}
                                words={text(TEAM_WORDS[team.state], { count: team.people.length })}
                            />
                        </li>
                    ))}
                </ul>
            )}
            <p class="muted small">{text('house.teams_hint')}</p>
        </section>
    );
}

const SECRETARY: Capacity = 'secretary';

// The room is opened as the person that one's account is in it.
function Room({ plan, again }: MeetingProps) {
    const saving = useSaving();
    const seat = seats.value.find((one) => one.meeting === plan.id);
    const mine = own.value;
    const join = () =>
        saving.run(async () => {
            if (mine !== null && mine !== 'nobody') {
                await addPerson(plan.id, {
                    name: mine.name,
                    capacity: SECRETARY,
                    account: mine.account,
                });
                renewSeats();
                await again();
            }
        });
    return (
        <section class="card" aria-labelledby="room">
            <h2 id="room">{text('house.room')}</h2>
            {seat === undefined ? (
                <>
                    <p>{text('house.not_in_it')}</p>
                    <button
                        type="button"
                        class="button overview-key"
                        aria-disabled={saving.busy}
                        onClick={() => void join()}
                    >
                        <Icon name="person" />
                        <span>{text('house.join_as_secretary')}</span>
                    </button>
                </>
            ) : (
                <>
                    <p>{text('house.in_it_as', { capacity: text(`capacity.${seat.capacity}`) })}</p>
                    <button
                        type="button"
                        class="button button-filled button-large overview-key"
                        onClick={() => leaveFor(() => openMeeting(plan.id))}
                    >
                        <Icon name="door" />
                        <span>{text('house.open_room')}</span>
                    </button>
                </>
            )}
            <SavingLine saving={saving} />
        </section>
    );
}

function Facts({ plan, again }: MeetingProps) {
    const start = fieldsOf(plan, pageLanguage.value);
    const [began, setBegan] = useState(plan);
    const [fields, setFields] = useState<PlanFields>(start);
    const [said, setSaid] = useState('');
    const bodies = useLoaded(listBodies, 'bodies');
    const saving = useSaving();
    const id = useId();
    const dirty =
        JSON.stringify(wishOf(fields)) !== JSON.stringify(wishOf(fieldsOf(began, pageLanguage.value)));
    useUnsaved(id, dirty);
    // Read again, and nothing written here: what is there now stands in the form.
    useEffect(() => {
        if (!dirty) {
            setBegan(plan);
            setFields(start);
        }
    }, [plan]);
    const save = async (force: boolean) => {
        const fault = faultOf(fields);
        setSaid(fault === null ? '' : text(`house.fault_${fault}`));
        if (fault !== null || saving.busy) {
            return;
        }
        const saved = await saving.run(async () => {
            if (!force) {
                const now = await readPlan(plan.id);
                assertUnchanged(wishOf(fieldsOf(began, 'en')), wishOf(fieldsOf(now, 'en')));
            }
            const after = await changePlan(plan.id, wishOf(fields, plan.life));
            setBegan(after);
            setFields(fieldsOf(after, pageLanguage.value));
        });
        if (saved) {
            await again();
        }
    };
    return (
        <section class="card" aria-labelledby="facts">
            <h2 id="facts">{text('house.facts')}</h2>
            <form
                class="overview-form"
                noValidate
                aria-busy={saving.busy}
                onSubmit={(event) => {
                    event.preventDefault();
                    void save(false);
                }}
            >
                <PlanForm
                    key={began.changed_at ?? 0}
                    fields={fields}
                    change={(part) => setFields((before) => ({ ...before, ...part }))}
                    bodies={bodies.value?.bodies ?? []}
                    making={false}
                />
                <p class="muted small">
                    {text('house.microphones', { count: plan.floor_microphones_max ?? 2 })}
                    {plan.rehearsal === true && ` · ${text('house.rehearsal')}`}
                </p>
                <SavingLine saving={saving} onForce={() => void save(true)} />
                <p role="alert" class="house-told">
                    {said !== '' && <span class="form-problem">{said}</span>}
                </p>
                <div class="overview-keys">
                    <span role="status" class="muted">
                        {text(dirty ? 'house.not_saved' : 'house.saved')}
                    </span>
                    <button type="submit" class="button button-filled" aria-disabled={!dirty || saving.busy}>
                        {text(saving.busy ? 'house.saving' : 'house.save')}
                    </button>
                </div>
            </form>
            <Coming value={bodies.value} problem={bodies.problem} again={bodies.again} />
        </section>
    );
}

// What a meeting may become, and from where. Each asks, and none happens before a room: whoever sits in one ends it there.
const NEXT = {
    postponed: ['planned'],
    cancelled: ['planned', 'postponed'],
    closed: ['open'],
    open: ['closed'],
    archived: ['closed', 'cancelled'],
    planned: ['postponed', 'cancelled'],
} as const satisfies Partial<Record<MeetingLife, readonly MeetingLife[]>>;

type Next = keyof typeof NEXT;

function nextOf(life: MeetingLife): Next[] {
    return (Object.keys(NEXT) as Next[]).filter((one) =>
        NEXT[one].some((before: MeetingLife) => before === life),
    );
}

function Life({ plan, again }: MeetingProps) {
    const [asking, setAsking] = useState<Next | null>(null);
    const saving = useSaving();
    const live = (life: MeetingLife) =>
        void saving.run(async () => {
            await changePlan(plan.id, wishOf(fieldsOf(await readPlan(plan.id), 'en'), life));
            await again();
        });
    return (
        <section class="card" aria-labelledby="life">
            <h2 id="life">{text('house.life')}</h2>
            <p>{text(`house.life_${plan.life}_detail`)}</p>
            <div class="overview-life">
                <button
                    type="button"
                    class="button"
                    onClick={() => {
                        copied.value = plan;
                        go('/house/new');
                    }}
                >
                    <Icon name="copy" />
                    <span>{text('house.copy')}</span>
                </button>
                {nextOf(plan.life).map((one) => (
                    <button key={one} type="button" class="button" onClick={() => setAsking(one)}>
                        {text(`house.make_${one}`)}
                    </button>
                ))}
            </div>
            <MailKey plan={plan} wish={{ kind: 'plan' }} label={text('house.mail_plan')} changed={again} />
            <SavingLine saving={saving} />
            {asking !== null && (
                <Question
                    title={text(`house.make_${asking}`)}
                    detail={text(`house.ask_${asking}`, { name: localized(plan.title) })}
                    confirm={text(`house.make_${asking}`)}
                    onConfirm={() => live(asking)}
                    onClose={() => setAsking(null)}
                />
            )}
        </section>
    );
}
