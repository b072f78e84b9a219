// The first page of the house: one's own meetings, and for the secretariat what is due, and all meetings.

import { useEffect, useState } from 'preact/hooks';
import { clockNow } from '../areas/clock.ts';
import { houseTitle } from '../areas/house_title.ts';
import { HOUSE_ZONE } from '../areas/house_zone.ts';
import { sittingWords } from '../areas/words.ts';
import type { Plan, Seat } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import {
    formatDate,
    formatTime,
    localized,
    localizedLanguage,
    type MessageKey,
    text,
} from '../i18n/index.ts';
import { openMeeting } from '../live/actions.ts';
import { listSeatsNow, seatsMissing } from '../live/seats.ts';
import { seats, seatsAsked, serverNow, session } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { latestPlans, listPlans } from './api.ts';
import styles from './Desk.css?inline';
import { daysWords, hourIn, ownZone } from './days.ts';
import { type Due, dueOf, type Lack } from './due.ts';
import { useLoaded } from './loaded.ts';
import { has, own, ownProblem, readOwnAgain } from './own.ts';
import { Coming, Link, PageHead, Pager, SearchField, StateMark, type Trail } from './Parts.tsx';
import { leaveFor } from './unsaved.ts';

adopt(styles);

export function Desk() {
    useEffect(() => {
        houseTitle.value = text('house.meetings');
    });
    useOnlyMeeting();
    return (
        <>
            <PageHead title={text('house.meetings')}>
                {has('secretariat') && (
                    <Link to="/house/new" class="button button-filled">
                        <Icon name="plus" />
                        <span>{text('house.new_meeting')}</span>
                    </Link>
                )}
            </PageHead>
            <Clocks />
            <OwnMeetings />
            <Coming value={own.value ?? ''} problem={ownProblem.value} again={readOwnAgain} />
            {has('secretariat') && <Everything />}
        </>
    );
}

// Who has one meeting and no work in the house is taken there, once: who comes back wants to be here.
let takenBy = '';

function useOnlyMeeting(): void {
    const list = seats.value;
    const only = list.length === 1 ? (list[0]?.meeting ?? '') : '';
    const idle = own.value !== null && !has('secretariat') && !has('administrator');
    const token = session.value?.token ?? '';
    useEffect(() => {
        if (only !== '' && idle && takenBy !== token) {
            takenBy = token;
            openMeeting(only);
        }
    }, [only, idle, token]);
}

function Clocks() {
    const now = clockNow();
    return (
        <p class="desk-clocks">
            <span>{formatDate(now)}</span>
            <span>
                {text('entrance.own_time')} <bdi dir="ltr">{formatTime(now)}</bdi>
            </span>
            {ownZone() !== HOUSE_ZONE && (
                <span>
                    {text('entrance.house_time')} <bdi dir="ltr">{formatTime(now, HOUSE_ZONE)}</bdi>
                </span>
            )}
        </p>
    );
}

function OwnMeetings() {
    const list = seats.value;
    return (
        <section class="card" aria-labelledby="own-meetings" data-testid="own-meetings">
            <h2 id="own-meetings">{text('meetings.title')}</h2>
            {list === seatsMissing ? (
                <>
                    <p role="alert">{text('meetings.missing')}</p>
                    <p>{text('house.asks_again')}</p>
                    <p>
                        <button type="button" class="button button-filled" onClick={listSeatsNow}>
                            {text('coming.again')}
                        </button>
                    </p>
                </>
            ) : (
                <>
                    {list.length === 0 && (
                        <p class="muted">{text(list === seatsAsked ? 'waiting.lead' : 'meetings.none')}</p>
                    )}
                    <ul class="desk-own">
                        {list.map((seat) => (
                            <li key={seat.meeting}>
                                <OwnMeeting seat={seat} />
                            </li>
                        ))}
                    </ul>
                </>
            )}
        </section>
    );
}

function OwnMeeting({ seat }: { seat: Seat }) {
    return (
        <button
            type="button"
            class="button desk-own-line"
            onClick={() => leaveFor(() => openMeeting(seat.meeting))}
        >
            <bdi class="desk-own-title" lang={localizedLanguage(seat.title)}>
                {localized(seat.title)}
            </bdi>
            <span class="small muted">{text(`capacity.${seat.capacity}`)}</span>
            <span class="small muted">{text(sittingWords(seat.sitting))}</span>
        </button>
    );
}

function Everything() {
    const latest = useLoaded(latestPlans, 'latest');
    const [q, setQ] = useState('');
    const [trail, setTrail] = useState<Trail>([]);
    const after = trail.at(-1) ?? '';
    const found = useLoaded(() => listPlans(q, after), `${q}/${after}`);
    const due = dueOf(latest.value ?? [], serverNow());
    return (
        <>
            <section class="card" aria-labelledby="due">
                <h2 id="due">{text('house.due')}</h2>
                <Coming {...latest} />
                {latest.value !== null && due.length === 0 && <p class="muted">{text('house.due_none')}</p>}
                <ul class="desk-due">
                    {due.map((one) => (
                        <DueLine key={one.plan.id} due={one} />
                    ))}
                </ul>
            </section>
            <section class="card" aria-labelledby="all-meetings">
                <div class="section-head">
                    <h2 id="all-meetings">{text('house.all_meetings')}</h2>
                    <SearchField
                        label={text('house.search_meetings')}
                        onSearch={(words) => {
                            setTrail([]);
                            setQ(words);
                        }}
                    />
                </div>
                <Coming {...found} />
                {found.value?.plans.length === 0 && (
                    <p class="muted" role="status">
                        {text(q === '' ? 'house.no_meetings' : 'house.none_found')}
                    </p>
                )}
                <ul class="desk-plans">
                    {found.value?.plans.map((plan) => (
                        <li key={plan.id}>
                            <PlanLine plan={plan} />
                        </li>
                    ))}
                </ul>
                <Pager trail={trail} next={found.value?.next} onGo={setTrail} />
            </section>
        </>
    );
}

export function planPath(id: string, part = ''): string {
    return `/house/m/${encodeURIComponent(id)}${part === '' ? '' : `/${part}`}`;
}

const MENDED: Readonly<Record<Lack, string>> = {
    days: '',
    place: '',
    hall: '',
    delegations: 'delegations',
    people: 'people',
    links: 'people',
    agenda: 'agenda',
};

const LACK_WORDS: Readonly<Record<Lack, MessageKey>> = {
    days: 'house.lack_days',
    place: 'house.lack_place',
    hall: 'house.lack_hall',
    delegations: 'house.lack_delegations',
    people: 'house.lack_people',
    links: 'house.lack_links',
    agenda: 'house.lack_agenda',
};

function DueLine({ due: { plan, when, lacks } }: { due: Due }) {
    return (
        <li class="desk-due-line">
            <div class="desk-due-what">
                <span class={`desk-when desk-when-${when}`}>{text(`house.when_${when}`)}</span>
                <Link to={planPath(plan.id)} class="desk-plan-title">
                    <bdi lang={localizedLanguage(plan.title)}>{localized(plan.title)}</bdi>
                </Link>
                <PlanFacts plan={plan} />
            </div>
            <Lacks plan={plan} lacks={lacks} />
        </li>
    );
}

/** What is missing, each as a key that leads to where it is mended. */
export function Lacks({ plan, lacks }: { plan: Plan; lacks: readonly Lack[] }) {
    if (lacks.length === 0) {
        return <StateMark tone="good" words={text('house.nothing_lacks')} />;
    }
    return (
        <ul class="desk-lacks">
            {lacks.map((lack) => (
                <li key={lack}>
                    <Link to={planPath(plan.id, MENDED[lack])} class="button button-small desk-lack">
                        <Icon name="warning" size={16} />
                        <span>{text(LACK_WORDS[lack], { count: plan.unlinked ?? 0 })}</span>
                    </Link>
                </li>
            ))}
        </ul>
    );
}

/** Days, and the hour there where it is another than here; form and place. */
export function PlanFacts({ plan }: { plan: Plan }) {
    const zone = plan.zone ?? 'UTC';
    const now = clockNow();
    const there = hourIn(zone, now);
    return (
        <span class="desk-facts">
            <span>{daysWords(plan) || text('house.no_days')}</span>
            {there !== '' && there !== formatTime(now) && (
                <span>
                    {text('house.there', { zone: zone.replaceAll('_', ' ') })} <bdi dir="ltr">{there}</bdi>
                </span>
            )}
            <span>{text(`house.form_${plan.form}`)}</span>
            {plan.place !== undefined && plan.place !== '' && <bdi>{plan.place}</bdi>}
        </span>
    );
}

function PlanLine({ plan }: { plan: Plan }) {
    const usual = plan.life === 'planned' || plan.life === 'open';
    return (
        <Link to={planPath(plan.id)} class="desk-plan">
            <bdi class="desk-plan-title" lang={localizedLanguage(plan.title)}>
                {localized(plan.title)}
            </bdi>
            <PlanFacts plan={plan} />
            <span class="desk-counts">
                <span>{text('house.count_people', { count: plan.people ?? 0 })}</span>
                {plan.delegations !== undefined && (
                    <span>{text('house.count_delegations', { count: plan.delegations })}</span>
                )}
                <span>{text('house.count_items', { count: plan.items ?? 0 })}</span>
            </span>
            <StateMark tone={usual ? 'plain' : 'warn'} words={text(`house.life_${plan.life}`)} />
        </Link>
    );
}
