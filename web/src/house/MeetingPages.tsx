// One meeting, as the secretariat prepares it: its pages beside each other.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { houseTitle } from '../areas/house_title.ts';
import type { Plan } from '../contract/generated.ts';
import { localized, localizedLanguage, type MessageKey, text } from '../i18n/index.ts';
import { route } from '../router/router.ts';
import { adopt } from '../styles/adopt.ts';
import { Agenda } from './Agenda.tsx';
import { readPlan } from './api.ts';
import { Badges } from './Badges.tsx';
import { Delegations } from './Delegations.tsx';
import { PlanFacts, planPath } from './Desk.tsx';
import { useLoaded } from './loaded.ts';
import styles from './MeetingPages.css?inline';
import { Overview } from './Overview.tsx';
import { Coming, Link, StateMark } from './Parts.tsx';
import { People } from './People.tsx';

adopt(styles);

export interface MeetingProps {
    plan: Plan;
    /** What the meeting has was changed: its counts are read again. */
    again: () => Promise<void>;
}

const PARTS: readonly { name: string; words: MessageKey; count?: 'people' | 'delegations' | 'items' }[] = [
    { name: '', words: 'house.overview' },
    { name: 'people', words: 'house.people', count: 'people' },
    { name: 'delegations', words: 'house.delegations', count: 'delegations' },
    { name: 'agenda', words: 'agenda.title', count: 'items' },
    { name: 'badges', words: 'house.badges' },
];

export function MeetingPages({ id }: { id: string }) {
    const { value: plan, problem, again } = useLoaded(() => readPlan(id), id);
    const title = plan === null ? '' : localized(plan.title);
    useEffect(() => {
        houseTitle.value = title;
    }, [title]);
    if (plan === null) {
        return <Coming value={plan} problem={problem} again={again} />;
    }
    return (
        <>
            <div class="plan-head">
                <p class="plan-way">
                    <Link to="/house">{text('house.meetings')}</Link>
                </p>
                <h1 lang={localizedLanguage(plan.title)}>{localized(plan.title)}</h1>
                <div class="plan-facts">
                    <StateMark
                        tone={plan.life === 'postponed' || plan.life === 'cancelled' ? 'warn' : 'plain'}
                        words={text(`house.life_${plan.life}`)}
                    />
                    <PlanFacts plan={plan} />
                </div>
            </div>
            <Tabs plan={plan} />
            <Coming value={plan} problem={problem} again={again} />
            <Part plan={plan} again={again} />
        </>
    );
}

function shownPart(): string {
    const where = route.value;
    return where.page === 'house' ? (where.parts[2] ?? '') : '';
}

function Tabs({ plan }: { plan: Plan }) {
    const shown = shownPart();
    const tabs = useRef<HTMLElement>(null);
    // On a narrow page they are longer than it: the one that is shown is seen.
    useLayoutEffect(() => {
        const here = tabs.current?.querySelector('[aria-current]');
        if (tabs.current !== null && here !== null && here !== undefined) {
            const { left, right } = tabs.current.getBoundingClientRect();
            const tab = here.getBoundingClientRect();
            tabs.current.scrollLeft += Math.min(0, tab.left - left) + Math.max(0, tab.right - right);
        }
    }, [shown]);
    return (
        <nav class="plan-tabs" aria-label={text('house.parts')} ref={tabs}>
            {PARTS.map(({ name, words, count }) => (
                <Link key={name} to={planPath(plan.id, name)} class="plan-tab" here={shown === name}>
                    <span>{text(words)}</span>
                    {count !== undefined && <bdi class="count">{plan[count] ?? 0}</bdi>}
                </Link>
            ))}
        </nav>
    );
}

function Part(props: MeetingProps) {
    switch (shownPart()) {
        case 'people':
            return <People {...props} />;
        case 'delegations':
            return <Delegations {...props} />;
        case 'agenda':
            return <Agenda {...props} />;
        case 'badges':
            return <Badges {...props} />;
        default:
            return <Overview {...props} />;
    }
}
