// Many small requests one after the other, as fast as the server takes them. It stops at the first that is refused; what was done stays done.
import { type Problem, problemOf } from '../live/problem.ts';

const TRIES_MAX = 8;
const WAIT_LEAST_S = 1;

export interface Turn {
    /** How many were done. */
    done: number;
    /** Why it stopped; null when all is done. */
    problem: Problem | null;
}

export interface TurnOutside {
    pause(ms: number): Promise<void>;
    /** After each. */
    told(done: number): void;
}

export async function inTurn<Thing>(
    things: readonly Thing[],
    act: (thing: Thing) => Promise<unknown>,
    { pause, told }: TurnOutside,
): Promise<Turn> {
    let done = 0;
    for (const thing of things) {
        for (let tries = 1; ; tries += 1) {
            try {
                await act(thing);
                break;
            } catch (thrown) {
                const problem = problemOf(thrown);
                // Nothing was done then: the server says when to come again.
                if (problem.kind !== 'too-many' || tries === TRIES_MAX) {
                    return { done, problem };
                }
                await pause(1000 * Math.max(WAIT_LEAST_S, problem.waitS));
            }
        }
        done += 1;
        told(done);
    }
    return { done, problem: null };
}

export function wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}
