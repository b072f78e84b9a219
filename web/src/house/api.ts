// What the house asks of the server: everything here is REST, and can be refused with a `Problem`.
import type {
    AgendaItem,
    Bodies,
    Body,
    BodyWish,
    Delegation,
    ImportReport,
    ItemPlace,
    ItemWish,
    Letters,
    LetterWish,
    LinkWish,
    NewLinks,
    People,
    Person,
    PersonWish,
    Plan,
    PlanAgenda,
    PlanCopy,
    PlanDelegations,
    Plans,
    PlanWish,
} from '../contract/generated.ts';
import { Problem } from '../live/problem.ts';
import { problemFrom, request } from '../live/request.ts';
import { session } from '../state/store.ts';

const V1 = '/api/v1';

const TRIES_MAX = 5;

// Many changes one after the other: the server says when it takes the next.
async function requestPatiently(method: string, path: string, body?: object): Promise<Response> {
    for (let tries = 1; ; tries++) {
        const response = await request(method, V1 + path, session.peek()?.token ?? '', body);
        if (response.status !== 429 || tries === TRIES_MAX) {
            return response;
        }
        const wait = Math.max(1, Number(response.headers.get('Retry-After') ?? 1));
        await new Promise((resolve) => setTimeout(resolve, 1000 * wait));
    }
}

export async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await requestPatiently(method, path, body);
    if (!response.ok) {
        throw await problemFrom(response);
    }
    try {
        return (response.status === 204 ? undefined : await response.json()) as Answer;
    } catch {
        throw Problem.local('unreachable');
    }
}

/** `/meetings/ID/people` of its parts, each as an address has it. */
export function path(...parts: readonly string[]): string {
    return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
}

export function query(values: Readonly<Record<string, string>>): string {
    const given = Object.entries(values).filter(([, value]) => value !== '');
    return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** One's own account, as far as the house asks for it. */
export interface Own {
    account: string;
    name: string;
    administrator?: boolean;
    secretariat?: boolean;
}

export const readOwn = () => ask<Own>('GET', '/account');

export const listBodies = () => ask<Bodies>('GET', '/bodies');
export const addBody = (wish: BodyWish) => ask<Body>('POST', '/bodies', wish);
export const changeBody = (id: string, wish: BodyWish) => ask<Body>('PUT', path('bodies', id), wish);
export const removeBody = (id: string) => ask<void>('DELETE', path('bodies', id));

export const listPlans = (q = '', after = '') => ask<Plans>('GET', `/meetings${query({ q, after })}`);
export const addPlan = (wish: PlanWish) => ask<Plan>('POST', '/meetings', wish);
export const readPlan = (id: string) => ask<Plan>('GET', path('meetings', id, 'plan'));
export const changePlan = (id: string, wish: PlanWish) =>
    ask<Plan>('PUT', path('meetings', id, 'plan'), wish);
export const copyPlan = (id: string, wish: PlanCopy) => ask<Plan>('POST', path('meetings', id, 'copy'), wish);

export const listDelegations = (id: string) =>
    ask<PlanDelegations>('GET', path('meetings', id, 'delegations'));
export const addDelegation = (id: string, wish: Delegation) =>
    ask<Delegation>('POST', path('meetings', id, 'delegations'), wish);
export const changeDelegation = (id: string, wish: Delegation) =>
    ask<Delegation>('PUT', path('meetings', id, 'delegations', wish.id), wish);
export const removeDelegation = (id: string, delegation: string) =>
    ask<void>('DELETE', path('meetings', id, 'delegations', delegation));

export const listPeople = (id: string, q = '', after = '') =>
    ask<People>('GET', path('meetings', id, 'people') + query({ q, after }));
export const addPerson = (id: string, wish: PersonWish) =>
    ask<Person>('POST', path('meetings', id, 'people'), wish);
export const changePerson = (id: string, person: string, wish: PersonWish) =>
    ask<Person>('PUT', path('meetings', id, 'people', person), wish);
export const removePerson = (id: string, person: string) =>
    ask<void>('DELETE', path('meetings', id, 'people', person));
export const makeLink = (id: string, person: string, wish: LinkWish = {}) =>
    ask<Person>('POST', path('meetings', id, 'people', person, 'link'), wish);
export const revokeLink = (id: string, person: string) =>
    ask<void>('DELETE', path('meetings', id, 'people', person, 'link'));

/** A link for everybody who has none. */
export const makeLinks = (id: string) => ask<NewLinks>('POST', path('meetings', id, 'links'), {});

/** What a meeting has as a table for spreadsheets. */
export type Table = 'people' | 'delegations' | 'agenda';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A file is a table, CSV or XLSX; `dry`: nothing is added. */
export function sendTable(id: string, table: Table, file: File, dry: boolean): Promise<ImportReport> {
    const type = /\.xlsx$/i.test(file.name) ? XLSX : 'text/csv';
    const to = path('meetings', id, 'tables', table) + (dry ? '?dry=1' : '');
    return ask<ImportReport>('POST', to, new Blob([file], { type }));
}

export async function readTable(
    id: string,
    table: Table,
    form: 'csv' | 'xlsx',
    language: string,
): Promise<Blob> {
    const from = V1 + path('meetings', id, 'tables', table) + query({ form, language });
    const response = await request('GET', from, session.peek()?.token ?? '');
    if (!response.ok) {
        throw await problemFrom(response);
    }
    return response.blob();
}

export const sendLetters = (id: string, wish: LetterWish) =>
    ask<Letters>('POST', path('meetings', id, 'letters'), wish);

export const listAgenda = (id: string) => ask<PlanAgenda>('GET', path('meetings', id, 'agenda'));
export const addItem = (id: string, wish: ItemWish) =>
    ask<AgendaItem>('POST', path('meetings', id, 'agenda'), wish);
export const changeItem = (id: string, item: string, wish: ItemWish) =>
    ask<AgendaItem>('PUT', path('meetings', id, 'agenda', item), wish);
export const moveItem = (id: string, item: string, wish: ItemPlace) =>
    ask<void>('POST', path('meetings', id, 'agenda', item, 'place'), wish);
export const removeItem = (id: string, item: string) =>
    ask<void>('DELETE', path('meetings', id, 'agenda', item));

// A meeting has at most so many people; more pages than that are no answer.
const PEOPLE_PAGES_MAX = 64;

/** All who take part, page after page. */
export async function everybody(id: string): Promise<Person[]> {
    const all: Person[] = [];
    let after = '';
    for (let pages = 0; pages < PEOPLE_PAGES_MAX; pages += 1) {
        const { people, next } = await listPeople(id, '', after);
        all.push(...people);
        if (next === undefined) {
            return all;
        }
        after = next;
    }
    throw Problem.local('unreachable');
}

// The desk looks at so many meetings, the latest; who looks for an older one searches.
const PLANS_PAGES_MAX = 4;

/** The meetings of the house that come next, or were last. */
export async function latestPlans(): Promise<Plan[]> {
    const all: Plan[] = [];
    let after = '';
    for (let pages = 0; pages < PLANS_PAGES_MAX; pages += 1) {
        const { plans, next } = await listPlans('', after);
        all.push(...plans);
        if (next === undefined) {
            break;
        }
        after = next;
    }
    return all;
}
