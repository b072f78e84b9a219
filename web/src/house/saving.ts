// Saving what stands in a form: nothing in it is lost when that fails, and what somebody else has changed meanwhile is not overwritten unseen.
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../live/problem.ts';

/** Thrown where what would be replaced is no more what the form began with. */
export class ChangedMeanwhile extends Error {}

/** What is compared; undefined for what is gone, which the server says better. */
export function assertUnchanged(before: unknown, now: unknown): void {
    if (now !== undefined && JSON.stringify(before) !== JSON.stringify(now)) {
        throw new ChangedMeanwhile();
    }
}

export interface Saving {
    busy: boolean;
    problem: Problem | null;
    changed: boolean;
    /** Whether it was saved. Never rejects. */
    run: (save: () => Promise<unknown>) => Promise<boolean>;
    /** What was said is taken back. */
    forget: () => void;
}

export function useSaving(): Saving {
    const [state, setState] = useState<Pick<Saving, 'busy' | 'problem' | 'changed'>>(IDLE);
    return {
        ...state,
        forget: () => setState(IDLE),
        run: async (save) => {
            setState({ ...IDLE, busy: true });
            try {
                await save();
                setState(IDLE);
                return true;
            } catch (thrown) {
                const changed = thrown instanceof ChangedMeanwhile;
                setState({ busy: false, problem: changed ? null : problemOf(thrown), changed });
                return false;
            }
        },
    };
}

const IDLE = { busy: false, problem: null, changed: false };
