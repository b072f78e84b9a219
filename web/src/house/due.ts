// What is due on a secretary's desk: which meetings come, and what they lack. Pure: the day is given.
import { type Ability, type Capacity, can, type Person, type Plan } from '../contract/generated.ts';
import { PAGE_LANGUAGES, type PageLanguage } from '../i18n/index.ts';

/** Where each is mended: the days and the place on the meeting's first page, the others on a page of their own. */
export type Lack = 'days' | 'place' | 'hall' | 'delegations' | 'people' | 'links' | 'agenda';

export type When = 'now' | 'today' | 'soon' | 'undated';

export interface Due {
    plan: Plan;
    when: When;
    lacks: readonly Lack[];
}

/** So many days ahead a meeting is on the desk. */
export const SOON_DAYS = 14;

/** The day in a zone, as plans write it. A zone that the browser does not know is UTC. */
export function dayIn(zone: string | undefined, now: number): string {
    const parts: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' };
    try {
        return new Intl.DateTimeFormat('en-CA', { ...parts, timeZone: zone ?? 'UTC' }).format(now);
    } catch {
        return new Intl.DateTimeFormat('en-CA', { ...parts, timeZone: 'UTC' }).format(now);
    }
}

/** Days from one to another: 1 from the first of a month to its second. */
export function daysBetween(from: string, to: string): number {
    return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Whether it is still to be prepared or held. */
export function isAhead({ life }: Plan): boolean {
    return life === 'planned' || life === 'open';
}

function hallOf({ form, place }: Plan): string {
    return form === 'remote' ? '' : (place ?? '').trim().toLocaleLowerCase();
}

/** Whether two meetings are in one hall on one day. */
export function collide(one: Plan, other: Plan): boolean {
    const hall = hallOf(one);
    if (one.id === other.id || hall === '' || hall !== hallOf(other) || !isAhead(one) || !isAhead(other)) {
        return false;
    }
    const { first_day: first = '', last_day: last = first } = one;
    const { first_day: begins = '', last_day: ends = begins } = other;
    return first !== '' && begins !== '' && first <= ends && begins <= last;
}

/** What a meeting lacks, in the order in which it is prepared. A meeting of no body needs no delegations. */
export function lacksOf(plan: Plan, others: readonly Plan[]): Lack[] {
    const lacks: Record<Lack, boolean> = {
        days: plan.first_day === undefined,
        place: plan.form !== 'remote' && (plan.place ?? '') === '',
        hall: others.some((other) => collide(plan, other)),
        delegations: plan.body !== undefined && plan.delegations === undefined,
        people: plan.people === undefined,
        links: plan.unlinked !== undefined,
        agenda: plan.items === undefined,
    };
    return (Object.keys(lacks) as Lack[]).filter((one) => lacks[one]);
}

function whenOf(plan: Plan, now: number): When | null {
    if (plan.sitting !== 'closed') {
        return 'now';
    }
    const { first_day: first, last_day: last = first } = plan;
    if (first === undefined || last === undefined) {
        return plan.life === 'planned' ? 'undated' : null;
    }
    const today = dayIn(plan.zone, now);
    if (last < today) {
        return null;
    }
    return first <= today ? 'today' : daysBetween(today, first) <= SOON_DAYS ? 'soon' : null;
}

const ORDER: readonly When[] = ['now', 'today', 'soon', 'undated'];

/** The meetings of these days, the nearest first, and those that have no day yet. */
export function dueOf(plans: readonly Plan[], now: number): Due[] {
    return plans
        .filter(isAhead)
        .flatMap((plan) => {
            const when = whenOf(plan, now);
            return when === null ? [] : [{ plan, when, lacks: lacksOf(plan, plans) }];
        })
        .sort(
            (one, other) =>
                ORDER.indexOf(one.when) - ORDER.indexOf(other.when) ||
                (one.plan.first_day ?? '').localeCompare(other.plan.first_day ?? ''),
        );
}

/** A booth and its team: nobody, one who cannot be relieved, or a team. */
export interface Team {
    language: PageLanguage;
    people: readonly Person[];
    state: 'none' | 'alone' | 'team';
}

export function teamsOf(people: readonly Person[]): Team[] {
    return PAGE_LANGUAGES.map((language) => {
        const team = people.filter((one) => can(one.capacity, 'has_desk') && one.language === language);
        return {
            language,
            people: team,
            state: team.length > 1 ? 'team' : team.length === 1 ? 'alone' : 'none',
        };
    });
}

/** What somebody has to do in a sitting, and who usually does. */
const NEEDED: readonly (readonly [Ability, Capacity])[] = [
    ['presides', 'chair'],
    ['acts_for_chair', 'secretary'],
    ['manages_people', 'moderator'],
    ['routes_sound', 'technician'],
];

/** Who is missing; a meeting of no body needs a chair alone. */
export function missingCapacities(plan: Plan, people: readonly Person[]): Capacity[] {
    const needed = plan.body === undefined ? NEEDED.slice(0, 1) : NEEDED;
    return needed
        .filter(([ability]) => !people.some((one) => can(one.capacity, ability)))
        .map(([, usual]) => usual);
}
