// Whose page of the house it is, and what they may do there: the server says it of an account.
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { type Problem, problemOf } from '../live/problem.ts';
import { session } from '../state/store.ts';
import { type Own, readOwn } from './api.ts';

/** null while it is not known; `nobody` signed in by a link, which has no account. */
const ownValue = signal<Own | 'nobody' | null>(null);
const problemValue = signal<Problem | null>(null);

export const own: ReadonlySignal<Own | 'nobody' | null> = ownValue;
/** Why it is not known. */
export const ownProblem: ReadonlySignal<Problem | null> = problemValue;

export type Role = 'administrator' | 'secretariat';

export function has(role: Role): boolean {
    const { value } = ownValue;
    return value !== null && value !== 'nobody' && value[role] === true;
}

// Those who signed in by a link are told so; a server without accounts of its own as well.
const NO_ACCOUNT: readonly number[] = [403, 404];

let turn = 0;

export async function readOwnAgain(): Promise<void> {
    turn += 1;
    const mine = turn;
    let answer: Own | 'nobody' | null = null;
    let problem: Problem | null = null;
    try {
        answer = await readOwn();
    } catch (thrown) {
        problem = problemOf(thrown);
        if (NO_ACCOUNT.includes(problem.status)) {
            answer = 'nobody';
            problem = null;
        }
    }
    if (mine === turn) {
        ownValue.value = answer ?? ownValue.peek();
        problemValue.value = problem;
    }
}

/** While the house is shown. */
export function followOwn(): () => void {
    return effect(() => {
        const token = session.value?.token ?? '';
        untracked(() => {
            if (token !== tokenBefore) {
                ownValue.value = null;
                tokenBefore = token;
            }
            if (token !== '') {
                void readOwnAgain();
            }
        });
    });
}
let tokenBefore = '';
